// The process that works by hand: one of its own, as the app is, so that both talk to GitHub from outside.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { HandJob, Timing } from "./hand-job.ts";

export interface Hand {
  readonly work: (job: HandJob) => Promise<Timing & { readonly tree: string }>;
  readonly stop: () => Promise<void>;
}

/** What the process answers: a result, or why there is none. */
export type HandAnswer = { readonly result: Awaited<ReturnType<Hand["work"]>> } | { readonly error: string };

export function startHand(): Hand {
  const child = fork(fileURLToPath(new URL("./hand-process.ts", import.meta.url)), {
    execArgv: ["--import", "tsx"],
    serialization: "advanced",
  });
  const ended = once(child, "exit");
  return {
    work: async (job) => {
      const answered = once(child, "message") as Promise<[HandAnswer]>;
      child.send(job);
      const [answer] = await Promise.race([
        answered,
        ended.then(() => [{ error: "the process ended" }] as const),
      ]);
      if ("error" in answer) throw new Error(`the work by hand failed: ${answer.error}`);
      return answer.result;
    },
    stop: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
