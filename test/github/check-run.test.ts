// One check run per run, its annotations in batches, within GitHub's limits.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import type { Annotation, CheckRun } from "../../src/core/github.ts";
import { asked, openScene, startFakeGitHub } from "./harness.ts";
import type { FakeGitHub } from "./harness.ts";

let fake: FakeGitHub;
beforeAll(async () => {
  fake = await startFakeGitHub();
});
afterEach(() => {
  expect(fake.violations).toEqual([]);
});
afterAll(() => fake.close());

const annotations = (count: number): Annotation[] =>
  Array.from({ length: count }, (_, index) => ({
    path: "src/a.ts",
    startLine: index + 1,
    endLine: index + 1,
    level: "warning",
    title: `Conflict ${index + 1}`,
    message: "open",
  }));

const check = (sha: string, change: Partial<CheckRun> = {}): CheckRun => ({
  name: "agent / conflicts",
  runId: "0123456789abcdef",
  sha,
  conclusion: "neutral",
  title: "Some conflicts are left for you",
  summary: "words",
  annotations: [],
  actions: [],
  ...change,
});

describe("the check run", () => {
  it("is made once per run and updated after that, whatever other runs are on the commit", async () => {
    const { github, pull, git, repository } = await openScene(fake);
    const sha = await git.sha("topic");
    const made = await github.upsertCheck(pull, check(sha));
    const other = await github.upsertCheck(pull, check(sha, { runId: "another" }));
    const again = await github.upsertCheck(pull, check(sha, { conclusion: "success", title: "Pushed" }));
    expect(again).toEqual(made);
    expect(other.id).not.toBe(made.id);
    expect(fake.checkRuns(repository)).toMatchObject([
      {
        id: made.id,
        externalId: "0123456789abcdef",
        conclusion: "success",
        title: "Pushed",
        status: "completed",
      },
      { id: other.id, externalId: "another" },
    ]);
  });

  it("does not take another app's check of the same name for its own", async () => {
    const { github, pull, git, repository } = await openScene(fake);
    const sha = await git.sha("topic");
    const theirs = fake.addCiRun(repository, { name: "agent / conflicts", sha, conclusion: "failure" });
    const made = await github.upsertCheck(pull, check(sha));
    expect(made.id).not.toBe(theirs);
    expect(fake.checkRuns(repository)).toHaveLength(2);
  });

  it.each([
    [0, 0],
    [50, 0],
    [51, 1],
    [140, 2],
  ])("sends %i annotations with %i further requests, each once", async (count, further) => {
    const { github, pull, git, repository } = await openScene(fake);
    const wanted = check(await git.sha("topic"), { annotations: annotations(count) });
    const from = fake.requests.length;
    await github.upsertCheck(pull, wanted);
    expect(asked(fake, from, "PATCH")).toHaveLength(further);
    // The same run again, as after a crash: nothing is added twice.
    await github.upsertCheck(pull, wanted);
    const lines = fake.checkRuns(repository)[0]?.annotations.map(({ start_line }) => start_line);
    expect(lines).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  });

  it("goes on where a crash between two batches left it", async () => {
    const { github, pull, git, repository } = await openScene(fake);
    const wanted = check(await git.sha("topic"), { annotations: annotations(140) });
    fake.fault({
      method: "PATCH",
      path: `/repos/acme/${repository.repo}/check-runs/*`,
      status: 502,
      skip: 1,
    });
    await expect(github.upsertCheck(pull, wanted)).rejects.toMatchObject({ retryable: true });
    await github.upsertCheck(pull, wanted);
    expect(fake.checkRuns(repository)).toHaveLength(1);
    const lines = fake.checkRuns(repository)[0]?.annotations.map(({ start_line }) => start_line);
    expect(lines).toEqual(Array.from({ length: 140 }, (_, index) => index + 1));
  });

  it("shows the Apply button, and cuts what GitHub would refuse", async () => {
    const { github, pull, git, repository } = await openScene(fake);
    const action = { label: "Apply", description: "Push the proposed resolution", identifier: "apply" };
    const long = { label: "l".repeat(30), description: "d".repeat(60), identifier: "i".repeat(30) };
    await github.upsertCheck(
      pull,
      check(await git.sha("topic"), {
        conclusion: "action_required",
        summary: "s".repeat(70_000),
        actions: [action, long, long, long],
      }),
    );
    const [made] = fake.checkRuns(repository);
    expect(made?.actions[0]).toEqual(action);
    expect(made?.actions).toHaveLength(3);
    expect(made?.summary).toHaveLength(65_535);
  });

  it.each(["status", "reset"] as const)("is one when the answer to its making is lost (%s)", async (kind) => {
    const { github, pull, git, repository } = await openScene(fake);
    const path = `/repos/acme/${repository.repo}/check-runs`;
    const fault = fake.fault({ method: "POST", path, kind, afterEffect: true });
    const made = await github.upsertCheck(
      pull,
      check(await git.sha("topic"), { annotations: annotations(60) }),
    );
    expect(fault.hits()).toBe(1);
    const [only, ...others] = fake.checkRuns(repository);
    expect(others).toEqual([]);
    expect(only?.id).toBe(made.id);
    expect(only?.annotations).toHaveLength(60);
  });
});
