// A narrow errand and how it ended.
import { z } from "zod";

export const Task = z.object({ agent: z.string(), goal: z.string(), paths: z.array(z.string()) });
export type Task = z.infer<typeof Task>;

/** Most candidates of an open hunk that a report carries. */
export const reportedCandidates = 3;
/** UTF-16 units of a candidate's text that a report carries. */
export const candidateCharacters = 2_000;

/** UTF-16 units of a settled hunk's text that a report carries. */
export const resultCharacters = 4_000;

/** A likely resolution of an open hunk, for a person to choose from. */
export const CandidateReport = z.object({
  /** Whole lines; cut to a size that a comment can carry. "" deletes the hunk. */
  text: z.string().max(candidateCharacters),
  /** One sentence for a person. */
  why: z.string(),
  /** Of such candidates, the share that was what the developers did: 0 to 1. */
  probability: z.number().min(0).max(1),
});
export type CandidateReport = z.infer<typeof CandidateReport>;

/** What happened to one hunk, or to a path that has none; a row of the report. */
export const HunkReport = z.object({
  path: z.string(),
  /** 1-based place in the file; 0 when the path as a whole is in conflict (deleted, binary, …). */
  index: z.number().int().nonnegative(),
  tier: z.enum([
    "git",
    "memory",
    "trivial",
    "semantic",
    "structural",
    "ranked",
    "pick",
    "generate",
    "consult",
    "human",
  ]),
  class: z.string(),
  settled: z.boolean(),
  /** Lower bound of this class's measured precision, 0 to 1; `null` when nothing settled it, or it was never measured. */
  precision: z.number().nullable(),
  /** `true` when the class is at or above the push bar. */
  aboveBar: z.boolean(),
  why: z.string(),
  /** 1-based line of the hunk in the head's file, for annotations. */
  line: z.number().int().positive(),
  /** The three sides of a hunk that is open or rests on a model, cut to a size a comment can carry; else `null`. */
  sides: z.object({ base: z.string(), ours: z.string(), theirs: z.string() }).nullable(),
  /** The likeliest resolutions of an open hunk, best first. Runs stored before there were any have none. */
  candidates: z.array(CandidateReport).max(reportedCandidates).default([]),
  /** What a hunk that rests on a model was settled with; `null` for others, and in runs stored before there was this. */
  result: z
    .object({
      /** Whole lines; cut to a size that a comment can carry. "" deletes the hunk. */
      text: z.string().max(resultCharacters),
      /** Whether neither this text nor ours or theirs was cut. */
      whole: z.boolean(),
    })
    .nullable()
    .default(null),
});
export type HunkReport = z.infer<typeof HunkReport>;

/** Tiers in which a model answers, cheapest first. */
export const ModelTier = z.enum(["pick", "generate", "consult"]);
export type ModelTier = z.infer<typeof ModelTier>;

/** First part of the class of a hunk that was ranked beside a model's answer. */
export const besideModel = "beside-model/";

/** Whether a settlement is a model's answer, or was made because of one. */
export const restsOnModel = ({
  tier,
  class: name,
}: {
  readonly tier: string;
  readonly class: string;
}): boolean => ModelTier.safeParse(tier).success || name.startsWith(besideModel);

/** A hunk that a model settled. Kept with the run, so that neither a second attempt nor `apply` asks (and pays) again, or gets another answer. */
export const ModelSettlement = z.object({
  /** Names path and three sides: hex digits of SHA-256. */
  key: z.string(),
  tier: ModelTier,
  class: z.string(),
  /** Whole lines that replace the hunk. */
  text: z.string(),
  why: z.string(),
});
export type ModelSettlement = z.infer<typeof ModelSettlement>;

/** What an agent knows of its use of models that the ledger does not. */
export const ModelWork = z.object({
  /** Calls that were not made because an earlier answer settled the hunk that they would have been about. */
  callsSaved: z.number().int().nonnegative(),
  /** Estimated tokens of the same work by whole files: all conflicted files in, all merged files out. */
  wholeFiles: z.object({
    inputTokens: z.number().int().nonnegative(),
    outputTokens: z.number().int().nonnegative(),
  }),
});
export type ModelWork = z.infer<typeof ModelWork>;

const work = ModelWork.optional();

/** How a task ended. Expected endings are data; only the unexpected throws. */
export const Outcome = z.discriminatedUnion("status", [
  z.object({ status: z.literal("changed"), summary: z.string(), hunks: z.array(HunkReport), work }),
  z.object({ status: z.literal("unchanged"), reason: z.string(), hunks: z.array(HunkReport), work }),
  z.object({ status: z.literal("gave-up"), reason: z.string(), hunks: z.array(HunkReport), work }),
]);
export type Outcome = z.infer<typeof Outcome>;

export const Verdict = z.object({
  verifier: z.string(),
  passed: z.boolean(),
  /** What was looked at and found, one line per finding; shown to people. */
  evidence: z.array(z.string()),
});
export type Verdict = z.infer<typeof Verdict>;
