// Webhooks of the fake, received by Probot itself: signatures, payloads, and GitHub's own events.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { pino } from "pino";
import { createNodeMiddleware, Probot } from "probot";
import { appClient } from "./client.ts";
import { checked } from "./fake/checked-payload.ts";
import { startFakeGitHub, type FakeGitHub } from "./fake-github.ts";

const app = { owner: "acme", repo: "app" };
let github: FakeGitHub;
let server: Server;
let to: string;
let received: { name: string; id: string; payload: object }[];

beforeEach(async () => {
  github = await startFakeGitHub();
  await github.addRepository({ owner: "acme", name: "app", files: { "a.txt": "1\n" } });
  await github.git(app).commit("feature", { "a.txt": "2\n" });
  const { id: appId, privateKey, webhookSecret: secret } = github.app;
  received = [];
  const probot = new Probot({
    appId,
    privateKey,
    secret,
    baseUrl: github.url,
    log: pino({ level: "silent" }),
  });
  const listen = (one: Probot): void => {
    one.onAny(({ name, id, payload }) => {
      received.push({ name, id, payload });
    });
  };
  const middleware = await createNodeMiddleware(listen, { probot, webhooksPath: "/hook" });
  server = createServer((request, response) => void middleware(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  to = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/hook`;
});

afterEach(async () => {
  await github.close();
  await new Promise((resolve) => server.close(resolve));
});

it("are signed, carry GitHub's headers, and tell how it went", async () => {
  const pull = await github.openPull({ ...app, head: "feature" });
  const { payload } = github.comment(pull, "ann", "/agent help");
  const delivery = await github.deliver("issue_comment", payload, { to, guid: "d-1" });
  expect(delivery).toMatchObject({ guid: "d-1", event: "issue_comment", action: "created", status: 200 });
  expect(received).toMatchObject([
    {
      name: "issue_comment",
      id: "d-1",
      payload: {
        action: "created",
        installation: { id: pull.installationId },
        repository: { name: "app", owner: { login: "acme" } },
        issue: { number: pull.number, pull_request: {} },
        comment: { body: "/agent help", user: { login: "ann", type: "User" } },
        sender: { login: "ann", type: "User" },
      },
    },
  ]);
});

it("with another secret are refused, and an app that is down is status 0", async () => {
  expect((await github.deliver("push", {}, { to, secret: "wrong" })).status).toBeGreaterThanOrEqual(400);
  const nowhere = await github.deliver("push", {}, { to: "http://127.0.0.1:1/" });
  expect([nowhere.status, received]).toEqual([0, []]);
  expect(github.deliveries.map((delivery) => delivery.event)).toEqual(["push", "push"]);
});

it("exist for every event that the app listens to", async () => {
  const pull = await github.openPull({ ...app, head: "feature", labels: ["agent"] });
  const sha = github.pull(pull).headSha;
  const check = github.addCiRun(app, { name: "ci", sha, conclusion: "failure" });
  const review = github.reviewComment(pull, "ann", "/agent help");
  const { events } = github;
  const sent: [string, object][] = [
    ["pull_request_review_comment", review.payload],
    ...(["opened", "synchronize", "reopened", "labeled", "closed"] as const).map(
      (action): [string, object] => [
        "pull_request",
        events.pull(pull, action, action === "labeled" ? { label: "agent" } : {}),
      ],
    ),
    ["push", await events.push(app, { branch: "feature", before: "0".repeat(40), after: sha })],
    ["check_suite", events.checkSuite(app, { sha, branch: "feature" })],
    ["workflow_run", events.workflowRun(app, { sha, branch: "feature" })],
    ["check_run", events.checkRun(check, "rerequested", "ann")],
    ["check_run", events.requestedAction(check, "apply", "ann")],
    ["status", await github.setStatus(app, { sha, context: "ci/old", state: "failure" })],
    ["installation", events.installation("acme", "deleted")],
    ["installation_repositories", events.installationRepositories("acme", { removed: ["app"] })],
  ];
  for (const [event, payload] of sent) {
    expect(await github.deliver(event, payload, { to })).toMatchObject({ status: 200 });
  }
  expect(received.map((one) => one.name)).toEqual(sent.map(([event]) => event));
  expect(
    received.every(
      (one) => (one.payload as { installation?: { id?: number } }).installation?.id === pull.installationId,
    ),
  ).toBe(true);
  expect(received.at(-4)?.payload).toMatchObject({
    requested_action: { identifier: "apply" },
    check_run: { pull_requests: [{ number: 1 }] },
  });
});

it("are held against GitHub's own description: what lacks something, or is of no known kind, is never made", async () => {
  const pull = await github.openPull({ ...app, head: "feature" });
  const whole = github.events.pull(pull, "opened");
  expect(checked("pull_request", whole)).toBe(whole);
  expect(() => checked("pull_request", { ...whole, number: undefined })).toThrow(
    /no pull_request of GitHub's: .*number/,
  );
  expect(() => checked("pull_request", { ...whole, action: "opend" })).toThrow(/no event that is known/);
});

describe("by themselves", () => {
  it("tell of pushes, moved pull requests and comments, the app's own among them", async () => {
    const pull = await github.openPull({ ...app, head: "feature" });
    const before = github.pull(pull).headSha;
    github.autoDeliver(to);
    const after = await github.git(app).commit("feature", { "a.txt": "3\n" });
    await appClient(github, "acme").rest.issues.createComment({
      ...app,
      issue_number: pull.number,
      body: "done",
    });
    await github.settled();
    const byName = Object.fromEntries(received.map((one) => [one.name, one.payload]));
    expect(byName).toMatchObject({
      push: { ref: "refs/heads/feature", before, after, commits: [{ id: after }] },
      pull_request: { action: "synchronize", before, after, number: pull.number },
      issue_comment: { action: "created", sender: { login: github.bot.login, type: "Bot" } },
    });
    github.autoDeliver(null);
    await github.git(app).commit("feature", { "a.txt": "4\n" });
    await github.settled();
    expect(received).toHaveLength(3);
  });
});
