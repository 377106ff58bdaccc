// The background replay: what it learns is kept, it gives way to commands, and it ends for good within its allowance.
import { describe, expect, it } from "@jest/globals";
import { AppError } from "../../src/core/errors.ts";
import type { GitHub } from "../../src/core/github.ts";
import type { HunkLesson, PastMerge, Remembered, ReplayProgress } from "../../src/core/memory.ts";
import type { PastMergesOptions } from "../../src/core/workspace.ts";
import { idlePull } from "../../src/core/run.ts";
import { replayRepository } from "../../src/pipeline/replay.ts";
import type { ReplayJob, ReplayServices } from "../../src/pipeline/replay.ts";
import { createReplayer } from "../../src/pipeline/replayer.ts";

const job: ReplayJob = {
  pull: { installationId: 1, owner: "acme", repo: "shop", number: 7 },
  cloneUrl: "https://example.com/acme/shop.git",
  tip: "t".repeat(40),
};
const file = { path: "a", base: "", ours: "", theirs: "", segments: [] };
const conflicted = (sha: string): PastMerge => ({ sha, at: 1, files: [{ file, resolutions: ["x\n"] }] });
const clean = (sha: string): PastMerge => ({ sha, at: 1, files: [] });
const rule = { tier: "semantic", class: "imports", right: true };

interface World extends ReplayServices {
  readonly asked: PastMergesOptions[];
  readonly logged: string[];
  readonly resolutions: Map<string, Remembered>;
  readonly state: { progress: ReplayProgress | null; token: number; clock: number; forgotten: boolean };
}

/** Services over a store in memory. `beforeMerge` runs before each merge is given out. */
function worldOf(
  history: readonly PastMerge[],
  beforeMerge: (sha: string, options: PastMergesOptions, world: World) => Promise<void> | void = () =>
    undefined,
): World {
  const state: World["state"] = { progress: null, token: 0, clock: 1_000, forgotten: false };
  const resolutions = new Map<string, Remembered>();
  const asked: PastMergesOptions[] = [];
  const logged: string[] = [];
  const log = (_: unknown, message: string) => void logged.push(message);
  const world: World = {
    asked,
    logged,
    resolutions,
    state,
    store: {
      loadPull: () => Promise.resolve(state.forgotten ? null : idlePull(job.pull)),
      loadReplay: () => Promise.resolve(state.progress),
      recall: (_, keys) => Promise.resolve(keys.flatMap((key) => resolutions.get(key) ?? [])),
      takeTurn: () => Promise.resolve(++state.token),
      saveReplay: (_, token, progress, changed) => {
        if (token !== state.token) return Promise.resolve(false);
        state.progress = progress;
        for (const one of changed) resolutions.set(one.key, one);
        return Promise.resolve(true);
      },
    },
    githubFor: () => ({ readToken: () => Promise.resolve("token") }) as Partial<GitHub> as GitHub,
    pastMerges: async function* (options) {
      asked.push(options);
      for (const merge of history.slice(options.skip, options.skip + options.max)) {
        options.signal.throwIfAborted();
        await beforeMerge(merge.sha, options, world);
        options.signal.throwIfAborted();
        yield merge;
      }
    },
    merge: {
      learn: ({ sha, at }) => {
        const hunks: HunkLesson[] = [{ memory: { key: `key-${sha}`, text: "x\n" }, rule }];
        return Promise.resolve(sha === "slow" ? null : { sha, at, hunks });
      },
      close: () => Promise.resolve(),
    },
    log: { debug: log, info: log, warn: log, error: log },
    now: () => state.clock,
  };
  return world;
}

const quiet = new AbortController().signal;
const history = [conflicted("a"), clean("b"), conflicted("slow"), conflicted("c")];

describe("replayRepository", () => {
  it("learns from every merge of the base branch, and is finished for good", async () => {
    const world = worldOf(history);
    await replayRepository(job, world, quiet);
    expect(world.state.progress).toEqual({
      tip: job.tip,
      replayed: 4,
      conflicted: 3,
      spentMs: 0,
      finished: true,
      counts: { semantic: { imports: { n: 2, right: 2 } } },
    });
    expect([...world.resolutions.keys()]).toEqual(["key-a", "key-c"]);
    expect(world.asked).toMatchObject([{ tip: job.tip, skip: 0, max: 200, token: "token" }]);
    await replayRepository({ ...job, tip: "u".repeat(40) }, world, quiet);
    expect(world.asked).toHaveLength(1);
  });

  it("goes on where it was called off, on the history it had begun with, and counts nothing twice", async () => {
    const stop = new AbortController();
    const world = worldOf(history, (sha, { signal }) => {
      if (sha === "c" && !stop.signal.aborted) stop.abort(new Error("a command came"));
      signal.throwIfAborted();
    });
    await expect(replayRepository(job, world, stop.signal)).rejects.toThrow("a command came");
    expect(world.state.progress).toMatchObject({ replayed: 3, finished: false });
    await replayRepository({ ...job, tip: "u".repeat(40) }, world, quiet);
    expect(world.asked[1]).toMatchObject({ tip: job.tip, skip: 3, max: 197 });
    expect(world.state.progress).toMatchObject({
      replayed: 4,
      finished: true,
      counts: { semantic: { imports: { n: 2, right: 2 } } },
    });
  });

  it("ends what the rules are busy with when it is called off, and looks at that merge again", async () => {
    const stop = new AbortController();
    const base = worldOf([conflicted("a")]);
    let end: (lesson: null) => void = () => undefined;
    let rounds = 0;
    const merge = {
      learn: async (past: PastMerge) => {
        if (++rounds > 1) return base.merge.learn(past);
        return new Promise<null>((resolve) => {
          end = resolve;
          stop.abort(new Error("a command came"));
        });
      },
      close: () => {
        end(null);
        return Promise.resolve();
      },
    };
    await expect(replayRepository(job, { ...base, merge }, stop.signal)).rejects.toThrow("a command came");
    expect(base.state.progress).toMatchObject({ replayed: 0, finished: false });
    await replayRepository(job, { ...base, merge }, quiet);
    expect([...base.resolutions.keys()]).toEqual(["key-a"]);
  });

  it("ends at its allowance of merges, and at its allowance of time over all its parts", async () => {
    const many = Array.from({ length: 30 }, (_, index) => clean(String(index)));
    const few = worldOf(many);
    await replayRepository(job, few, quiet, { maxMerges: 5, maxMs: 60_000 });
    expect(few.state.progress).toMatchObject({ replayed: 5, finished: true });

    const slow = worldOf(many, (_, __, { state }) => {
      state.clock += 10_000;
    });
    await replayRepository(job, slow, quiet, { maxMerges: 200, maxMs: 60_000 });
    expect(slow.state.progress).toMatchObject({ replayed: 6, spentMs: 60_000, finished: true });

    const parts = worldOf(many);
    parts.state.progress = {
      tip: "t",
      replayed: 3,
      conflicted: 0,
      spentMs: 60_000,
      finished: false,
      counts: {},
    };
    await replayRepository(job, parts, quiet);
    expect(parts.state.progress).toMatchObject({ replayed: 3, finished: true });
  });

  it("does not begin in a repository that was forgotten after the run", async () => {
    const world = worldOf(history);
    world.state.forgotten = true;
    await replayRepository(job, world, quiet);
    expect([world.state.progress, world.asked]).toEqual([null, []]);
  });

  it("stops without a word when another worker has it, or the repository was forgotten", async () => {
    const world = worldOf(history, (sha, _, { state }) => {
      if (sha === "c") state.token++;
    });
    await replayRepository(job, world, quiet);
    expect([...world.resolutions.keys()]).toEqual(["key-a"]);
    expect(world.state.progress?.finished).toBe(false);
  });

  it("is over when the history it was in the middle of is gone, but not when it had not begun", async () => {
    const gone = new AppError("stale-head", "gone", { retryable: false, remedy: "" });
    const world = worldOf(history, () => {
      throw gone;
    });
    await expect(replayRepository(job, world, quiet)).rejects.toBe(gone);
    expect(world.state.progress?.finished).toBe(false);
    if (world.state.progress) world.state.progress = { ...world.state.progress, replayed: 1 };
    await replayRepository(job, world, quiet);
    expect(world.state.progress).toMatchObject({ replayed: 1, finished: true });
  });
});

describe("createReplayer", () => {
  /** Resolves when `holds`, which is looked at on every turn of the event loop. */
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise((resolve) => setImmediate(resolve));
  };

  it("calls a replay off when a command comes, and goes on when it is done", async () => {
    let commandCame: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      commandCame = resolve;
    });
    const world = worldOf(history, async (sha, { signal }) => {
      if (sha !== "b" || world.asked.length > 1) return;
      commandCame();
      await new Promise((resolve) => {
        signal.addEventListener("abort", resolve, { once: true });
      });
    });
    const replayer = createReplayer(world, { quietMs: 0 });
    replayer.offer(job);
    await begun;
    let commandDone = false;
    const answer = await replayer.whileWorking(async () => {
      await until(() => world.asked[0]?.signal.aborted === true);
      // Nothing begins while somebody waits.
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      expect(world.asked).toHaveLength(1);
      commandDone = true;
      return 42;
    });
    expect([answer, commandDone]).toEqual([42, true]);
    await until(() => world.state.progress?.finished === true);
    expect(world.asked[1]).toMatchObject({ skip: 1 });
    expect(world.logged).toEqual(["past merges replayed"]);
    await replayer.close();
  });

  it("tells of a failure once, tries that repository no more, and goes on with the next", async () => {
    let failing = true;
    const world = worldOf(history, () => {
      if (failing) throw new Error("the server said no");
    });
    const replayer = createReplayer(world, { quietMs: 0 });
    replayer.offer(job);
    replayer.offer(job);
    await until(() => world.logged.length > 0);
    failing = false;
    replayer.offer(job);
    replayer.offer({ ...job, pull: { ...job.pull, repo: "other" } });
    await until(() => world.state.progress?.finished === true);
    expect(world.logged).toEqual(["past merges could not be replayed", "past merges replayed"]);
    expect(world.asked).toHaveLength(2);
    await replayer.close();
  });

  it("passes a command's failure on, and begins nothing once it is closed", async () => {
    const world = worldOf(history);
    const replayer = createReplayer(world, { quietMs: 0 });
    await expect(replayer.whileWorking(() => Promise.reject(new Error("a run failed")))).rejects.toThrow(
      "a run failed",
    );
    await replayer.close();
    replayer.offer(job);
    await replayer.whileWorking(() => Promise.resolve());
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(world.asked).toEqual([]);
  });

  it("waits for what is under way when it is closed", async () => {
    const world = worldOf(history, async (_, { signal }) => {
      await new Promise((resolve) => {
        signal.addEventListener("abort", resolve, { once: true });
      });
    });
    const replayer = createReplayer(world, { quietMs: 0 });
    replayer.offer(job);
    await until(() => world.asked.length === 1);
    await replayer.close();
    expect(world.asked[0]?.signal.aborted).toBe(true);
    expect(world.state.progress).toMatchObject({ replayed: 0, finished: false });
    expect(world.logged).toEqual([]);
  });
});
