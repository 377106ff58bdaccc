// Other Apps' checks on the fake, as the real client sees them: suites, jobs, logs, artifacts, and a CI that follows pushes.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Octokit } from "@octokit/rest";
import type { PullRef } from "../../src/core/pull.ts";
import { appClient, refusal, tokenClient } from "./client.ts";
import { startFakeGitHub, type FakeGitHub } from "./fake-github.ts";

const app = { owner: "acme", repo: "app" };
let github: FakeGitHub;
let client: Octokit;
let pull: PullRef;
let server: Server;
let to: string;
let received: { event: string; payload: Record<string, Record<string, unknown>> }[];

beforeEach(async () => {
  github = await startFakeGitHub();
  await github.addRepository({ owner: "acme", name: "app", files: { "a.txt": "1\n" } });
  await github.git(app).commit("feature", { "a.txt": "2\n" });
  pull = await github.openPull({ ...app, head: "feature" });
  client = appClient(github, "acme");
  received = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const payload = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, Record<string, unknown>>;
      received.push({ event: String(request.headers["x-github-event"]), payload });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  to = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/hook`;
});

afterEach(async () => {
  await github.close();
  await new Promise((resolve) => server.close(resolve));
});

const steps = [
  { name: "install", log: "done" },
  { name: "test", conclusion: "failure", log: "not ok 1\nnot ok 2" },
];

describe("a failed check", () => {
  it("is a job of GitHub Actions, with steps, a suite and the payloads that tell of it", async () => {
    const { id, runId, suiteId, payloads } = github.failCheck(pull, { name: "test", steps });
    const { data: job } = await client.rest.actions.getJobForWorkflowRun({ ...app, job_id: id });
    expect(job).toMatchObject({
      id,
      run_id: runId,
      name: "test",
      conclusion: "failure",
      head_branch: "feature",
    });
    expect(job.steps).toMatchObject([
      { name: "install", conclusion: "success", completed_at: "2026-01-01T12:00:10Z" },
      { name: "test", conclusion: "failure", started_at: "2026-01-01T12:00:10Z" },
    ]);
    const { data } = await client.rest.checks.listSuitesForRef({ ...app, ref: "feature" });
    expect(data.check_suites).toMatchObject([
      { id: suiteId, status: "completed", conclusion: "failure", app: { slug: "github-actions" } },
    ]);
    for (const [event, payload] of Object.entries(payloads)) await github.deliver(event, payload, { to });
    expect(
      received.map(({ event, payload }) => [event, payload[event]?.["id"], payload[event]?.["conclusion"]]),
    ).toEqual([
      ["check_run", id, "failure"],
      ["workflow_run", runId, "failure"],
      ["check_suite", suiteId, "failure"],
    ]);
    expect(received[2]?.payload["check_suite"]).toMatchObject({
      app: { slug: "github-actions" },
      pull_requests: [{ number: 1 }],
    });
    expect(github.violations).toEqual([]);
  });

  it("has a log at an address that is good once, and never for a token", async () => {
    const { id } = github.failCheck(pull, { name: "test", steps });
    const address = async () => {
      const { headers } = await client.request("GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs", {
        ...{ ...app, job_id: id },
        request: { redirect: "manual" },
      });
      return headers.location ?? "";
    };
    const once = await address();
    expect((await (await fetch(once)).text()).split("\n")).toEqual([
      "2026-01-01T12:00:00.5000000Z ##[group]Run install",
      "2026-01-01T12:00:00.5000000Z ##[endgroup]",
      "2026-01-01T12:00:00.5000000Z done",
      "2026-01-01T12:00:10.5000000Z ##[group]Run test",
      "2026-01-01T12:00:10.5000000Z ##[endgroup]",
      "2026-01-01T12:00:10.5000000Z not ok 1",
      "2026-01-01T12:00:10.5000000Z not ok 2",
      "2026-01-01T12:00:10.5000000Z ##[error]Process completed with exit code 1.",
      "",
    ]);
    expect((await fetch(once)).status).toBe(404);
    expect(github.violations).toEqual([]);
    await (await fetch(await address(), { headers: { authorization: "Bearer x" } })).text();
    expect(github.violations).toMatchObject([
      { kind: "request", message: expect.stringContaining("credential") as unknown },
    ]);
  });

  it("of another App has no job, and its log is not found", async () => {
    const { id, runId } = github.failCheck(pull, { name: "ci/circle", app: "circleci" });
    const asked = client.rest.actions.getJobForWorkflowRun({ ...app, job_id: id });
    expect([runId, (await refusal(asked)).status]).toEqual([null, 404]);
    const weak = tokenClient(github, github.token("acme", { permissions: { checks: "read" } }));
    const refused = weak.rest.actions.getJobForWorkflowRun({ ...app, job_id: id });
    expect((await refusal(refused)).status).toBe(403);
    expect(github.violations).toEqual([]);
  });

  it("has artifacts by the workflow's run", async () => {
    const { runId } = github.failCheck(pull, {
      name: "test",
      artifacts: { results: { "junit.xml": "<testsuites/>" } },
    });
    const { data } = await client.rest.actions.listWorkflowRunArtifacts({ ...app, run_id: runId ?? 0 });
    expect(data.artifacts).toMatchObject([{ name: "results", expired: false }]);
    const { data: bytes } = await client.rest.actions.downloadArtifact({
      ...{ ...app, artifact_id: data.artifacts[0]?.id ?? 0, archive_format: "zip" },
    });
    expect(Buffer.from(bytes as ArrayBuffer).toString("latin1")).toContain("<testsuites/>");
  });
});

describe("a job that is started again", () => {
  it("runs anew under a new id, and is refused while it does", async () => {
    const { id } = github.failCheck(pull, { name: "test", steps });
    await client.rest.actions.reRunJobForWorkflowRun({ ...app, job_id: id });
    const newJobId = github.reruns[0]?.newJobId ?? 0;
    expect(github.reruns).toEqual([{ jobId: id, newJobId }]);
    const again = client.rest.actions.reRunJobForWorkflowRun({ ...app, job_id: newJobId });
    expect((await refusal(again)).status).toBe(403);
    expect(github.finishCheck(newJobId, "success").payloads.check_suite).toMatchObject({
      check_suite: { conclusion: "success" },
    });
    expect(github.violations).toEqual([]);
  });
});

describe("CI that follows pushes", () => {
  it("runs on each push, by what is in the tree, and tells of its end", async () => {
    github.autoDeliver(to);
    github.ciFollowsPushes(app, ({ files }) => (files["a.txt"] === "3\n" ? "success" : { steps }));
    const red = await github.git(app).commit("feature", { "b.txt": "b\n" });
    expect(github.checkRuns(app).at(-1)).toMatchObject({ headSha: red, status: "in_progress" });
    await github.settled();
    const green = await github.git(app).commit("feature", { "a.txt": "3\n" });
    await github.settled();
    const suites = received
      .filter(({ event }) => event === "check_suite")
      .map(({ payload }) => payload["check_suite"]);
    expect(suites).toMatchObject([
      { head_sha: red, conclusion: "failure", head_branch: "feature" },
      { head_sha: green, conclusion: "success", pull_requests: [{ number: pull.number }] },
    ]);
    github.ciFollowsPushes(app, null);
    await github.git(app).commit("feature", { "c.txt": "c\n" });
    await github.settled();
    expect(github.checkRuns(app)).toHaveLength(2);
  });

  it("runs a job again when it is started again, and knows which attempt it is", async () => {
    github.ciFollowsPushes(app, ({ attempt }) => (attempt === 1 ? "failure" : "success"), "flaky");
    await github.git(app).commit("feature", { "b.txt": "b\n" });
    await github.settled();
    const [first] = github.checkRuns(app);
    await client.rest.actions.reRunJobForWorkflowRun({ ...app, job_id: first?.id ?? 0 });
    await github.settled();
    expect(github.checkRuns(app).map(({ name, conclusion }) => [name, conclusion])).toEqual([
      ["flaky", "failure"],
      ["flaky", "success"],
    ]);
  });
});
