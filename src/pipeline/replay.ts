// Replays a repository's past merges while nobody waits for anything: what it learns is in the store after every merge.
import type { MergeRules } from "../core/agent.ts";
import { AppError, messageOf } from "../core/errors.ts";
import type { GitHubFor } from "../core/github.ts";
import type { Log } from "../core/log.ts";
import { learn, memoryMailbox } from "../core/memory.ts";
import type { Learned, MergeLesson, PastMerge, ReplayProgress } from "../core/memory.ts";
import type { PullRef } from "../core/pull.ts";
import type { FencingToken, Store } from "../core/store.ts";
import type { PastMerges } from "../core/workspace.ts";
import { holdTurn, turnLost } from "./hold-turn.ts";

/** A repository in which a run has ended. */
export interface ReplayJob {
  /** Any pull request of it: by it GitHub gives out the token to read with. */
  readonly pull: PullRef;
  readonly cloneUrl: string;
  /** The base branch as the run read it: its history is replayed, never the head's. */
  readonly tip: string;
}

export interface ReplayServices {
  readonly store: Pick<Store, "loadPull" | "loadReplay" | "recall" | "saveReplay" | "takeTurn">;
  readonly githubFor: GitHubFor;
  readonly pastMerges: PastMerges;
  /** Apart from the rules that runs use: nobody waits behind a replay. `close` ends what it is busy with, and may be asked again after it. */
  readonly merge: Pick<MergeRules, "learn"> & { readonly close: () => Promise<void> };
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface ReplayLimits {
  /** Merges of one repository that are made again, once and for all. */
  readonly maxMerges: number;
  /** Milliseconds that this may take, all in all. */
  readonly maxMs: number;
}

const defaultLimits: ReplayLimits = { maxMerges: 200, maxMs: 60_000 };

/** Merges without a conflict between two saves: what they teach is only that they need not be looked at again. */
const saveEvery = 20;

/**
 * Carries the replay of one repository on from where it was. Returns when it is finished, or when another worker has taken it over. Rejects with the
 * signal's reason when it is called off, and with what failed otherwise; what was learned until then is kept.
 */
export async function replayRepository(
  job: ReplayJob,
  services: ReplayServices,
  signal: AbortSignal,
  limits: ReplayLimits = defaultLimits,
): Promise<void> {
  const { store, githubFor } = services;
  const known = await store.loadReplay(job.pull);
  if (known?.finished === true) return;
  const token = await store.takeTurn(memoryMailbox(job.pull));
  // The run that ended here left a state: where there is none the repository was forgotten meanwhile. A purge from now on voids the turn.
  if ((await store.loadPull(job.pull)) === null) return;
  const begun = known ?? {
    tip: job.tip,
    replayed: 0,
    conflicted: 0,
    spentMs: 0,
    finished: false,
    counts: {},
  };
  const replay: Replay = { job, services, token, limits, startedAt: services.now(), begun };
  try {
    await save(replay, begun, []);
    const readToken = await githubFor(job.pull.installationId).readToken(job.pull);
    await walk(replay, readToken, signal);
  } catch (error) {
    if (!turnLost(error)) throw error;
  }
}

interface Replay {
  readonly job: ReplayJob;
  readonly services: ReplayServices;
  readonly token: FencingToken;
  readonly limits: ReplayLimits;
  readonly startedAt: number;
  readonly begun: ReplayProgress;
}

async function save(
  { job, services: { store }, token }: Replay,
  progress: ReplayProgress,
  changed: Learned["changed"],
): Promise<void> {
  holdTurn(await store.saveReplay(job.pull, token, progress, changed));
}

function spentBy({ services: { now }, startedAt, begun }: Replay): number {
  return begun.spentMs + now() - startedAt;
}

async function walk(replay: Replay, readToken: string, signal: AbortSignal): Promise<void> {
  const { job, services, limits, begun } = replay;
  const deadline = AbortSignal.timeout(Math.max(0, limits.maxMs - begun.spentMs));
  const stop = AbortSignal.any([signal, deadline]);
  const endRules = () => void services.merge.close();
  stop.addEventListener("abort", endRules, { once: true });
  let progress = begun;
  try {
    const merges = services.pastMerges({
      cloneUrl: job.cloneUrl,
      token: readToken,
      tip: begun.tip,
      skip: begun.replayed,
      max: begun.spentMs >= limits.maxMs ? 0 : Math.max(0, limits.maxMerges - begun.replayed),
      signal: stop,
    });
    for await (const merge of merges) {
      progress = await step(replay, progress, merge, stop);
      if (progress.spentMs >= limits.maxMs) break;
    }
  } catch (error) {
    if (signal.aborted) {
      // Time that was cut off counts, too: else one slow batch could be begun for ever.
      await save(replay, { ...progress, spentMs: spentBy(replay) }, []);
      throw error;
    }
    if (!deadline.aborted && !isRewritten(error, begun)) throw error;
  } finally {
    stop.removeEventListener("abort", endRules);
    await services.merge.close();
  }
  progress = { ...progress, spentMs: spentBy(replay), finished: true };
  await save(replay, progress, []);
  const { replayed, conflicted, spentMs } = progress;
  const repository = `${job.pull.owner}/${job.pull.repo}`;
  services.log.info({ repository, replayed, conflicted, ms: spentMs }, "past merges replayed");
}

/** The history that the replay was in the middle of is gone from the server: what was learned of it stays. */
function isRewritten(error: unknown, { replayed }: ReplayProgress): boolean {
  return error instanceof AppError && error.code === "stale-head" && replayed > 0;
}

async function step(
  replay: Replay,
  before: ReplayProgress,
  merge: PastMerge,
  stop: AbortSignal,
): Promise<ReplayProgress> {
  const lesson = merge.files.length === 0 ? null : await replay.services.merge.learn(merge);
  // Cut off in the middle: the merge is looked at again, or not at all.
  stop.throwIfAborted();
  const { counts, changed } =
    lesson === null ? { counts: before.counts, changed: [] } : await learnFrom(replay, before, lesson);
  const progress = {
    ...before,
    counts,
    replayed: before.replayed + 1,
    conflicted: before.conflicted + (merge.files.length > 0 ? 1 : 0),
    spentMs: spentBy(replay),
  };
  if (lesson !== null || progress.replayed % saveEvery === 0) await save(replay, progress, changed);
  return progress;
}

async function learnFrom(
  { job, services: { store } }: Replay,
  { counts }: ReplayProgress,
  lesson: MergeLesson,
): Promise<Learned> {
  const keys = lesson.hunks.flatMap(({ memory }) => (memory === null ? [] : [memory.key]));
  const known = await store.recall(job.pull, keys);
  return learn(counts, new Map(known.map((one) => [one.key, one])), lesson);
}

/** What may go wrong in the background is told once and forgotten: runs do without it. */
export function tellFailure({ pull }: ReplayJob, error: unknown, log: Log): void {
  log.warn(
    { repository: `${pull.owner}/${pull.repo}`, error: messageOf(error) },
    "past merges could not be replayed",
  );
}
