// The fake's REST API as the real client sees it: people, pull requests, comments, reactions and check runs.
import { sign } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Octokit } from "@octokit/rest";
import type { PullRef } from "../../src/core/pull.ts";
import { appClient, refusal, tokenClient } from "./client.ts";
import { startFakeGitHub, type FakeGitHub } from "./fake-github.ts";
import { operations } from "./fake/routes.ts";
import { sharedContract } from "./fake/schema.ts";

const app = { owner: "acme", repo: "app" };
let github: FakeGitHub;
let client: Octokit;
let pull: PullRef;

beforeEach(async () => {
  github = await startFakeGitHub();
  await github.addRepository({ owner: "acme", name: "app", files: { "a.txt": "1\n2\n3\n" } });
  await github.git(app).commit("feature", { "a.txt": "1\nours\n3\n" });
  await github.git(app).commit("main", { "a.txt": "1\ntheirs\n3\n" });
  pull = await github.openPull({ ...app, head: "feature", title: "A change" });
  client = appClient(github, "acme");
});

afterEach(async () => {
  const { violations } = github;
  await github.close();
  expect(violations).toEqual([]);
});

it("has GitHub's description of every route", () => {
  const contract = sharedContract();
  expect(operations.filter((operation) => !contract.has(operation))).toEqual([]);
});

describe("the App", () => {
  it("is itself, and finds its installation by repository", async () => {
    const asApp = appClient(github);
    expect((await asApp.rest.apps.getAuthenticated()).data?.slug).toBe("errand-test");
    const { data } = await asApp.rest.apps.getRepoInstallation(app);
    expect([data.id, data.app_id]).toEqual([pull.installationId, github.app.id]);
  });

  it("is refused with another App's key, and where it is not installed", async () => {
    const stranger = await startFakeGitHub({ appId: 1 });
    const forged = appClient({ ...github, app: { ...github.app, privateKey: stranger.app.privateKey } });
    await stranger.close();
    expect((await refusal(forged.rest.apps.getAuthenticated())).status).toBe(401);
    await github.addRepository({ owner: "other", name: "app", installed: false });
    const elsewhere = appClient(github).rest.apps.getRepoInstallation({ owner: "other", repo: "app" });
    expect((await refusal(elsewhere)).status).toBe(404);
  });

  it.each([
    ["that lives too long", { exp: 700 }, /too far in the future/],
    ["that has ended", { exp: -1 }, /must be a numeric value/],
    ["from the future", { iat: 120 }, /Issued at/],
    ["of another App", { iss: 7 }, /Integration not found/],
  ])("is refused with a token %s", async (_what, change, message) => {
    const now = Math.floor(Date.now() / 1000);
    const {
      exp = 600,
      iat = -30,
      iss = github.app.id,
    } = change as { exp?: number; iat?: number; iss?: number };
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const signed = `${part({ alg: "RS256", typ: "JWT" })}.${part({ iss, iat: now + iat, exp: now + exp })}`;
    const signature = sign("sha256", Buffer.from(signed), github.app.privateKey).toString("base64url");
    const asked = tokenClient(github, `${signed}.${signature}`).rest.apps.getAuthenticated();
    expect(await refusal(asked)).toEqual({ status: 401, message: expect.stringMatching(message) });
  });

  it("lists the repositories of its installation only", async () => {
    await github.addRepository({ owner: "acme", name: "second" });
    await github.addRepository({ owner: "other", name: "third" });
    const { data } = await client.rest.apps.listReposAccessibleToInstallation();
    expect(data.repositories.map((repository) => repository.full_name)).toEqual(["acme/app", "acme/second"]);
  });

  it("gets its keys from the code of the manifest flow, once", async () => {
    const code = github.manifestCode();
    const anonymous = tokenClient(github, github.token("acme"));
    const { data } = await anonymous.rest.apps.createFromManifest({ code });
    expect([data.id, data.pem, data.webhook_secret]).toEqual([
      github.app.id,
      github.app.privateKey,
      github.app.webhookSecret,
    ]);
    expect((await refusal(anonymous.rest.apps.createFromManifest({ code }))).status).toBe(404);
  });
});

describe("tokens", () => {
  it("carry only what was asked for, on the repositories asked for", async () => {
    await github.addRepository({ owner: "acme", name: "second" });
    const { data } = await appClient(github).rest.apps.createInstallationAccessToken({
      installation_id: pull.installationId,
      repositories: ["app"],
      permissions: { contents: "read" },
    });
    const narrow = tokenClient(github, data.token);
    expect((await narrow.rest.repos.getContent({ ...app, path: "a.txt" })).status).toBe(200);
    expect((await refusal(narrow.rest.repos.get({ owner: "acme", repo: "second" }))).status).toBe(404);
    const blob = narrow.rest.git.createBlob({ ...app, content: "x" });
    expect(await refusal(blob)).toEqual({ status: 403, message: "Resource not accessible by integration" });
  });

  it("cannot be asked for more than the installation has", async () => {
    const asked = appClient(github).rest.apps.createInstallationAccessToken({
      installation_id: pull.installationId,
      permissions: { workflows: "write" },
    });
    expect((await refusal(asked)).status).toBe(422);
  });

  it("end: after an hour, and while the installation is suspended", async () => {
    const held = tokenClient(github, github.token("acme"));
    github.suspend("acme");
    expect((await refusal(held.rest.repos.get(app))).status).toBe(401);
    github.suspend("acme", false);
    expect((await held.rest.repos.get(app)).status).toBe(200);
    github.expireTokens();
    expect(await refusal(held.rest.repos.get(app))).toEqual({ status: 401, message: "Bad credentials" });
  });

  it.each([
    ["pull_requests", (one: Octokit) => one.rest.pulls.get({ ...app, pull_number: 1 })],
    ["checks", (one: Octokit) => one.rest.checks.create({ ...app, name: "x", head_sha: "0".repeat(40) })],
    ["contents", (one: Octokit) => one.rest.git.getRef({ ...app, ref: "heads/main" })],
  ])("without %s are refused where it is needed", async (missing, ask) => {
    const all = { contents: "write", pull_requests: "write", issues: "write", checks: "write" } as const;
    const permissions = Object.fromEntries(Object.entries(all).filter(([name]) => name !== missing));
    expect((await refusal(ask(tokenClient(github, github.token("acme", { permissions }))))).status).toBe(403);
  });
});

describe("pull requests", () => {
  it("follow their head branch and say whether they merge", async () => {
    const before = await client.rest.pulls.get({ ...app, pull_number: pull.number });
    expect([before.data.mergeable, before.data.mergeable_state, before.data.commits]).toEqual([
      false,
      "dirty",
      1,
    ]);
    const head = await github.git(app).commit("feature", { "a.txt": "1\ntheirs\n3\n" });
    const after = await client.rest.pulls.get({ ...app, pull_number: pull.number });
    expect([after.data.head.sha, after.data.mergeable]).toEqual([head, true]);
  });

  it("keep a stale base.sha while the base branch moves, as GitHub does", async () => {
    const { data: before } = await client.rest.pulls.get({ ...app, pull_number: pull.number });
    const base = await github.git(app).commit("main", { "b.txt": "new" });
    const { data: after } = await client.rest.pulls.get({ ...app, pull_number: pull.number });
    expect(after.base.sha).toBe(before.base.sha);
    expect((await client.rest.git.getRef({ ...app, ref: "heads/main" })).data.object.sha).toBe(base);
  });

  it("from a deleted fork have no head repository, and keep their head", async () => {
    const fork = await github.addFork(app, { owner: "bob" });
    const sha = await github.git(fork).commit("patch", { "b.txt": "b" });
    const { number } = await github.openPull({ ...app, head: "patch", author: "bob", fork });
    const { data } = await client.rest.pulls.get({ ...app, pull_number: number });
    expect([data.head.label, data.head.repo.fork, data.head.sha]).toEqual(["bob:patch", true, sha]);
    await github.deleteRepository(fork);
    const { data: orphan } = await client.rest.pulls.get({ ...app, pull_number: number });
    expect([orphan.head.repo, orphan.head.sha]).toEqual([null, sha]);
  });

  it("keep their head when the branch is deleted", async () => {
    const sha = await github.git(app).head("feature");
    await github.git(app).deleteBranch("feature");
    expect((await client.rest.pulls.get({ ...app, pull_number: pull.number })).data.head.sha).toBe(sha);
    expect((await refusal(client.rest.git.getRef({ ...app, ref: "heads/feature" }))).status).toBe(404);
  });

  it("are listed by state, head and base", async () => {
    await github.git(app).branch("other", "feature");
    const second = await github.openPull({ ...app, head: "other" });
    await github.closePull(second);
    const numbers = async (query: object): Promise<number[]> =>
      (await client.rest.pulls.list({ ...app, ...query })).data.map((one) => one.number);
    expect(await numbers({})).toEqual([1]);
    expect(await numbers({ state: "all" })).toEqual([2, 1]);
    expect(await numbers({ state: "all", head: "acme:other" })).toEqual([2]);
    expect(await numbers({ base: "other" })).toEqual([]);
  });

  it("can be merged, and reopened once closed", async () => {
    await github.git(app).commit("feature", { "a.txt": "1\ntheirs\n3\n" });
    await github.closePull(pull, { merged: true });
    const { data } = await client.rest.pulls.get({ ...app, pull_number: pull.number });
    expect([data.state, data.merged, data.merge_commit_sha]).toEqual([
      "closed",
      true,
      await github.git(app).head("main"),
    ]);
    await github.reopenPull(pull);
    expect(github.pull(pull).state).toBe("open");
  });
});

describe("people", () => {
  it.each([
    ["maintain", "write"],
    ["triage", "read"],
    ["admin", "admin"],
    ["none", "none"],
  ] as const)("with the role %s have the older permission %s", async (role, permission) => {
    github.setPermission("ann", role);
    const { data } = await client.rest.repos.getCollaboratorPermissionLevel({ ...app, username: "ann" });
    expect([data.role_name, data.permission]).toEqual([role, permission]);
  });

  it("unknown to GitHub are not found", async () => {
    const asked = client.rest.repos.getCollaboratorPermissionLevel({ ...app, username: "nobody" });
    expect((await refusal(asked)).status).toBe(404);
  });
});

describe("comments", () => {
  it("are made, edited, paged and deleted", async () => {
    for (const body of ["one", "two"]) github.comment(pull, "ann", body);
    const { data: made } = await client.rest.issues.createComment({
      ...app,
      issue_number: pull.number,
      body: "three",
    });
    expect([made.user?.login, made.user?.type]).toEqual([github.bot.login, "Bot"]);
    const all = await client.paginate(client.rest.issues.listComments, {
      ...app,
      issue_number: pull.number,
      per_page: 2,
    });
    expect(all.map((comment) => comment.body)).toEqual(["one", "two", "three"]);
    await client.rest.issues.updateComment({ ...app, comment_id: made.id, body: "3" });
    expect(github.comments(pull).at(-1)?.body).toBe("3");
    await client.rest.issues.deleteComment({ ...app, comment_id: made.id });
    expect((await refusal(client.rest.issues.getComment({ ...app, comment_id: made.id }))).status).toBe(404);
  });

  it("hold 65,536 characters and not one more", async () => {
    const write = (length: number) =>
      client.rest.issues.createComment({ ...app, issue_number: pull.number, body: "é".repeat(length) });
    expect((await write(65_536)).status).toBe(201);
    const refused = await refusal(write(65_537));
    expect([refused.status, refused.message]).toEqual([422, expect.stringContaining("Body is too long")]);
  });

  it("take one reaction of a kind from the App, in the conversation and on a line", async () => {
    const said = github.comment(pull, "ann", "hello");
    const first = await client.rest.reactions.createForIssueComment({
      ...app,
      comment_id: said.id,
      content: "eyes",
    });
    const again = await client.rest.reactions.createForIssueComment({
      ...app,
      comment_id: said.id,
      content: "eyes",
    });
    expect([first.status, again.status, again.data.id]).toEqual([201, 200, first.data.id]);
    const noted = github.reviewComment(pull, "ann", "here", { path: "a.txt", line: 2 });
    await client.rest.reactions.createForPullRequestReviewComment({
      ...app,
      comment_id: noted.id,
      content: "rocket",
    });
    const { data } = await client.rest.reactions.listForPullRequestReviewComment({
      ...app,
      comment_id: noted.id,
    });
    expect(data.map((reaction) => reaction.content)).toEqual(["rocket"]);
    expect((await client.rest.pulls.getReviewComment({ ...app, comment_id: noted.id })).data.line).toBe(2);
    await client.rest.reactions.deleteForIssueComment({
      ...app,
      comment_id: said.id,
      reaction_id: first.data.id,
    });
    expect((await client.rest.reactions.listForIssueComment({ ...app, comment_id: said.id })).data).toEqual(
      [],
    );
  });
});

describe("check runs", () => {
  const annotation = {
    path: "a.txt",
    start_line: 1,
    end_line: 1,
    annotation_level: "notice" as const,
    message: "m",
  };
  const output = (annotations: number) => ({
    title: "t",
    summary: "s",
    annotations: Array(annotations).fill(annotation) as (typeof annotation)[],
  });

  it("are made, found by name and App, and completed", async () => {
    const head_sha = await github.git(app).sha("feature");
    github.addCiRun(app, { name: "agent / conflicts", sha: head_sha, conclusion: "failure" });
    const { data: made } = await client.rest.checks.create({
      ...app,
      name: "agent / conflicts",
      head_sha,
      status: "in_progress",
      external_id: "run-1",
    });
    const { data: found } = await client.rest.checks.listForRef({
      ...app,
      ref: "feature",
      check_name: "agent / conflicts",
      app_id: github.app.id,
    });
    expect(found.check_runs.map((check) => check.id)).toEqual([made.id]);
    await client.rest.checks.update({
      ...app,
      check_run_id: made.id,
      conclusion: "neutral",
      output: output(50),
    });
    await client.rest.checks.update({ ...app, check_run_id: made.id, output: output(10) });
    const { data: done } = await client.rest.checks.get({ ...app, check_run_id: made.id });
    expect([done.status, done.conclusion, done.external_id, done.output.annotations_count]).toEqual([
      "completed",
      "neutral",
      "run-1",
      60,
    ]);
    const listed = await client.paginate(client.rest.checks.listAnnotations, {
      ...app,
      check_run_id: made.id,
      per_page: 50,
    });
    expect(listed).toHaveLength(60);
  });

  it("take 50 annotations, 65,535 characters and three buttons at a time", async () => {
    const head_sha = await github.git(app).sha("feature");
    const create = (extra: object) =>
      refusal(client.rest.checks.create({ ...app, name: "x", head_sha, ...extra }));
    const action = { label: "Apply", description: "d", identifier: "apply" };
    for (const extra of [
      { output: output(51) },
      { output: { title: "t", summary: "s".repeat(65_536) } },
      { output: { title: "t", summary: "s", text: "s".repeat(65_536) } },
      { actions: [action, action, action, action] },
    ]) {
      expect((await create(extra)).status).toBe(422);
    }
    expect(github.checkRuns(app)).toEqual([]);
  });

  it("of another App may not be changed, and unknown commits have none", async () => {
    const sha = await github.git(app).sha("feature");
    const id = github.addCiRun(app, { name: "ci", sha, conclusion: "failure" });
    expect(
      (await refusal(client.rest.checks.update({ ...app, check_run_id: id, conclusion: "success" }))).status,
    ).toBe(403);
    const nowhere = client.rest.checks.create({ ...app, name: "x", head_sha: "1".repeat(40) });
    expect(await refusal(nowhere)).toEqual({
      status: 422,
      message: `No commit found for SHA: ${"1".repeat(40)}`,
    });
  });
});
