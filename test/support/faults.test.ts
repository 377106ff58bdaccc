// Faults on demand, and hooks that act at a request.
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import type { Octokit } from "@octokit/rest";
import type { PullRef } from "../../src/core/pull.ts";
import { appClient, refusal } from "./client.ts";
import { startFakeGitHub, type FakeGitHub } from "./fake-github.ts";

const app = { owner: "acme", repo: "app" };
let github: FakeGitHub;
let client: Octokit;
let pull: PullRef;

beforeEach(async () => {
  github = await startFakeGitHub();
  await github.addRepository({ owner: "acme", name: "app", files: { "a.txt": "1\n" } });
  await github.git(app).commit("feature", { "a.txt": "2\n" });
  pull = await github.openPull({ ...app, head: "feature" });
  client = appClient(github, "acme");
});

afterEach(() => github.close());

const write = () => client.rest.issues.createComment({ ...app, issue_number: pull.number, body: "hello" });

it("refuse a request a number of times, after some have passed", async () => {
  const fault = github.fault({ method: "POST", path: "/repos/*/comments", status: 503, times: 2, skip: 1 });
  expect((await write()).status).toBe(201);
  expect([(await refusal(write())).status, (await refusal(write())).status]).toEqual([503, 503]);
  expect((await write()).status).toBe(201);
  expect([fault.hits(), github.comments(pull).length]).toEqual([2, 2]);
});

it("lose an answer whose effect took place", async () => {
  github.fault({ method: "POST", path: /\/comments$/, status: 502, afterEffect: true });
  expect((await refusal(write())).status).toBe(502);
  expect(github.comments(pull).map((comment) => comment.body)).toEqual(["hello"]);
});

it("slow a client down as GitHub does", async () => {
  github.fault({ path: "*/comments", kind: "secondary-rate-limit", retryAfter: 7 });
  const limited = write().then(
    () => null,
    (error: unknown) => (error as { response: { status: number; headers: Record<string, string> } }).response,
  );
  expect(await limited).toMatchObject({ status: 403, headers: { "retry-after": "7" } });
  github.fault({ path: "*/comments", kind: "secondary-rate-limit", status: 429 });
  expect(await refusal(write())).toEqual({
    status: 429,
    message: expect.stringContaining("secondary rate limit"),
  });
});

it("cut and hang connections, and closing the fake ends what hangs", async () => {
  github.fault({ path: "*/comments", kind: "reset" });
  await expect(write()).rejects.toThrow();
  const hung = github.fault({ path: "*/comments", kind: "hang" });
  const answer = expect(write()).rejects.toThrow();
  while (hung.hits() === 0) await new Promise((resolve) => setImmediate(resolve));
  await github.close();
  await answer;
});

it("can be taken back, and reach git over HTTP", async () => {
  const fault = github.fault({ path: "/acme/app.git/info/refs", status: 500, times: 9 });
  const url = `${github.gitUrl("acme", "app")}/info/refs?service=git-upload-pack`;
  const headers = { authorization: `Basic ${Buffer.from(`x:${github.token("acme")}`).toString("base64")}` };
  expect((await fetch(url, { headers })).status).toBe(500);
  fault.cancel();
  expect((await fetch(url, { headers })).status).toBe(200);
});

it("hooks act before a request takes effect and before it is answered", async () => {
  const seen: [string, number][] = [];
  const remove = github.onRequest(async (request) => {
    if (request.path.endsWith("/comments")) seen.push(["before", github.comments(pull).length]);
    if (request.method === "PATCH") await github.git(app).commit("feature", { "a.txt": "moved\n" });
  });
  github.onRequest((request) => {
    if (request.path.endsWith("/comments")) seen.push(["after", github.comments(pull).length]);
  }, "after");
  await write();
  expect(seen).toEqual([
    ["before", 0],
    ["after", 1],
  ]);
  const tree = await github.git(app).run("rev-parse", "feature^{tree}");
  const { data } = await client.rest.git.createCommit({
    ...app,
    message: "m",
    tree,
    parents: [await github.git(app).sha("feature")],
  });
  const late = client.rest.git.updateRef({ ...app, ref: "heads/feature", sha: data.sha });
  expect((await refusal(late)).message).toBe("Update is not a fast forward");
  remove();
  await write();
  expect(seen.map(([phase]) => phase)).toEqual(["before", "after", "after"]);
});
