// What the adapter reads from GitHub, over real HTTP: permissions, pull requests, comments, files, tokens.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { createGitHubFor } from "../../src/github/index.ts";
import type { Permission } from "../../src/core/pull.ts";
import { asked, gitHubOn, openScene, recordingLog, startFakeGitHub } from "./harness.ts";
import type { FakeGitHub } from "./harness.ts";

let fake: FakeGitHub;
beforeAll(async () => {
  fake = await startFakeGitHub();
});
afterEach(() => {
  expect(fake.violations).toEqual([]);
});
afterAll(() => fake.close());

describe("permission", () => {
  it("reads each role live", async () => {
    const { github, pull, repository } = await openScene(fake);
    const roles: Permission[] = ["admin", "maintain", "write", "triage", "read", "none"];
    for (const role of roles) {
      fake.setPermission("someone", role, repository);
      expect(await github.permission(pull, "SomeOne")).toBe(role);
    }
  });

  it("is none for an account that does not exist, and for a name with odd characters", async () => {
    const { github, pull } = await openScene(fake);
    expect(await github.permission(pull, "nobody-at-all")).toBe("none");
    expect(await github.permission(pull, "../../acme")).toBe("none");
    expect(await github.permission(pull, "helper[bot]")).toBe("none");
  });

  it("is none when GitHub answers for another account than was asked for", async () => {
    const { pull, repository } = await openScene(fake);
    fake.setPermission("old-name", "admin", repository);
    const renamed: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init);
      const text = await answer.text();
      return new Response(text.replaceAll('"login":"old-name"', '"login":"new-name"'), answer);
    };
    const github = gitHubOn(fake, pull.installationId, { fetch: renamed });
    expect(await github.permission(pull, "old-name")).toBe("none");
  });
});

describe("pull", () => {
  it("reads both ends from the branches as they are now", async () => {
    const { github, pull, git, repository } = await openScene(fake);
    const details = await github.pull(pull);
    expect(details).toEqual({
      pull,
      title: "topic",
      state: "open",
      head: { ...repository, ref: "topic", sha: await git.sha("topic") },
      base: { ...repository, ref: "main", sha: await git.sha("main") },
      defaultBranch: "main",
      headDeleted: false,
      mergeCommitSha: null,
      fromFork: false,
      draft: false,
      labels: [],
      author: { login: "author", type: "User" },
      mergeable: true,
      cloneUrl: fake.gitUrl(repository.owner, repository.repo),
      htmlUrl: expect.stringContaining(`/pull/${pull.number}`) as unknown,
    });
  });

  it("tells closed, merged, and a deleted head branch", async () => {
    const closed = await openScene(fake);
    await fake.closePull(closed.pull);
    expect(await closed.github.pull(closed.pull)).toMatchObject({ state: "closed", headDeleted: false });

    const merged = await openScene(fake);
    await fake.closePull(merged.pull, { merged: true });
    await merged.git.deleteBranch("topic");
    expect(await merged.github.pull(merged.pull)).toMatchObject({
      state: "merged",
      headDeleted: true,
      mergeCommitSha: await merged.git.sha("main"),
    });
  });

  it("reads who opened it, its labels, whether it is a draft, and that GitHub does not know yet whether it merges", async () => {
    const { github, repository, git } = await openScene(fake);
    await git.commit("wip", { "wip.txt": "wip\n" });
    const pull = await fake.openPull({
      ...{ ...repository, head: "wip" },
      ...{ draft: true, labels: ["agent", "bug"], author: "renovate[bot]" },
    });
    expect(await github.pull(pull)).toMatchObject({
      draft: true,
      labels: ["agent", "bug"],
      author: { login: "renovate[bot]", type: "Bot" },
      mergeable: true,
    });
    await fake.closePull(pull);
    expect(await github.pull(pull)).toMatchObject({ mergeable: null });
  });

  it("names a deleted account as GitHub shows it", async () => {
    const { pull } = await openScene(fake);
    const deleted: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init);
      const text = await answer.text();
      if (!text.startsWith('{"id"') || !text.includes('"draft"')) return new Response(text, answer);
      return new Response(JSON.stringify({ ...(JSON.parse(text) as object), user: null }), answer);
    };
    const github = gitHubOn(fake, pull.installationId, { fetch: deleted });
    expect(await github.pull(pull)).toMatchObject({ author: { login: "ghost", type: "User" } });
  });

  it("names no merge commit before there is one, although GitHub does", async () => {
    const { github, pull, git } = await openScene(fake);
    fake.pull(pull).mergeCommitSha = await git.sha("topic");
    expect(await github.pull(pull)).toMatchObject({ state: "open", mergeCommitSha: null });
  });

  it("tells a fork, and a fork that is gone", async () => {
    const { github, repository } = await openScene(fake);
    const fork = await fake.addFork(repository, { owner: `contributor-${repository.repo}` });
    await fake.git(fork).commit("patch-1", { "a.txt": "a\n" });
    const pull = await fake.openPull({ ...repository, head: "patch-1", fork });
    expect(await github.pull(pull)).toMatchObject({ fromFork: true, head: { ...fork, ref: "patch-1" } });
    await fake.deleteRepository(fork);
    expect(await github.pull(pull)).toMatchObject({ fromFork: true, head: null, headDeleted: false });
  });

  it("reads a branch whose name is full of special characters", async () => {
    const { github, repository, git } = await openScene(fake);
    const branch = "feat/#1 100%?&é".replace(/[ ?]/g, "_");
    await git.commit(branch, { "a.txt": "a\n" });
    const pull = await fake.openPull({ ...repository, head: branch });
    expect(await github.pull(pull)).toMatchObject({ head: { ref: branch, sha: await git.sha(branch) } });
  });

  it("is null where there is none", async () => {
    const { github, pull } = await openScene(fake);
    expect(await github.pull({ ...pull, number: 999 })).toBeNull();
    expect(await github.pull({ ...pull, repo: "elsewhere" })).toBeNull();
  });
});

describe("the comment that asked", () => {
  it("is read as it is now, from the conversation and from the diff", async () => {
    const { github, pull } = await openScene(fake);
    const issue = fake.comment(pull, "someone", "/agent help");
    const review = fake.reviewComment(pull, "someone", "/agent status");
    const source = { kind: "comment", bodyHash: "" } as const;
    const read = (place: "issue" | "review", commentId: number) =>
      github.commentBody(pull, { ...source, place, commentId });
    expect(await read("issue", issue.id)).toBe("/agent help");
    expect(await read("review", review.id)).toBe("/agent status");
    fake.editComment(issue.id, "edited");
    expect(await read("issue", issue.id)).toBe("edited");
    fake.deleteComment(issue.id);
    expect(await read("issue", issue.id)).toBeNull();
    expect(await read("issue", review.id)).toBeNull();
  });

  it("gets a reaction, once, however often it is asked for", async () => {
    const { github, pull } = await openScene(fake);
    const places = [
      { place: "issue" as const, id: fake.comment(pull, "someone", "x").id },
      { place: "review" as const, id: fake.reviewComment(pull, "someone", "x").id },
    ];
    const from = fake.requests.length;
    for (const { place, id } of [...places, ...places]) {
      await github.react(pull, { kind: "comment", place, commentId: id, bodyHash: "" }, "eyes");
    }
    expect(
      fake.requests
        .slice(from)
        .filter(({ method }) => method === "POST")
        .map(({ status }) => status),
    ).toEqual(expect.arrayContaining([201, 201, 200, 200]));
    expect(fake.comments(pull)[0]?.reactions.map(({ content }) => content)).toEqual(["eyes"]);
  });

  it("needs no reaction when it is gone, nor does a button", async () => {
    const { github, pull } = await openScene(fake);
    await github.react(pull, { kind: "comment", place: "issue", commentId: 1, bodyHash: "" }, "rocket");
    const from = fake.requests.length;
    await github.react(pull, { kind: "button", checkRunId: 1, identifier: "apply" }, "rocket");
    expect(asked(fake, from)).toEqual([]);
  });
});

describe("file", () => {
  it("reads a text at the default branch or a ref; null for what is no file", async () => {
    const { github, repository } = await openScene(fake, {
      files: { ".github/agent.yml": "größe: 1\r\n", link: { symlink: "README.md" } },
      ours: { ".github/agent.yml": "topic: true\n" },
    });
    const read = (path: string, ref: string | null) => github.file(repository, path, ref);
    expect(await read(".github/agent.yml", null)).toBe("größe: 1\r\n");
    expect(await read(".github/agent.yml", "topic")).toBe("topic: true\n");
    expect(await read(".github", null)).toBeNull();
    expect(await read("link", null)).toBeNull();
    expect(await read("absent.yml", null)).toBeNull();
    expect(await github.file({ owner: "acme", repo: ".github" }, "agent.yml", null)).toBeNull();
  });

  it("says that a file is too large", async () => {
    const { github, repository } = await openScene(fake, { files: { "big.yml": "x".repeat(1_100_000) } });
    await expect(github.file(repository, "big.yml", null)).rejects.toMatchObject({
      code: "input",
      message: expect.stringContaining("big.yml") as unknown,
    });
  });
});

describe("tokens", () => {
  it("gives one that reads this repository and nothing else", async () => {
    const { github, pull, repository } = await openScene(fake);
    const other = await openScene(fake);
    const headers = { authorization: `Bearer ${await github.readToken(pull)}` };
    const at = (path: string) => `${fake.url}/repos/acme/${path}`;
    const status = async (path: string, init: RequestInit = {}) =>
      (await fetch(at(path), { ...init, headers })).status;
    expect(await status(`${repository.repo}/contents/README.md`)).toBe(200);
    expect(await status(`${other.repository.repo}/contents/README.md`)).toBe(404);
    const blob = { method: "POST", body: JSON.stringify({ content: "x" }) };
    expect(await status(`${repository.repo}/git/blobs`, blob)).toBe(403);
    expect(await status(`${repository.repo}/issues/${pull.number}/comments`)).toBe(403);
  });

  it("sees a permission that was granted a moment ago", async () => {
    const { github, pull } = await openScene(fake);
    expect(await github.canWriteWorkflows(pull)).toBe(false);
    fake.setInstallationPermissions("acme", { ...fake.app.permissions, workflows: "write" });
    expect(await github.canWriteWorkflows(pull)).toBe(true);
    fake.setInstallationPermissions("acme", fake.app.permissions);
    expect(await github.canWriteWorkflows(pull)).toBe(false);
  });

  it("knows the app's bot, and asks for it once", async () => {
    const { github } = await openScene(fake);
    const from = fake.requests.length;
    expect(await github.botLogin()).toBe(fake.bot.login);
    expect(await github.botLogin()).toBe(fake.bot.login);
    expect(asked(fake, from).filter((path) => path === "GET /app")).toHaveLength(1);
  });

  it("refuses a private key that is none, without quoting it", () => {
    const options = { appId: 1, apiUrl: fake.url, log: recordingLog() };
    expect(() => createGitHubFor({ ...options, privateKey: "hunter2" })).toThrow(
      expect.objectContaining({ code: "config", message: expect.not.stringContaining("hunter2") as unknown }),
    );
    const oneLine = fake.app.privateKey.replaceAll("\n", "\\n");
    expect(createGitHubFor({ ...options, privateKey: oneLine })).toBeInstanceOf(Function);
  });
});

describe("failed checks of a commit", () => {
  it("are those of other apps that failed or ran out of time, each once", async () => {
    const { github, pull, git, repository } = await openScene(fake);
    const sha = await git.sha("topic");
    const ci = (name: string, conclusion: string, at = sha) =>
      fake.addCiRun(repository, { name, sha: at, conclusion });
    expect(await github.failedChecks(pull, sha)).toEqual([]);
    for (const conclusion of ["success", "neutral", "skipped", "cancelled", "action_required"])
      ci(conclusion, conclusion);
    ci("mended", "failure");
    ci("mended", "success");
    ci("elsewhere", "failure", await git.sha("main"));
    const ours = { runId: "0123456789abcdef", conclusion: "action_required" as const, title: "t" };
    await github.upsertCheck(pull, {
      ...ours,
      name: "errand",
      sha,
      summary: "s",
      annotations: [],
      actions: [],
    });
    expect(await github.failedChecks(pull, sha)).toEqual([]);
    ci("tests", "failure");
    ci("slow", "timed_out");
    expect([...(await github.failedChecks(pull, sha))].sort()).toEqual(["slow", "tests"]);
    const [own] = fake.checkRuns(repository).filter(({ name }) => name === "errand");
    if (own) own.conclusion = "failure";
    expect([...(await github.failedChecks(pull, sha))].sort()).toEqual(["slow", "tests"]);
  });
});
