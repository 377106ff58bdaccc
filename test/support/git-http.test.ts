// The fake's git over HTTP, by the real git: clone, partial clone, push, and what GitHub refuses.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { startFakeGitHub, type FakeGitHub, type GitFixture } from "./fake-github.ts";

const app = { owner: "acme", repo: "app" };
const workflow = ".github/workflows/ci.yml";
const withWorkflows = { contents: "write", metadata: "read", workflows: "write" } as const;
let github: FakeGitHub;
let git: GitFixture;
let dir: string;

beforeEach(async () => {
  github = await startFakeGitHub();
  const files = { "a.txt": "1\n", "dir/b.txt": "b\n", [workflow]: "on: push\n" };
  git = github.git(await github.addRepository({ owner: "acme", name: "app", files }));
  await git.commit("feature", { "a.txt": "2\n" });
  dir = await mkdtemp(join(tmpdir(), "fake-github-clone-"));
});

afterEach(async () => {
  const { violations } = github;
  await github.close();
  await rm(dir, { recursive: true, force: true });
  expect(violations).toEqual([]);
});

/** The real git, with the token in its environment only. */
async function run(
  token: string | null,
  ...args: string[]
): Promise<{ ok: boolean; stdout: string; stderr: string }> {
  const header = `Authorization: Basic ${Buffer.from(`x-access-token:${token ?? ""}`).toString("base64")}`;
  const auth =
    token === null
      ? {}
      : {
          GIT_CONFIG_COUNT: "1",
          GIT_CONFIG_KEY_0: `http.${github.url}/.extraHeader`,
          GIT_CONFIG_VALUE_0: header,
        };
  const identity = {
    GIT_AUTHOR_NAME: "b",
    GIT_AUTHOR_EMAIL: "b@x",
    GIT_COMMITTER_NAME: "b",
    GIT_COMMITTER_EMAIL: "b@x",
  };
  const env = {
    PATH: process.env["PATH"],
    HOME: dir,
    LC_ALL: "C",
    GIT_TERMINAL_PROMPT: "0",
    GIT_CONFIG_NOSYSTEM: "1",
    ...identity,
    ...auth,
  };
  const result = promisify(execFile)("git", args, { cwd: dir, env });
  return result.then(
    ({ stdout, stderr }) => ({ ok: true, stdout, stderr }),
    (error: unknown) => ({ ok: false, stdout: "", stderr: (error as { stderr: string }).stderr }),
  );
}

async function clone(token: string): Promise<void> {
  expect(
    await run(token, "clone", "--quiet", "--branch", "feature", github.gitUrl("acme", "app"), "work"),
  ).toMatchObject({ ok: true });
}

async function commitFile(path: string, content: string): Promise<string> {
  await writeFile(join(dir, "work", path), content);
  await run(null, "-C", "work", "add", "--all");
  await run(null, "-C", "work", "commit", "--quiet", "--message", "change");
  return (await run(null, "-C", "work", "rev-parse", "HEAD")).stdout.trim();
}

it("clones and pushes, and pull requests follow", async () => {
  const pull = await github.openPull({ ...app, head: "feature" });
  const token = github.token("acme");
  await clone(token);
  const sha = await commitFile("a.txt", "pushed\n".repeat(200_000));
  expect(await run(token, "-C", "work", "push", "--quiet", "origin", "feature")).toMatchObject({
    ok: true,
  });
  expect([await git.head("feature"), github.pull(pull).headSha]).toEqual([sha, sha]);
  expect(await git.run("rev-parse", `refs/pull/${String(pull.number)}/head`)).toBe(sha);
});

it("clones without blobs, and fetches single objects by sha", async () => {
  const token = github.token("acme");
  const url = github.gitUrl("acme", "app");
  expect(await run(token, "clone", "--quiet", "--bare", "--filter=blob:none", url, "mirror")).toMatchObject({
    ok: true,
  });
  const missing = await run(null, "-C", "mirror", "rev-list", "--objects", "--all", "--missing=print");
  expect(missing.stdout.match(/^\?/gm)?.length).toBeGreaterThan(3);
  const blob = await git.run("rev-parse", "feature:a.txt");
  expect(await run(token, "-C", "mirror", "fetch", "--quiet", "--filter=blob:none", url, blob)).toMatchObject(
    { ok: true },
  );
  expect((await run(null, "-C", "mirror", "cat-file", "blob", blob)).stdout).toBe("2\n");
});

it("gives the base repository the head of a fork", async () => {
  const fork = await github.addFork(app, { owner: "bob" });
  const sha = await github.git(fork).commit("patch", { "f.txt": "from the fork" });
  const pull = await github.openPull({ ...app, head: "patch", fork, author: "bob" });
  const token = github.token("acme");
  await clone(token);
  expect(await run(token, "-C", "work", "fetch", "--quiet", "origin", sha)).toMatchObject({ ok: true });
  const later = await github.git(fork).commit("patch", { "f.txt": "again" });
  expect(github.pull(pull).headSha).toBe(later);
  expect(await run(token, "-C", "work", "fetch", "--quiet", "origin", later)).toMatchObject({ ok: true });
  const refused = await run(
    token,
    "-C",
    "work",
    "push",
    github.gitUrl("bob", "app"),
    "HEAD:refs/heads/patch",
  );
  expect([refused.ok, refused.stderr]).toEqual([false, expect.stringContaining("not found")]);
});

it("wants a good token, write permission for a push, and an explicit lease that holds", async () => {
  const token = github.token("acme");
  await clone(token);
  await commitFile("a.txt", "x");
  const push = (with_: string | null, ...more: string[]) =>
    run(with_, "-C", "work", "push", ...more, "origin", "feature");
  const readOnly = github.token("acme", { permissions: { contents: "read" } });
  expect((await push(readOnly)).stderr).toContain("403");
  expect((await push(null)).stderr).toContain("could not read Username");
  expect((await push("ghs_wrong")).stderr).toMatch(/Authentication failed|could not read Username/);
  expect((await push(token, `--force-with-lease=feature:${"1".repeat(40)}`)).stderr).toContain("stale info");
  await git.commit("feature", { "b.txt": "somebody was faster" });
  expect((await push(token)).stderr).toContain("rejected");
});

it("rejects what GitHub rejects, in its words", async () => {
  const token = github.token("acme");
  await clone(token);
  await commitFile(workflow, "on: pull_request\n");
  const refused = await run(token, "-C", "work", "push", "origin", "feature");
  const reason = `refusing to allow a GitHub App to create or update workflow \`${workflow}\` without \`workflows\` permission`;
  expect(refused.stderr).toContain(`[remote rejected] feature -> feature (${reason})`);
  github.protect(app, "feature", "Cannot update this protected ref.");
  const allowed = github.token("acme", { permissions: withWorkflows });
  const ruled = await run(allowed, "-C", "work", "push", "origin", "feature", "HEAD:refs/heads/free");
  expect(ruled.stderr).toContain("remote: - Cannot update this protected ref.");
  expect(ruled.stderr).toContain("feature -> feature (push declined due to repository rule violations)");
  expect(await git.head("free")).not.toBeNull();
  const hidden = await run(allowed, "-C", "work", "push", "origin", "HEAD:refs/pull/9/head");
  expect(hidden.stderr).toContain("deny updating a hidden ref");
});

it("lets anybody read a public repository", async () => {
  await github.addRepository({ owner: "open", name: "all", private: false, files: { "a.txt": "1" } });
  expect(await run(null, "clone", "--quiet", github.gitUrl("open", "all"), "public")).toMatchObject({
    ok: true,
  });
});
it("loses the answer of a push that took place, on demand", async () => {
  const token = github.token("acme");
  await clone(token);
  const sha = await commitFile("a.txt", "x");
  const fault = github.fault({ method: "POST", path: "*/git-receive-pack", status: 502, afterEffect: true });
  expect(await run(token, "-C", "work", "push", "origin", "feature")).toMatchObject({ ok: false });
  expect([fault.hits(), await git.head("feature")]).toEqual([1, sha]);
});
