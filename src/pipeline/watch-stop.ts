// Looks out for a stop while tasks run: a model may take minutes, and a person who said stop is not to wait for it.
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "../core/command.ts";
import { stopRequested } from "./answer.ts";
import { turnLost } from "./hold-turn.ts";
import type { Turn } from "./process-mailbox.ts";
import type { Services } from "./services.ts";

/** Milliseconds between two looks at the inbox: a stop is obeyed within seconds, for one read of the store each. */
const lookEveryMs = 2_000;

export interface StopWatch {
  /** Aborted when somebody has stopped the run, and whenever the turn's own is. */
  readonly signal: AbortSignal;
  /**
   * Looks out for a stop for as long as `work` goes on. Returns why the run is to end without a push, in words; `null` when nobody stopped it. What `work`
   * throws because it was stopped is no error; a worker that shuts down or has lost its turn is no stop.
   */
  readonly during: (work: () => Promise<void>) => Promise<string | null>;
}

/** A look that fails is no stop: the run looks once more at its end. */
export function watchForStop(
  command: Command,
  turn: Turn,
  services: Pick<Services, "store" | "githubFor">,
  everyMs = lookEveryMs,
): StopWatch {
  const stopping = new AbortController();
  // Who may not say stop is asked about once, not every two seconds.
  const refused = new Set<string>();
  const look = async (): Promise<string | null> => {
    try {
      return await stopRequested(command, turn, services, refused);
    } catch {
      return null;
    }
  };
  let why: string | null = null;
  const watch = async (over: AbortSignal): Promise<void> => {
    const isOver = (): boolean => over.aborted;
    while (!isOver()) {
      const found = await look();
      if (isOver()) return;
      if (found !== null) {
        why = found;
        stopping.abort();
        return;
      }
      await sleep(everyMs, undefined, { signal: over }).catch(() => undefined);
    }
  };
  return {
    signal: AbortSignal.any([stopping.signal, turn.signal]),
    during: async (work) => {
      const ended = new AbortController();
      void watch(AbortSignal.any([ended.signal, turn.signal]));
      try {
        await work();
      } catch (error) {
        if (why === null || turn.signal.aborted || turnLost(error)) throw error;
      } finally {
        ended.abort();
      }
      return why;
    },
  };
}
