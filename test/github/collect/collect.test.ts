// What the adapter tells of failed checks, over real HTTP: logs, annotations, artifacts, and what it says where they are not to be had.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import type { TestResult } from "../../../src/core/checks.ts";
import type { GitHub } from "../../../src/core/github.ts";
import type { PullRef } from "../../../src/core/pull.ts";
import type { GitHubOptions } from "../../../src/github/index.ts";
import type { FakeGitHub, FileSpec } from "../../support/fake-github.ts";
import { addressOf, gitHubOn, impatient, openFaults, openScene, startFakeGitHub } from "../harness.ts";

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

const never = new AbortController().signal;

/** One failed result for each file, named after it. */
function readResults(name: string, bytes: Uint8Array): readonly TestResult[] {
  const text = Buffer.from(bytes).toString();
  if (text === "throw") throw new Error("cannot read it");
  return [{ id: `${name}: ${text.slice(0, 40)}`, status: text === "ok" ? "passed" : "failed", message: "" }];
}

async function scene(options: Partial<GitHubOptions> = {}, ours: Record<string, FileSpec> = {}) {
  const { pull, git } = await openScene(fake, { ours });
  const github = gitHubOn(fake, pull.installationId, { readResults, ...options });
  const sha = await git.sha("topic");
  return { pull, sha, github, details: () => github.failedCheckDetails(pull, sha, never) };
}

const steps = [
  { name: "npm ci", log: "added 3 packages" },
  { name: "npm test", conclusion: "failure", log: "\u001b[31mFAIL\u001b[0m test/sum.test.js\nexpected 3" },
  { name: "upload", log: "uploaded" },
];

describe("checkSummary", () => {
  it("counts checks of other apps, each by how it ended", async () => {
    const { pull, sha, github } = await scene();
    const conclusions = [
      "success",
      "neutral",
      "skipped",
      "failure",
      "timed_out",
      "cancelled",
      "action_required",
    ];
    for (const conclusion of conclusions) fake.failCheck(pull, { name: conclusion, conclusion });
    fake.failCheck(pull, { name: "lint", app: "circle", conclusion: "failure" });
    fake.failCheck(pull, { name: "lint", app: "travis-ci", conclusion: "failure" });
    fake.failCheck(pull, { name: "slow", conclusion: null });
    await ownCheck(github, pull, sha);
    const { failed, ...counts } = await github.checkSummary(pull, sha);
    expect(counts).toEqual({ pending: 1, passed: 3 });
    // What a person called off, or has to approve, is nobody's failure.
    expect([...failed].sort()).toEqual(["failure", "lint", "timed_out"]);
  });

  it("takes the newest of a check that was started again", async () => {
    const { pull, sha, github } = await scene();
    const { id } = fake.failCheck(pull, { name: "test", steps });
    expect(await github.checkSummary(pull, sha)).toEqual({ pending: 0, failed: ["test"], passed: 0 });
    expect(await github.rerunJob(pull, id)).toBe(true);
    expect(await github.checkSummary(pull, sha)).toEqual({ pending: 1, failed: [], passed: 0 });
    fake.finishCheck(fake.reruns.at(-1)?.newJobId ?? 0, "success");
    expect(await github.checkSummary(pull, sha)).toEqual({ pending: 0, failed: [], passed: 1 });
  });
});

function ownCheck(github: GitHub, pull: PullRef, sha: string): Promise<unknown> {
  const words = { title: "t", summary: "s", annotations: [], actions: [] };
  return github.upsertCheck(pull, {
    name: "errand",
    runId: "1",
    sha,
    conclusion: "action_required",
    ...words,
  });
}

describe("failedCheckDetails", () => {
  it("tells of a job: its failed step's log, annotations, results, and the job to run again", async () => {
    const { pull, details } = await scene();
    const { id } = fake.failCheck(pull, {
      name: "test (20)",
      steps,
      annotations: [{ path: "src/sum.js", line: 3, message: "off by one" }],
      artifacts: { "test-results": { "junit.xml": "<testsuites/>", "a/report.json": "ok", "log.txt": "no" } },
    });
    expect(await details()).toEqual([
      {
        ...{ id, name: "test (20)", app: "github-actions", conclusion: "failure", jobId: id },
        attempt: 1,
        url: expect.stringContaining(String(id)) as unknown,
        annotations: [{ path: "src/sum.js", line: 3, level: "failure", message: "off by one" }],
        step: "npm test",
        log: "Run npm test\nFAIL test/sum.test.js\nexpected 3\nError: Process completed with exit code 1.",
        results: [
          { id: "junit.xml: <testsuites/>", status: "failed", message: "" },
          { id: "a/report.json: ok", status: "passed", message: "" },
        ],
        trouble: "",
      },
    ]);
  });

  it("leaves out what passed, what runs, what is ours, and older runs of a name; the worst come first, at most twenty", async () => {
    const { pull, sha, github, details } = await scene();
    await ownCheck(github, pull, sha);
    fake.failCheck(pull, { name: "good", conclusion: "success" });
    fake.failCheck(pull, { name: "slow", conclusion: null });
    fake.failCheck(pull, { name: "late", conclusion: "cancelled" });
    fake.failCheck(pull, { name: "test" });
    const newest = fake.failCheck(pull, { name: "test" }).id;
    expect((await details()).map(({ id, name }) => [id === newest, name])).toEqual([
      [true, "test"],
      [false, "late"],
    ]);
    for (let index = 0; index < 25; index++) fake.failCheck(pull, { name: `job ${index}` });
    const names = (await details()).map(({ name }) => name);
    expect([names.length, names.includes("late")]).toEqual([20, false]);
  });

  it("takes another app's summary for its log, and says so", async () => {
    const { pull, details } = await scene();
    const output = { title: "1 failed", summary: "FAIL: sum", text: "expected 3" };
    fake.failCheck(pull, { name: "ci/circle", app: "circleci", output });
    fake.failCheck(pull, { name: "silent", app: "circleci" });
    expect(await details()).toMatchObject([
      {
        name: "silent",
        log: null,
        jobId: null,
        trouble: expect.stringContaining("there is no log") as unknown,
      },
      {
        ...{ name: "ci/circle", app: "circleci", jobId: null, step: null },
        log: "1 failed\nFAIL: sum\nexpected 3",
        trouble: "This check is not by GitHub Actions: its own summary stands in for a log.",
      },
    ]);
  });

  it("says which permission it lacks, and tells the rest", async () => {
    const { pull, details } = await scene();
    fake.failCheck(pull, { name: "test", steps, annotations: [{ path: "a.js", line: 1, message: "no" }] });
    fake.setInstallationPermissions("acme", { checks: "write", contents: "write", pull_requests: "write" });
    const [check] = await details().finally(() => {
      fake.setInstallationPermissions("acme", fake.app.permissions);
    });
    expect(check).toMatchObject({ log: null, jobId: null, annotations: [{ path: "a.js" }] });
    expect(check?.trouble).toContain('GitHub does not let this app read the job: grant it "Actions: read"');
  });

  it("does without a log that is gone", async () => {
    const { pull, details } = await scene();
    fake.failCheck(pull, { name: "test", steps, log: null, artifacts: { "junit-report": { "a.xml": "x" } } });
    const [check] = await details();
    expect(check).toMatchObject({ log: null, results: [{ id: "a.xml: x" }] });
    expect(check?.trouble).toContain("GitHub has no log, or has it no more");
  });

  it("keeps one failure to one check", async () => {
    const { pull, details } = await scene();
    const broken = fake.failCheck(pull, { name: "broken", steps }).id;
    fake.failCheck(pull, { name: "whole", steps });
    faults.fault({ method: "GET", path: `*/actions/jobs/${broken}/logs`, status: 502, times: 9 });
    expect(await details()).toMatchObject([
      { name: "whole", trouble: "", log: expect.stringContaining("FAIL") as unknown },
      { name: "broken", log: null, trouble: expect.stringContaining("GitHub answered 502") as unknown },
    ]);
  });

  it("puts failures before warnings, and stops at a hundred annotations", async () => {
    const { pull, details } = await scene();
    const warnings = Array.from({ length: 240 }, (_, index) => ({
      ...{ path: "a.js", line: index + 1, message: "w".repeat(5_000) },
      level: "warning" as const,
    }));
    fake.failCheck(pull, {
      name: "lint",
      annotations: [...warnings, { path: "b.js", line: 0, message: "\u001b[31mno" }],
    });
    const [check] = await details();
    expect(check?.annotations).toHaveLength(100);
    expect(check?.annotations[0]).toEqual({
      path: "b.js",
      line: 1,
      level: "failure",
      message: "\\u{1b}[31mno",
    });
    expect(check?.annotations[1]?.message.length).toBeLessThanOrEqual(2_000);
  });

  it("ends at once when it is aborted", async () => {
    const { pull, sha, github } = await scene();
    fake.failCheck(pull, { name: "test", steps });
    const stop = new AbortController();
    const stopAtLog = fake.onRequest(({ path }) => {
      if (path.endsWith("/logs")) stop.abort(new Error("enough"));
    });
    await expect(github.failedCheckDetails(pull, sha, stop.signal)).rejects.toThrow();
    stopAtLog();
  });
});

describe("artifacts", () => {
  it("are read once for the jobs of a workflow run, by name, the newest of each, and never over 10 MB", async () => {
    const { pull, details } = await scene();
    fake.failCheck(pull, {
      ...{ name: "a", steps },
      artifacts: {
        coverage: { "junit.xml": "not by name" },
        results: { "old.xml": "old" },
        "big-test": Buffer.alloc(11 << 20),
      },
    });
    fake.failCheck(pull, {
      name: "b",
      steps,
      artifacts: { results: { "new.xml": "new", "bad.xml": "throw" } },
    });
    const from = fake.requests.length;
    const [b, a] = await details();
    expect(b?.results).toEqual([{ id: "new.xml: new", status: "failed", message: "" }]);
    expect(a?.results).toEqual(b?.results);
    expect(a?.trouble).toBe('Of the artifact "big-test" nothing was read: it is larger than 10 MB.');
    expect(fake.requests.slice(from).filter(({ path }) => path.endsWith("/zip"))).toHaveLength(1);
  });

  it("may hold more results than are kept, and than fit into a call", async () => {
    const { pull, details } = await scene({
      readResults: () =>
        Array.from({ length: 300_000 }, (_, index) => ({
          ...{ id: `t ${index}`, message: "" },
          status: index === 299_999 ? ("failed" as const) : ("passed" as const),
        })),
    });
    fake.failCheck(pull, { name: "a", steps, artifacts: { results: { "a.xml": "a" } } });
    const [check] = await details();
    expect(check?.results).toHaveLength(1_000);
    expect(check?.results[0]?.status).toBe("failed");
  });

  it("are left alone where nobody can read them", async () => {
    const { pull, sha } = await scene();
    fake.failCheck(pull, { name: "test", steps, artifacts: { results: { "a.xml": "a" } } });
    const [check] = await gitHubOn(fake, pull.installationId).failedCheckDetails(pull, sha, never);
    expect(check).toMatchObject({ results: [], trouble: "" });
  });

  it("that are no archives are told", async () => {
    const { pull, details } = await scene();
    fake.failCheck(pull, {
      name: "test",
      steps,
      artifacts: { results: Buffer.from("no zip at all".repeat(9)) },
    });
    expect((await details())[0]?.trouble).toBe('The artifact "results" is no zip archive that can be read.');
  });
});

describe("the address of a log", () => {
  /** As if GitHub sent us elsewhere. Returns what was asked there, with the credentials that came with it. */
  function sentTo(location: string, answer: () => Response) {
    const asked: { url: string; authorization: string | null }[] = [];
    const send: typeof fetch = async (input, init) => {
      const url = addressOf(input);
      if (url.startsWith(fake.url)) {
        const given = await fetch(input, init);
        if (given.status !== 302) return given;
        const headers = new Headers(given.headers);
        headers.set("location", location);
        return new Response(null, { status: 302, headers });
      }
      asked.push({ url, authorization: new Headers(init?.headers).get("authorization") });
      return answer();
    };
    return { asked, send };
  }

  it("on another host is asked over https, without our token", async () => {
    const { asked, send } = sentTo(
      "https://logs.example.com/x?sig=secret",
      () => new Response("FAIL here\n"),
    );
    const { pull, details } = await scene({ fetch: send });
    fake.failCheck(pull, { name: "test", steps });
    expect((await details())[0]).toMatchObject({ log: "FAIL here", trouble: "" });
    expect(asked).toEqual([{ url: "https://logs.example.com/x?sig=secret", authorization: null }]);
  });

  it.each([
    "http://logs.example.com/x",
    "https://127.0.0.1/x",
    "https://2130706433/x",
    "https://10.1.2.3/x",
    "https://169.254.169.254/latest/meta-data",
    "https://[::1]/x",
    "https://[::ffff:10.0.0.1]/x",
    "https://metadata/x",
    "https://vault.internal./x",
    "https://user:word@logs.example.com/x",
    "file:///etc/passwd",
    "",
  ])("%p is not asked", async (location) => {
    const { asked, send } = sentTo(location, () => new Response("secret"));
    const { pull, details } = await scene({ fetch: send });
    fake.failCheck(pull, { name: "test", steps });
    const [check] = await details();
    expect([asked, check?.log]).toEqual([[], null]);
    expect(check?.trouble).toContain("neither its own nor a public https address");
  });

  it("stays out of what is told when the server there refuses, or breaks off", async () => {
    const address = "https://logs.example.com/x?sig=secret";
    const breaking = () =>
      new Response(
        new ReadableStream({
          start: (to) => {
            to.enqueue(Buffer.from("FAIL first\n"));
          },
          pull: (to) => {
            to.error(new Error(`reset by ${address}`));
          },
        }),
      );
    for (const [answer, log, words] of [
      [() => new Response("gone", { status: 403 }), null, "answered 403"],
      [breaking, "FAIL first", "broke off"],
    ] as const) {
      const { pull, details } = await scene({ fetch: sentTo(address, answer).send });
      fake.failCheck(pull, { name: "test", steps });
      const [check] = await details();
      expect(check?.log).toBe(log);
      expect(check?.trouble).toContain(words);
      expect(JSON.stringify(check)).not.toContain("secret");
    }
  });

  it("that never ends sending is left after a time", async () => {
    const endless = () =>
      new Response(
        new ReadableStream({
          start: (to) => {
            to.enqueue(Buffer.from("FAIL\n"));
          },
        }),
      );
    const { send } = sentTo("https://logs.example.com/x", endless);
    const aborting: typeof fetch = async (input, init) => {
      const given = await send(input, init);
      const { signal } = init ?? {};
      if (addressOf(input).startsWith(fake.url) || !signal || given.body === null) return given;
      return new Response(given.body.pipeThrough(new TransformStream(), { signal }));
    };
    const { pull, details } = await scene({
      fetch: aborting,
      limits: { ...impatient.limits, downloadMs: 200 },
    });
    fake.failCheck(pull, { name: "test", steps });
    expect((await details())[0]).toMatchObject({
      log: "FAIL",
      trouble: "Reading the log took longer than 0.2 s; what came until then is used.",
    });
  });
});

it("reads a log of 100 MB without holding it", async () => {
  const { pull, details } = await scene();
  const line = `2026-01-01T00:00:00.0000000Z ${"x".repeat(970)}\n`.repeat(64);
  function* log(): Generator<string> {
    for (let index = 0; index < 1_600; index++) yield line;
    yield "2026-01-01T00:00:01.0000000Z FAIL at the very end\n";
  }
  fake.failCheck(pull, { name: "test", log });
  const [check] = await details();
  expect(check?.log?.endsWith("FAIL at the very end")).toBe(true);
  expect(Buffer.byteLength(check?.log ?? "")).toBeLessThanOrEqual(65_536);
});

describe("rerunJob", () => {
  it("is refused while the job runs, for a job that is not there, and without the permission", async () => {
    const { pull, github } = await scene();
    const { id } = fake.failCheck(pull, { name: "test", steps });
    expect(await github.rerunJob(pull, id)).toBe(true);
    expect(await github.rerunJob(pull, fake.reruns.at(-1)?.newJobId ?? 0)).toBe(false);
    expect(await github.rerunJob(pull, 1)).toBe(false);
    fake.setInstallationPermissions("acme", { actions: "read", checks: "write", contents: "write" });
    expect(await gitHubOn(fake, pull.installationId).rerunJob(pull, id)).toBe(false);
    fake.setInstallationPermissions("acme", fake.app.permissions);
    expect(fake.reruns.filter(({ jobId }) => jobId === id)).toHaveLength(1);
  });

  it("throws where GitHub does not answer: it may have been started", async () => {
    const { pull, github } = await scene();
    const { id } = fake.failCheck(pull, { name: "test", steps });
    faults.fault({ method: "POST", path: "*/rerun", status: 502, times: 1 });
    await expect(github.rerunJob(pull, id)).rejects.toMatchObject({ code: "github", retryable: true });
  });
});

describe("openPulls", () => {
  it("lists those that are open into a branch, newest first, no more than asked for", async () => {
    const { pull, github } = await scene();
    const { installationId, owner, repo } = pull;
    const git = fake.git(pull);
    for (const head of ["one", "two", "three"]) {
      await git.commit(head, { [`${head}.txt`]: "x" });
      await fake.openPull({ owner, repo, head, base: head === "two" ? "topic" : "main" });
    }
    await fake.closePull({ ...pull, number: 4 });
    const numbers = async (base: string, most: number) =>
      (await github.openPulls({ installationId, owner, repo }, base, most)).map(({ number }) => number);
    expect(await numbers("main", 10)).toEqual([2, 1]);
    expect(await numbers("main", 1)).toEqual([2]);
    expect(await numbers("topic", 10)).toEqual([3]);
    expect(await numbers("nowhere", 10)).toEqual([]);
    expect((await github.openPulls(pull, "topic", 5))[0]).toEqual({ installationId, owner, repo, number: 3 });
  });
});
