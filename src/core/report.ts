// What a run did, as data: rendered by code, never written by a model.
import { z } from "zod";
import { Errand } from "./command.ts";
import { Outcome, Task, Verdict } from "./task.ts";

export const TaskReport = z.object({ task: Task, outcome: Outcome, verdicts: z.array(Verdict) });
export type TaskReport = z.infer<typeof TaskReport>;

/** How a run ended, in the one word that decides reaction, check conclusion and heading. */
export const Ending = z.enum([
  "pushed",
  /** Everything settled, something below the bar: `apply` pushes it. */
  "proposed",
  /** Something stays for a person: an open hunk, or the push itself. What was settled is offered as a patch. */
  "partial",
  /** There was nothing to do. */
  "nothing",
  /** Refused before any work, with the reason. */
  "declined",
  "stale",
  "stopped",
  "failed",
]);
export type Ending = z.infer<typeof Ending>;

/** A bad key in a configuration file; the run went on with the default. */
export const PolicyProblem = z.object({
  /** Which file, as "owner/repo:path". */
  file: z.string(),
  /** Path of the bad key, for example "push.bar"; "" when the file as a whole is broken. */
  key: z.string(),
  message: z.string(),
  line: z.number().int().positive(),
});
export type PolicyProblem = z.infer<typeof PolicyProblem>;

const tokens = z.number().int().nonnegative();

/** What models were asked in a run, and what it cost. */
export const ModelUse = z.object({
  tiers: z.array(
    z.object({
      slot: z.string(),
      /** Hunks that it settled. */
      settled: tokens,
      calls: tokens,
      inputTokens: tokens,
      outputTokens: tokens,
      /** Millionths of a dollar; of calls without a price nothing. */
      micros: tokens,
      unpricedCalls: tokens,
    }),
  ),
  callsSaved: tokens,
  /** The same work on one large model with whole files, from token counts and list prices; `null` where no price is known. */
  largeOnly: z
    .object({ model: z.string(), inputTokens: tokens, outputTokens: tokens, micros: tokens })
    .nullable(),
  /** What went wrong with models, a line each: what, why, what to do. */
  problems: z.array(z.string()),
});
export type ModelUse = z.infer<typeof ModelUse>;

export const Report = z.object({
  runId: z.string(),
  /** What it was about. */
  errand: Errand.default("fix-conflicts"),
  ending: Ending,
  /** One or two sentences: what happened, why, what to do next. */
  summary: z.string(),
  headSha: z.string().nullable(),
  baseSha: z.string().nullable(),
  baseRef: z.string().nullable(),
  /** The tree that was verified; what is pushed is this, bit for bit. */
  tree: z.string().nullable(),
  commitSha: z.string().nullable(),
  /** `false` when the commit went by `git push`: GitHub signs only what its API made. */
  signed: z.boolean().nullable(),
  tasks: z.array(TaskReport),
  /** Unified diff against the head of everything settled; `null` when it was pushed or there is nothing in it. */
  patch: z.string().nullable(),
  /** Things a person should know that are no part of the outcome: an unsigned commit, a patch that was cut. */
  notes: z.array(z.string()),
  problems: z.array(PolicyProblem),
  /** `null` where no model is configured, or none was needed. */
  models: ModelUse.nullable().default(null),
});
export type Report = z.infer<typeof Report>;
