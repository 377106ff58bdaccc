// When past merges are replayed: one repository at a time, only while no command is carried out, and never in a command's way.
import { pullKey } from "../core/pull.ts";
import { replayRepository, tellFailure } from "./replay.ts";
import type { ReplayJob, ReplayLimits, ReplayServices } from "./replay.ts";

export interface Replayer {
  /** Notes a repository that a run has ended in. Returns at once, never throws. */
  readonly offer: (job: ReplayJob) => void;
  /** Does work that people wait for. A replay under way is called off and goes on afterwards from where it was. */
  readonly whileWorking: <T>(work: () => Promise<T>) => Promise<T>;
  /** Calls off what is under way and waits until it has ended; nothing begins after that. */
  readonly close: () => Promise<void>;
}

export interface ReplayerOptions {
  readonly limits?: ReplayLimits;
  /** Milliseconds of quiet before a replay begins: after a command another often follows. */
  readonly quietMs?: number;
}

const defaultQuietMs = 2_000;

/** Repositories that wait at most: on a busy worker, others are offered again by their next run. */
const mostWaiting = 100;

/** Starts nothing by itself. Repositories that failed are not tried again in this process. */
export function createReplayer(
  services: ReplayServices,
  { limits, quietMs = defaultQuietMs }: ReplayerOptions = {},
): Replayer {
  const waiting = new Map<string, ReplayJob>();
  const over = new Set<string>();
  let working = 0;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let current: { readonly controller: AbortController; readonly ended: Promise<void> } | null = null;

  const replay = async (key: string, job: ReplayJob, signal: AbortSignal): Promise<void> => {
    const isOver = await isReplayed(job, services, signal, limits);
    current = null;
    // Called off, it stays where it is, and is begun again.
    if (isOver) {
      over.add(key);
      waiting.delete(key);
    }
    later();
  };
  const begin = (): void => {
    const [next] = waiting;
    if (closed || working > 0 || current !== null || next === undefined) return;
    const controller = new AbortController();
    current = { controller, ended: replay(...next, controller.signal) };
  };
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(begin, quietMs);
    timer.unref();
  };
  return {
    offer: (job) => {
      const key = repositoryOf(job);
      if (closed || over.has(key) || waiting.has(key) || waiting.size >= mostWaiting) return;
      waiting.set(key, job);
      later();
    },
    whileWorking: async (work) => {
      working++;
      clearTimeout(timer);
      current?.controller.abort(new Error("a command came"));
      try {
        return await work();
      } finally {
        working--;
        later();
      }
    },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      current?.controller.abort(new Error("this worker is shutting down"));
      await current?.ended;
    },
  };
}

/** Whether nothing is left to do in the repository, because it is finished or has failed; `false` when it was called off. Never rejects. */
async function isReplayed(
  job: ReplayJob,
  services: ReplayServices,
  signal: AbortSignal,
  limits: ReplayLimits | undefined,
): Promise<boolean> {
  try {
    await replayRepository(job, services, signal, limits);
  } catch (error) {
    if (signal.aborted) return false;
    tellFailure(job, error, services.log);
  }
  return true;
}

const repositoryOf = ({ pull }: ReplayJob): string => pullKey({ ...pull, number: 0 });
