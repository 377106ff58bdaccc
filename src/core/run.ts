// A run, and the state of a pull request between runs.
import { createHash } from "node:crypto";
import { z } from "zod";
import { Command } from "./command.ts";
import { PullRef } from "./pull.ts";
import { Report } from "./report.ts";
import { KeptSettlement } from "./task.ts";

/** One command being carried out. Written before each effect, so that a restarted worker knows what may have happened. */
export const Run = z.object({
  id: z.string(),
  command: Command,
  /** Milliseconds since 1970. */
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  /** How many times a worker has begun it; a poisoned run is given up after `maxAttempts`. */
  attempts: z.number().int(),
  /** The head and base that the first attempt read: later attempts are bound to them. */
  headSha: z.string().nullable(),
  baseSha: z.string().nullable(),
  /** Set once the work is done and before anything is published. */
  report: Report.nullable(),
  /** What models and the repository's own tests have settled so far. */
  settlements: z.array(KeptSettlement).default([]),
});
export type Run = z.infer<typeof Run>;

/** The same command gives the same run, however often a worker starts it. 16 hex digits of SHA-256. */
export function runIdOf(command: Command): string {
  return createHash("sha256").update(command.id).digest("hex").slice(0, 16);
}

/** Later issues add states. `paused`: a person said stop. */
export const PullPhase = z.enum(["idle", "running", "proposed", "done", "handed_off", "paused"]);
export type PullPhase = z.infer<typeof PullPhase>;

/** What is remembered of a pull request between runs. */
export const PullState = z.object({
  pull: PullRef,
  phase: PullPhase,
  /** The sticky comment, once it is there. */
  commentId: z.number().int().nullable(),
  lastRunId: z.string().nullable(),
  /** What `apply` would push: valid only while the head is still `headSha`. */
  proposal: z
    .object({ runId: z.string(), headSha: z.string(), baseSha: z.string(), tree: z.string() })
    .nullable(),
  /** The commit by which it was merged, once that is known. */
  mergeCommitSha: z.string().nullable().optional(),
});
export type PullState = z.infer<typeof PullState>;

export function idlePull(pull: PullRef): PullState {
  return { pull, phase: "idle", commentId: null, lastRunId: null, proposal: null };
}
