// A run, and the state of a pull request between runs.
import { createHash } from "node:crypto";
import { z } from "zod";
import { Command, Errand } from "./command.ts";
import { KeptEdits } from "./fix.ts";
import { PullRef } from "./pull.ts";
import { Report } from "./report.ts";
import { KeptSettlement } from "./task.ts";

/** One command being carried out. Written before each effect, so that a restarted worker knows what may have happened. */
export const Run = z.object({
  id: z.string(),
  command: Command,
  /** Milliseconds since 1970. */
  startedAt: z.number(),
  /** Bound with head and base; `null` before, and in runs stored before there was more than one. */
  errand: Errand.nullable().default(null),
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
  /** Edits that passed their gates. */
  edits: KeptEdits.nullable().default(null),
});
export type Run = z.infer<typeof Run>;

/** The same command gives the same run, however often a worker starts it. 16 hex digits of SHA-256. */
export function runIdOf(command: Command): string {
  return createHash("sha256").update(command.id).digest("hex").slice(0, 16);
}

/** `waiting_ci`: our push waits for its own checks. `paused`: a person said stop. */
export const PullPhase = z.enum([
  "idle",
  "running",
  "proposed",
  "waiting_ci",
  "done",
  "handed_off",
  "paused",
]);
export type PullPhase = z.infer<typeof PullPhase>;

/** Automatic runs on one pull request since somebody last asked for something. */
export const AutomaticState = z.object({
  /** Heads that an automatic run was started for, oldest first. */
  heads: z.array(z.string()),
  /** Why nothing starts by itself here, for people: a person pushed on top of our commit. `null`: it may. */
  paused: z.string().nullable(),
});
export type AutomaticState = z.infer<typeof AutomaticState>;

/** What is remembered of a pull request between runs. */
export const PullState = z.object({
  pull: PullRef,
  phase: PullPhase,
  /** The sticky comment, once it is there. */
  commentId: z.number().int().nullable(),
  lastRunId: z.string().nullable(),
  /** What `apply` would push: valid only while the head is still `headSha`. */
  proposal: z
    .object({
      runId: z.string(),
      headSha: z.string(),
      baseSha: z.string(),
      tree: z.string(),
      errand: Errand.default("fix-conflicts"),
    })
    .nullable(),
  /** Our own pushed commit whose checks have not ended, and the run that made it. */
  waitingFor: z.object({ sha: z.string(), runId: z.string() }).nullable().default(null),
  /** What has been started here without being asked for. */
  automatic: AutomaticState.default({ heads: [], paused: null }),
  /** The commit by which it was merged, once that is known. */
  mergeCommitSha: z.string().nullable().optional(),
});
export type PullState = z.infer<typeof PullState>;

export function idlePull(pull: PullRef): PullState {
  return {
    pull,
    phase: "idle",
    commentId: null,
    lastRunId: null,
    proposal: null,
    waitingFor: null,
    automatic: { heads: [], paused: null },
  };
}
