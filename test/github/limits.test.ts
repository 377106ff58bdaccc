// Limits, GitHub's and ours: a short one is waited for once, a long one is the queue's, and this app asks neither too fast nor too much at once.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { Octokit } from "@octokit/rest";
import fc from "fast-check";
import { limitRequests } from "../../src/github/request-hook.ts";
import { createGate, createPacer, isWaitedFor, mostAtOnce, pace } from "../../src/github/throttle.ts";
import { addressOf, gitHubOn, openFaults, openScene, recordingLog, startFakeGitHub } from "./harness.ts";
import type { FakeGitHub, Scene } from "./harness.ts";

let fake: FakeGitHub;
let faults: ReturnType<typeof openFaults>;
let scene: Scene;
beforeAll(async () => {
  fake = await startFakeGitHub();
  faults = openFaults(fake);
  scene = await openScene(fake);
});
beforeEach(() => {
  scene = { ...scene, github: gitHubOn(fake, scene.pull.installationId) };
});
afterEach(() => {
  faults.clear();
  expect(fake.violations).toEqual([]);
});
afterAll(() => fake.close());

const commentRoute = /\/issues\/comments\//;
const secondary = { path: commentRoute, method: "PATCH", kind: "secondary-rate-limit" } as const;

describe("a rate limit", () => {
  it("that is short is waited for, and what was refused is written once", async () => {
    const { id } = await scene.github.upsertComment(scene.pull, "x", null);
    const fault = faults.fault({ ...secondary, retryAfter: 1 });
    expect(await scene.github.upsertComment(scene.pull, "y", id)).toMatchObject({ id });
    expect(fault.hits()).toBe(1);
    expect(fake.comments(scene.pull).map(({ body }) => body)).toEqual([expect.stringMatching(/y$/)]);
  });

  it("that comes back is the queue's to wait for, with GitHub's time", async () => {
    const { id } = await scene.github.upsertComment(scene.pull, "x", null);
    const fault = faults.fault({ ...secondary, retryAfter: 1, times: 9 });
    await expect(scene.github.upsertComment(scene.pull, "y", id)).rejects.toMatchObject({
      code: "github",
      retryable: true,
      retryAfterMs: 1000,
    });
    expect(fault.hits()).toBe(2);
  });

  it("that is long is the queue's at once", async () => {
    const { id } = await scene.github.upsertComment(scene.pull, "x", null);
    const fault = faults.fault({ ...secondary, retryAfter: 31, times: 9 });
    await expect(scene.github.upsertComment(scene.pull, "y", id)).rejects.toMatchObject({
      code: "github",
      retryable: true,
      retryAfterMs: 31_000,
    });
    expect(fault.hits()).toBe(1);
  });

  it("on the token is waited for as well", async () => {
    const fault = faults.fault({ path: /\/access_tokens$/, kind: "secondary-rate-limit", retryAfter: 1 });
    expect(await scene.github.pull(scene.pull)).toMatchObject({ title: "topic" });
    expect(fault.hits()).toBe(1);
  });

  it("is waited for 30 s at most and not again", () => {
    expect(isWaitedFor(30_000, 0)).toBe(true);
    expect(isWaitedFor(30_001, 0)).toBe(false);
    expect(isWaitedFor(1000, 1)).toBe(false);
  });
});

const now = 1_800_000_000_000;
type Refusal = readonly [status: number, headers: Record<string, string>, message: string];

const silent = { debug: () => null, info: () => null, warn: () => null, error: () => null };

/** GitHub's answers in order, the last one for ever; what was asked of them, and the pauses in between, in milliseconds. */
function answering(...answers: readonly Response[]) {
  const sleeps: number[] = [];
  const octokit = new Octokit({
    log: silent,
    request: {
      fetch: (): Promise<Response | undefined> => Promise.resolve(answers[asked++]?.clone()),
    },
  });
  let asked = 0;
  const clock = {
    now: () => now,
    sleep: (ms: number) => {
      sleeps.push(ms);
      return Promise.resolve();
    },
  };
  const log = recordingLog();
  limitRequests(octokit, { installationId: 1, log, clock });
  return { octokit, sleeps, log, asked: () => asked };
}

const refusal = ([status, headers, message]: Refusal) =>
  new Response(JSON.stringify({ message }), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });
const fine = new Response("{}", { headers: { "content-type": "application/json" } });

describe("the time to wait", () => {
  const spent = (inSeconds: number) => ({
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": String(now / 1000 + inSeconds),
  });
  const primary = "API rate limit exceeded for installation ID 1.";
  const abuse = "You have exceeded a secondary rate limit.";

  it.each<[string, Refusal, number]>([
    ["primary, 403: until the reset", [403, spent(12), primary], 12_000],
    ["primary, 429: until the reset", [429, spent(30), primary], 30_000],
    ["primary, a reset that is past: a second", [403, spent(-5), primary], 1000],
    ["secondary, 403: Retry-After", [403, { "retry-after": "7" }, abuse], 7000],
    ["secondary, 429: Retry-After", [429, { "retry-after": "30" }, abuse], 30_000],
    ["both: Retry-After", [403, { ...spent(20), "retry-after": "9" }, abuse], 9000],
  ])("%s", async (_name, answer, ms) => {
    const { octokit, sleeps, asked, log } = answering(refusal(answer), fine);
    expect(await octokit.rest.pulls.get({ owner: "o", repo: "r", pull_number: 1 })).toMatchObject({
      status: 200,
    });
    expect(sleeps).toEqual([ms]);
    expect(asked()).toBe(2);
    expect(log.lines).toEqual([
      {
        level: "warn",
        message: "GitHub rate limit",
        fields: {
          installationId: 1,
          method: "GET",
          url: "/repos/{owner}/{repo}/pulls/{pull_number}",
          status: answer[0],
          retryAfterMs: ms,
          waited: true,
        },
      },
    ]);
  });

  it.each<[string, Refusal]>([
    ["primary, a reset that is far", [403, spent(3000), primary]],
    ["secondary, a long Retry-After", [429, { "retry-after": "31" }, abuse]],
    ["secondary without a time: GitHub's minute", [403, {}, abuse]],
    ["no limit but a permission", [403, {}, "Resource not accessible by integration"]],
    ["no limit but an outage, whatever it says", [503, { "retry-after": "1" }, "Service unavailable"]],
  ])("none: %s", async (_name, answer) => {
    const { octokit, sleeps, asked } = answering(refusal(answer), fine);
    await expect(octokit.rest.pulls.get({ owner: "o", repo: "r", pull_number: 1 })).rejects.toMatchObject({
      status: answer[0],
    });
    expect(sleeps).toEqual([]);
    expect(asked()).toBe(1);
  });

  it("ends with the run: nothing is asked after its signal", async () => {
    const controller = new AbortController();
    const stopping: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init);
      controller.abort(new Error("stopped"));
      return answer;
    };
    const octokit = new Octokit({ baseUrl: fake.url, log: silent, request: { fetch: stopping } });
    limitRequests(octokit, { installationId: 1, log: recordingLog() });
    faults.fault({ path: "/app", kind: "secondary-rate-limit", retryAfter: 30 });
    const { signal } = controller;
    const from = fake.requests.length;
    await expect(octokit.rest.apps.getAuthenticated({ request: { signal } })).rejects.toThrow("stopped");
    expect(fake.requests.slice(from)).toHaveLength(1);
  });
});

describe("requests at a time", () => {
  /** A fetch that keeps every answer back until `release`, tokens excepted. */
  function heldBack() {
    let running = 0;
    let most = 0;
    const held: (() => void)[] = [];
    const holding = { on: true };
    const send: typeof fetch = async (input, init) => {
      if (addressOf(input).endsWith("/access_tokens")) return fetch(input, init);
      most = Math.max(most, ++running);
      if (holding.on) await new Promise<void>((resolve) => held.push(resolve));
      running--;
      return fetch(input, init);
    };
    const release = () => {
      holding.on = false;
      for (const go of held.splice(0)) go();
    };
    return { send, release, held, most: () => most };
  }

  it("are ten, all are answered, and a token is not kept waiting behind them", async () => {
    const { send, release, held, most } = heldBack();
    const github = gitHubOn(fake, scene.pull.installationId, { fetch: send });
    const all = Promise.all(Array.from({ length: 25 }, () => github.permission(scene.pull, "nobody")));
    while (held.length < mostAtOnce) await new Promise((resolve) => setImmediate(resolve));
    expect(await github.readToken(scene.pull)).toMatch(/^ghs_/);
    expect(held).toHaveLength(mostAtOnce);
    release();
    expect(await all).toHaveLength(25);
    expect(most()).toBe(mostAtOnce);
  });

  it("keep their order and give their place back when they fail", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.boolean(), { maxLength: 12 }),
        async (scheduler, fates) => {
          const gate = createGate(2);
          const came: number[] = [];
          const began: number[] = [];
          let running = 0;
          const all = fates.map(async (fails, index) => {
            await scheduler.schedule(Promise.resolve());
            came.push(index);
            await gate(async () => {
              began.push(index);
              expect(++running).toBeLessThanOrEqual(2);
              await scheduler.schedule(Promise.resolve());
              running--;
              if (fails) throw new Error("failed");
            });
          });
          const settled = Promise.allSettled(all);
          await scheduler.waitFor(settled);
          expect((await settled).map(({ status }) => status === "rejected")).toEqual(fates);
          expect(began).toEqual(came);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe("pace", () => {
  /** Lets `gaps` pass between calls and returns when each was let through, in milliseconds. */
  async function passes(
    rate: { burst: number; intervalMs: number },
    gaps: readonly number[],
  ): Promise<number[]> {
    let time = 1_000_000;
    const passed: number[] = [];
    const pacer = createPacer(rate, {
      now: () => time,
      sleep: (ms) => {
        passed.push(time + ms);
        return Promise.resolve();
      },
    });
    for (const gap of gaps) {
      time += gap;
      const before = passed.length;
      await pacer();
      if (passed.length === before) passed.push(time);
    }
    return passed;
  }

  it("stays within GitHub's limits in any minute, whatever is asked", async () => {
    const gaps = fc.array(fc.nat({ max: 3000 }), { minLength: 1, maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(gaps, async (waits) => {
        for (const [rate, limit] of [
          [pace.notifying, 80],
          [pace.write, 100],
        ] as const) {
          const times = await passes(rate, waits);
          for (const start of times) {
            expect(times.filter((at) => at >= start && at < start + 60_000).length).toBeLessThanOrEqual(
              limit,
            );
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it("holds for every write, more for comments, and not for reads", async () => {
    const at = { owner: "o", repo: "r" };
    const { octokit, sleeps } = answering(...Array.from({ length: 200 }, () => fine));
    const { git, issues, pulls } = octokit.rest;
    const repeat = async (times: number, request: () => Promise<unknown>) => {
      for (let done = 0; done < times; done++) await request();
      return sleeps.splice(0);
    };
    expect(await repeat(50, () => pulls.get({ ...at, pull_number: 1 }))).toEqual([]);
    const comment = () => issues.createComment({ ...at, issue_number: 1, body: "x" });
    expect(await repeat(21, comment)).toEqual([1000]);
    const upload = () => git.createBlob({ ...at, content: "x" });
    expect(await repeat(20, upload)).toEqual([1000]);
  });

  it("lets a usual run through at once", async () => {
    const times = await passes(
      pace.notifying,
      Array.from({ length: 20 }, () => 0),
    );
    expect(new Set(times).size).toBe(1);
  });
});
