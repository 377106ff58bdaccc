// Tells people what a long run is doing: its newest steps, in the sticky comment, seldom enough for GitHub's limits.
import { setTimeout as sleep } from "node:timers/promises";
import type { AgentContext } from "../core/agent.ts";
import { messageOf } from "../core/errors.ts";
import type { PullDetails } from "../core/pull.ts";
import { turnLost } from "./hold-turn.ts";
import type { BoundRun } from "./bind-run.ts";
import type { Turn } from "./process-mailbox.ts";
import type { Services } from "./services.ts";
import { updateComment } from "./sticky-comment.ts";

/** Milliseconds between two looks for news: GitHub takes 80 writes of content a minute from an installation, and a run of tests takes minutes. */
const tellEveryMs = 20_000;
/** Steps that are told of. */
const toldSteps = 12;

export interface Progress {
  readonly record: AgentContext["record"];
  /** Tells of new steps for as long as `work` goes on. What keeps it from telling does not touch the work. */
  readonly during: <T>(work: () => Promise<T>) => Promise<T>;
}

export function showProgress(
  { run, pull }: { readonly run: BoundRun; readonly pull: PullDetails },
  turn: Turn,
  services: Pick<Services, "store" | "githubFor" | "render" | "log">,
  everyMs = tellEveryMs,
): Progress {
  const steps: string[] = [];
  let told = 0;
  let count = 0;

  const tell = async (): Promise<void> => {
    const running = {
      runId: run.id,
      actor: run.command.actor.login,
      verb: run.command.verb,
      steps: [...steps],
    };
    told = count;
    try {
      await updateComment(run.command.pull, { reply: null, running, details: pull }, turn, services);
    } catch (error) {
      // Whether the turn is lost shows at the next write that matters.
      if (!turnLost(error)) services.log.warn({ runId: run.id, why: messageOf(error) }, "progress not told");
    }
  };
  const watch = async (over: AbortSignal): Promise<void> => {
    for (;;) {
      await sleep(everyMs, undefined, { signal: over }).catch(() => undefined);
      if (over.aborted) return;
      if (count > told) await tell();
    }
  };
  return {
    record: ({ step, detail }) => {
      services.log.info({ runId: run.id, step, detail }, "step");
      steps.push(`${step}: ${detail}`);
      count++;
      if (steps.length > toldSteps) steps.shift();
    },
    during: async (work) => {
      const ended = new AbortController();
      const watching = watch(AbortSignal.any([ended.signal, turn.signal]));
      try {
        return await work();
      } finally {
        ended.abort();
        // What is being written must not come after the report.
        await watching;
      }
    },
  };
}
