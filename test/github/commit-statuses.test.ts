// Commit statuses, which older CI writes in place of checks: counted, told, and done without where they may not be read.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import type { FakeGitHub } from "../support/fake-github.ts";
import { gitHubOn, impatient, openFaults, openScene, startFakeGitHub } from "./harness.ts";

let fake: FakeGitHub;
let faults: ReturnType<typeof openFaults>;
beforeAll(async () => {
  fake = await startFakeGitHub();
  faults = openFaults(fake);
});
afterEach(() => {
  faults.clear();
  expect(fake.violations).toEqual([]);
});
afterAll(() => fake.close());

describe("commit statuses", () => {
  type Status = Omit<Parameters<FakeGitHub["setStatus"]>[1], "sha">;
  async function withStatuses(...statuses: Status[]) {
    const { pull, git } = await openScene(fake, {});
    const github = gitHubOn(fake, pull.installationId, impatient);
    const sha = await git.sha("topic");
    const details = () => github.failedCheckDetails(pull, sha, new AbortController().signal);
    for (const one of statuses) await fake.setStatus(pull, { sha, ...one });
    return { pull, sha, github, details };
  }

  it("count as checks, by the newest of each name, in one call", async () => {
    const { github, pull, sha } = await withStatuses(
      { context: "ci/old", state: "failure" },
      { context: "ci/old", state: "success" },
      { context: "ci/red", state: "failure" },
      { context: "ci/broken", state: "error" },
      { context: "ci/slow", state: "pending" },
    );
    const { failed, ...counts } = await github.checkSummary(pull, sha);
    expect(counts).toEqual({ pending: 1, passed: 1 });
    expect([...failed].sort()).toEqual(["ci/broken", "ci/red"]);
    expect([...(await github.failedChecks(pull, sha))].sort()).toEqual(["ci/broken", "ci/red"]);
    const asked = fake.requests.filter(({ path }) => path.endsWith(`/commits/${sha}/status`));
    expect(asked).toHaveLength(2);
  });

  it("that wait for people are in no count: they may never end", async () => {
    const { github, pull, sha } = await withStatuses(
      { context: "license/cla", state: "pending" },
      { context: "tide", state: "pending" },
      { context: "DCO", state: "failure" },
      { context: "ci/classes", state: "success" },
    );
    expect(await github.checkSummary(pull, sha)).toEqual({ pending: 0, failed: [], passed: 1 });
  });

  it("of a name that a check has say nothing more", async () => {
    const { github, pull, sha, details } = await withStatuses({ context: "build", state: "failure" });
    fake.failCheck(pull, { name: "build", conclusion: "success" });
    expect(await github.checkSummary(pull, sha)).toEqual({ pending: 0, failed: [], passed: 1 });
    expect(await details()).toEqual([]);
  });

  it("that failed are told with name, link and description, behind the checks", async () => {
    const url = "https://ci.example/7";
    const { pull, details } = await withStatuses(
      { context: "ci/red", state: "failure", description: "2 tests failed", url },
      { context: "ci/mute", state: "error" },
      { context: "ci/green", state: "success" },
    );
    fake.failCheck(pull, { name: "lint", app: "circle", output: { title: "t", summary: "s" } });
    const [first, ...statuses] = await details();
    expect(first?.name).toBe("lint");
    expect(statuses).toEqual([
      expect.objectContaining({
        ...{ name: "ci/red", app: null, conclusion: "failure", url, log: "2 tests failed", jobId: null },
        trouble: "This is a commit status: there is no log, and its description stands in for one.",
      }),
      expect.objectContaining({
        ...{ name: "ci/mute", url: "", log: null, step: null, results: [], annotations: [] },
        trouble: "This is a commit status: there is no log, and it does not say why it failed.",
      }),
    ]);
  });

  it("are done without where the installation may not read them, and awaited where GitHub is down", async () => {
    const { github, pull, sha, details } = await withStatuses({ context: "ci/red", state: "failure" });
    fake.failCheck(pull, { name: "lint" });
    const fault = { method: "GET", path: `*/commits/${sha}/status` };
    faults.fault({ ...fault, status: 403, times: 2 });
    expect(await github.checkSummary(pull, sha)).toMatchObject({ failed: ["lint"] });
    expect((await details()).map(({ name }) => name)).toEqual(["lint"]);
    faults.fault({ ...fault, status: 502, times: 3 });
    await expect(github.checkSummary(pull, sha)).rejects.toMatchObject({ retryable: true });
  });
});
