// The fake fails loudly: what GitHub would not have taken is refused and written down.
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { tokenClient } from "./client.ts";
import { refusal } from "./client.ts";
import { startFakeGitHub, type FakeGitHub } from "./fake-github.ts";

const app = { owner: "acme", repo: "app" };
let github: FakeGitHub;

beforeEach(async () => {
  github = await startFakeGitHub();
  await github.addRepository({ owner: "acme", name: "app", files: { "a.txt": "1\n" } });
});

afterEach(() => github.close());

it.each([
  ["an unknown route", 501, "GET /zen", {}, /no such route/],
  [
    "an unknown field",
    422,
    "POST /repos/{owner}/{repo}/git/blobs",
    { content: "x", colour: "red" },
    /unevaluated.*colour/,
  ],
  [
    "an unknown nested field",
    422,
    "POST /repos/{owner}/{repo}/check-runs",
    { name: "x", head_sha: "0", output: { title: "t", summary: "s", sumary: "s" } },
    /sumary/,
  ],
  [
    "a missing field",
    422,
    "POST /repos/{owner}/{repo}/git/blobs",
    { encoding: "utf-8" },
    /required.*content/,
  ],
  ["a field of another type", 422, "POST /repos/{owner}/{repo}/git/blobs", { content: 7 }, /must be string/],
  [
    "an unknown query parameter",
    422,
    "GET /repos/{owner}/{repo}/pulls",
    { colour: "red" },
    /query parameter colour is unknown/,
  ],
  [
    "a value outside a list",
    422,
    "GET /repos/{owner}/{repo}/pulls",
    { state: "merged" },
    /state.*allowed values/,
  ],
  [
    "a number that is none",
    422,
    "GET /repos/{owner}/{repo}/pulls/{pull_number}",
    { pull_number: "one" },
    /must be integer/,
  ],
])("%s", async (_what, status, route, parameters, message) => {
  const client = tokenClient(github, github.token("acme"));
  expect((await refusal(client.request(route, { ...app, ...parameters }))).status).toBe(status);
  expect(github.violations.map((violation) => violation.message)).toEqual([expect.stringMatching(message)]);
});

it("counts a branch protection, a limit and a missing object as GitHub's refusals, not as violations", async () => {
  const client = tokenClient(github, github.token("acme"));
  await refusal(
    client.rest.git.createTree({
      ...app,
      tree: [{ path: "x", mode: "100644", type: "blob", sha: "1".repeat(40) }],
    }),
  );
  await refusal(client.rest.pulls.get({ ...app, pull_number: 9 }));
  expect(github.violations).toEqual([]);
  expect(
    github.requests.map(({ method, path, status, credential }) => ({ method, path, status, credential })),
  ).toEqual([
    { method: "POST", path: "/repos/acme/app/git/trees", status: 422, credential: "token" },
    { method: "GET", path: "/repos/acme/app/pulls/9", status: 404, credential: "token" },
  ]);
});

it("keeps no token in its log", async () => {
  const token = github.token("acme");
  await tokenClient(github, token).rest.repos.get(app);
  expect(JSON.stringify(github.requests)).not.toContain(token);
});
