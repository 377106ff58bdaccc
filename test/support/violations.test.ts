// The fake fails loudly: what GitHub would not have taken is refused and written down.
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { refusal, tokenClient } from "./client.ts";
import { startFakeGitHub, type FakeGitHub } from "./fake-github.ts";

const app = { owner: "acme", repo: "app" };
let github: FakeGitHub;

beforeEach(async () => {
  github = await startFakeGitHub();
  await github.addRepository({ owner: "acme", name: "app", files: { "a.txt": "1\n" } });
});

afterEach(() => github.close());

const blobs = "POST /repos/{owner}/{repo}/git/blobs";
const checks = "POST /repos/{owner}/{repo}/check-runs";
const pulls = "GET /repos/{owner}/{repo}/pulls";
const output = { title: "t", summary: "s", sumary: "s" };

it.each([
  {
    what: "an unknown field",
    route: blobs,
    sent: { content: "x", colour: "red" },
    message: /unevaluated.*colour/,
  },
  {
    what: "an unknown nested field",
    route: checks,
    sent: { name: "x", head_sha: "0", output },
    message: /sumary/,
  },
  { what: "a missing field", route: blobs, sent: { encoding: "utf-8" }, message: /required.*content/ },
  { what: "a field of another type", route: blobs, sent: { content: 7 }, message: /must be string/ },
  { what: "an unknown query parameter", route: pulls, sent: { colour: "red" }, message: /colour is unknown/ },
  {
    what: "a value outside a list",
    route: pulls,
    sent: { state: "merged" },
    message: /state.*allowed values/,
  },
  {
    what: "a number that is none",
    route: `${pulls}/{number}`,
    sent: { number: "one" },
    message: /must be integer/,
  },
])("$what", async ({ route, sent, message }) => {
  const client = tokenClient(github, github.token("acme"));
  expect((await refusal(client.request(route, { ...app, ...sent }))).status).toBe(422);
  expect(github.violations).toMatchObject([{ kind: "request", message: expect.stringMatching(message) }]);
});

it("an unknown route", async () => {
  expect((await refusal(tokenClient(github, "").request("GET /zen"))).status).toBe(501);
  expect(github.violations).toMatchObject([{ kind: "unknown-route", method: "GET", path: "/zen" }]);
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
