// What a run did, as data: rendered by code, never written by a model.
import { z } from "zod";
import { Outcome, Task, Verdict } from "./task.ts";

export const TaskReport = z.object({ task: Task, outcome: Outcome, verdicts: z.array(Verdict) });
export type TaskReport = z.infer<typeof TaskReport>;

/** How a run ended, in the one word that decides reaction, check conclusion and heading. */
export const Ending = z.enum([
  "pushed",
  /** Everything settled, something below the bar: `apply` pushes it. */
  "proposed",
  /** Something stays open; what was settled is offered as a patch. */
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

export const Report = z.object({
  runId: z.string(),
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
  /** Unified diff against the head of everything settled; `null` when pushed or when it is too large for a comment. */
  patch: z.string().nullable(),
  /** Things a person should know that are no part of the outcome: a broken config, an unsigned commit. */
  notes: z.array(z.string()),
});
export type Report = z.infer<typeof Report>;
