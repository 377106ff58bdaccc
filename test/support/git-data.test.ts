// The fake's Git Data API and its fixtures: git's own objects, by the real client.
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Octokit } from "@octokit/rest";
import { appClient, refusal, tokenClient } from "./client.ts";
import { startFakeGitHub, type FakeGitHub, type GitFixture } from "./fake-github.ts";

const app = { owner: "acme", repo: "app" };
const workflow = ".github/workflows/ci.yml";
const withWorkflows = {
  contents: "write",
  pull_requests: "write",
  metadata: "read",
  workflows: "write",
} as const;
let github: FakeGitHub;
let git: GitFixture;
let client: Octokit;

beforeEach(async () => {
  github = await startFakeGitHub();
  const files = {
    "a.txt": "1\n",
    "dir/b.txt": "b\n",
    "run.sh": { content: "#!/bin/sh\n", executable: true },
    [workflow]: "on: push\n",
  };
  git = github.git(await github.addRepository({ owner: "acme", name: "app", files }));
  await git.commit("feature", { "a.txt": "2\n" });
  client = appClient(github, "acme");
});

afterEach(async () => {
  const { violations } = github;
  await github.close();
  expect(violations).toEqual([]);
});

async function treeOf(name: string): Promise<string> {
  return git.run("rev-parse", `${name}^{tree}`);
}

/** A commit by the API that changes one file of a branch. */
async function apiCommit(branch: string, path: string, content: string): Promise<string> {
  const [base_tree, parent] = [await treeOf(branch), await git.sha(branch)];
  const { data: tree } = await client.rest.git.createTree({
    ...app,
    base_tree,
    tree: [{ path, mode: "100644", type: "blob", content }],
  });
  const { data } = await client.rest.git.createCommit({
    ...app,
    message: "m",
    tree: tree.sha,
    parents: [parent],
  });
  return data.sha;
}

describe("fixtures", () => {
  it("write any path, mode and content, and the same shas every time", async () => {
    const odd = {
      'q"uo\\te\n.txt': "x",
      link: { symlink: "a.txt" },
      sub: { submodule: "1".repeat(40) },
      "raw.bin": Buffer.from([0, 255, 13, 10]),
    };
    const sha = await git.commit("odd", { ...odd, "dir/b.txt": null });
    expect(await git.paths("odd")).toEqual([
      workflow,
      "a.txt",
      "link",
      'q"uo\\te\n.txt',
      "raw.bin",
      "run.sh",
      "sub",
    ]);
    expect(await git.readBytes(sha, "raw.bin")).toEqual(Buffer.from([0, 255, 13, 10]));
    expect(await git.run("ls-tree", "odd", "link", "run.sh", "sub")).toMatch(
      /^120000 blob .*link\n100755 blob .*run.sh\n160000 commit 1{40}\tsub$/,
    );
    const other = await startFakeGitHub();
    const again = await other.addRepository({ owner: "x", name: "y", files: { "a.txt": "1" } });
    const first = await other.git(again).sha("main");
    const twin = await other.addRepository({ owner: "x", name: "z", files: { "a.txt": "1" } });
    expect(await other.git(twin).sha("main")).toBe(first);
    await other.close();
  });

  it("make merges and unrelated histories", async () => {
    const merge = await git.commit("feature", { "a.txt": "3\n" }, "merge", { parents: ["feature", "main"] });
    expect((await git.log("feature", 1))[0]?.parents).toHaveLength(2);
    expect(merge).toBe(await git.head("feature"));
    await git.commit("island", { "x.txt": "x" }, "alone", { parents: [] });
    await expect(git.run("merge-base", "island", "main")).rejects.toThrow();
    expect(await git.paths("island")).toEqual(["x.txt"]);
  });
});

describe("the Git Data API", () => {
  it("makes the very trees that git makes", async () => {
    await git.commit(
      "expected",
      { "a.txt": "é\n", "new/deep.txt": "n", "run.sh": null, link: { symlink: "a.txt" } },
      "m",
      { parents: ["main"] },
    );
    const content = Buffer.from("é\n").toString("base64");
    const { data: blob } = await client.rest.git.createBlob({ ...app, content, encoding: "base64" });
    const { data: link } = await client.rest.git.createBlob({ ...app, content: "a.txt" });
    const { data } = await client.rest.git.createTree({
      ...app,
      base_tree: await treeOf("main"),
      tree: [
        { path: "a.txt", mode: "100644", type: "blob", sha: blob.sha },
        { path: "new/deep.txt", mode: "100644", type: "blob", content: "n" },
        { path: "run.sh", mode: "100755", type: "blob", sha: null },
        { path: "link", mode: "120000", type: "blob", sha: link.sha },
      ],
    });
    expect(data.sha).toBe(await treeOf("expected"));
    const { data: listed } = await client.rest.git.getTree({ ...app, tree_sha: data.sha, recursive: "1" });
    expect(listed.tree.filter((entry) => entry.type === "blob").map((entry) => entry.path)).toEqual(
      await git.paths("expected"),
    );
    const { data: read } = await client.rest.git.getBlob({ ...app, file_sha: blob.sha });
    expect(Buffer.from(read.content, "base64").toString()).toBe("é\n");
  });

  it("replaces whole directories, and files by directories", async () => {
    const sub = await git.run("rev-parse", "main:dir");
    const entry = { path: "copy/of", mode: "040000" as const, type: "tree" as const, sha: sub };
    const base_tree = await treeOf("main");
    const { data } = await client.rest.git.createTree({
      ...app,
      base_tree,
      tree: [entry, { path: "a.txt/in", mode: "100644", type: "blob", content: "x" }],
    });
    expect(await git.run("ls-tree", "-r", "--name-only", data.sha)).toContain(
      "a.txt/in\ncopy/of/b.txt\ndir/b.txt",
    );
  });

  it.each([
    [
      "a blob it does not know",
      { path: "x", mode: "100644" as const, type: "blob" as const, sha: "1".repeat(40) },
      /is not a valid blob/,
    ],
    [
      "the deletion of a path that is not there",
      { path: "nowhere", mode: "100644" as const, type: "blob" as const, sha: null },
      /BadObjectState/,
    ],
    [
      "a path out of the tree",
      { path: "../x", mode: "100644" as const, type: "blob" as const, content: "x" },
      /malformed path/,
    ],
  ])("refuses %s", async (_what, entry, message) => {
    const asked = refusal(
      client.rest.git.createTree({ ...app, base_tree: await treeOf("main"), tree: [entry] }),
    );
    expect(await asked).toEqual({ status: 422, message: expect.stringMatching(message) });
  });

  it("refuses a commit as base_tree, unknown trees and parents, and blobs that are too large", async () => {
    const sha = await git.sha("main");
    const tree = await treeOf("main");
    const entries = [{ path: "x", mode: "100644" as const, type: "blob" as const, content: "x" }];
    expect(
      (await refusal(client.rest.git.createTree({ ...app, base_tree: sha, tree: entries }))).status,
    ).toBe(422);
    expect((await refusal(client.rest.git.createCommit({ ...app, message: "m", tree: sha }))).message).toBe(
      "Tree SHA does not exist",
    );
    const orphan = client.rest.git.createCommit({ ...app, message: "m", tree, parents: ["1".repeat(40)] });
    expect((await refusal(orphan)).message).toMatch(/^Parent SHA does not exist/);
    const small = await startFakeGitHub({ blobLimit: 10 });
    await small.addRepository({ owner: "acme", name: "app", files: { "a.txt": "1" } });
    expect(
      (await refusal(appClient(small, "acme").rest.git.createBlob({ ...app, content: "12345678901" })))
        .status,
    ).toBe(422);
    await small.close();
  });

  it("signs commits without author, with a sha nobody can foretell, and no others", async () => {
    const tree = await treeOf("main");
    const message = "Merge main\n\nAgent-Run: 1";
    const { data: signed } = await client.rest.git.createCommit({
      ...app,
      message,
      tree,
      parents: [await git.sha("feature"), await git.sha("main")],
    });
    expect([signed.verification.verified, signed.author.name, signed.committer.email]).toEqual([
      true,
      github.bot.login,
      "noreply@github.com",
    ]);
    expect((await git.run("log", "-1", "--format=%B", signed.sha)).trim()).toBe(message);
    const author = { name: "A", email: "a@example.com", date: "2026-02-03T04:05:06Z" };
    const { data: plain } = await client.rest.git.createCommit({ ...app, message, tree, author });
    expect([plain.verification.verified, plain.author, plain.committer]).toEqual([false, author, author]);
    expect((await client.rest.git.getCommit({ ...app, commit_sha: signed.sha })).data.parents).toHaveLength(
      2,
    );
  });

  it("moves a branch forward only, unless forced", async () => {
    const pull = await github.openPull({ ...app, head: "feature" });
    const next = await apiCommit("feature", "a.txt", "3\n");
    await client.rest.git.updateRef({ ...app, ref: "heads/feature", sha: next });
    expect([await git.head("feature"), github.pull(pull).headSha]).toEqual([next, next]);
    const update = (sha: string, force = false) =>
      client.rest.git.updateRef({ ...app, ref: "heads/feature", sha, force });
    const main = await git.sha("main");
    expect(await refusal(update(main))).toEqual({ status: 422, message: "Update is not a fast forward" });
    expect((await refusal(update("1".repeat(40)))).message).toBe("Object does not exist");
    expect((await refusal(client.rest.git.updateRef({ ...app, ref: "heads/none", sha: main }))).message).toBe(
      "Reference does not exist",
    );
    await update(main, true);
    expect(await git.head("feature")).toBe(main);
  });

  it("refuses a protected branch, over the API", async () => {
    const next = await apiCommit("feature", "a.txt", "3\n");
    github.protect(app, "feature");
    const refused = await refusal(client.rest.git.updateRef({ ...app, ref: "heads/feature", sha: next }));
    expect(refused).toEqual({
      status: 422,
      message: expect.stringContaining("Changes must be made through a pull request."),
    });
    github.protect(app, "feature", null);
    expect((await client.rest.git.updateRef({ ...app, ref: "heads/feature", sha: next })).status).toBe(200);
  });

  it("refuses workflow changes without the permission, in the tree and in the branch", async () => {
    expect((await refusal(apiCommit("feature", workflow, "on: pull_request\n"))).status).toBe(403);
    const sneaked = await git.commit("sneaked", { [workflow]: "on: pull_request\n" }, "m", {
      parents: ["feature"],
    });
    const move = (one: Octokit) => one.rest.git.updateRef({ ...app, ref: "heads/feature", sha: sneaked });
    const sentence = `refusing to allow a GitHub App to create or update workflow \`${workflow}\` without \`workflows\` permission`;
    expect(await refusal(move(client))).toEqual({ status: 403, message: sentence });
    github.setInstallationPermissions("acme", withWorkflows);
    expect((await move(tokenClient(github, github.token("acme")))).status).toBe(200);
  });
});

describe("files, commits and comparisons", () => {
  it("are read as JSON, raw and as objects", async () => {
    const { data: file } = await client.rest.repos.getContent({ ...app, path: "dir/b.txt", ref: "feature" });
    expect(file).toMatchObject({
      type: "file",
      encoding: "base64",
      content: Buffer.from("b\n").toString("base64"),
    });
    const { data: raw } = await client.rest.repos.getContent({
      ...app,
      path: "dir/b.txt",
      mediaType: { format: "raw" },
    });
    expect(raw).toBe("b\n");
    const { data: root } = await client.rest.repos.getContent({ ...app, path: "" });
    expect((root as { name: string }[]).map((entry) => entry.name)).toEqual([
      ".github",
      "a.txt",
      "dir",
      "run.sh",
    ]);
    const { data: object } = await client.rest.repos.getContent({
      ...app,
      path: "dir",
      mediaType: { format: "object" },
    });
    expect(object).toMatchObject({ type: "dir", entries: [{ path: "dir/b.txt" }] });
    expect((await refusal(client.rest.repos.getContent({ ...app, path: "none" }))).status).toBe(404);
  });

  it("are compared from their merge base", async () => {
    await git.commit("main", { "c.txt": "c" });
    const { data } = await client.rest.repos.compareCommitsWithBasehead({
      ...app,
      basehead: "main...feature",
    });
    expect([data.status, data.ahead_by, data.behind_by, data.files?.map((file) => file.filename)]).toEqual([
      "diverged",
      1,
      1,
      ["a.txt"],
    ]);
    const { data: commit } = await client.rest.repos.getCommit({ ...app, ref: "feature" });
    expect([commit.sha, data.commits[0]?.sha]).toEqual([await git.sha("feature"), commit.sha]);
    const { data: branch } = await client.rest.repos.getBranch({ ...app, branch: "main" });
    expect([branch.commit.sha, branch.protected]).toEqual([await git.sha("main"), false]);
  });
});
