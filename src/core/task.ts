// A narrow errand and how it ended.
import { z } from "zod";
import { FixReport, WritingReport } from "./fix.ts";

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
    "regenerate",
    "trivial",
    "semantic",
    "structural",
    "ranked",
    "proven",
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
  /** What the repository's own checks showed of it; `null`: they were not run on it, and in runs stored before there was this. */
  proof: z
    .object({
      /** Its lines ran in tests, and nothing that passed on the sides fails. */
      proven: z.boolean(),
      /** For people: "proved by 41 tests", "not proved: no test touches these lines". */
      words: z.string(),
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

/** A hunk that is settled with what an earlier run found: by a model, or because the repository's tests pass with it. */
export const KeptSettlement = ModelSettlement.extend({ tier: z.enum([...ModelTier.options, "proven"]) });
export type KeptSettlement = z.infer<typeof KeptSettlement>;

/** Those that models settled. */
export function settledByModel(kept: readonly KeptSettlement[]): readonly ModelSettlement[] {
  return kept.flatMap((one) => {
    const tier = ModelTier.safeParse(one.tier);
    return tier.success ? [{ ...one, tier: tier.data }] : [];
  });
}

/** What the repository's own checks said of a whole result. */
export const Proof = z.object({
  /** `broken`: something that passed on the sides fails. `unknown`: the checks could not be judged. `not-run`: there was nothing to run, or nothing to run it on. */
  verdict: z.enum(["proven", "not-proven", "broken", "unknown", "not-run"]),
  /** One to three sentences for people: what was run, what it showed, what to do. */
  words: z.string(),
  /** The tree that the checks ran on; `null` where they did not. */
  tree: z.string().nullable(),
  /** Tests that passed on it. */
  tests: z.number().int().nonnegative(),
  /** Runs of the checks on merged trees, tried ones among them. */
  runs: z.number().int().nonnegative(),
});
export type Proof = z.infer<typeof Proof>;

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

const parts = {
  work: ModelWork.optional(),
  proof: Proof.optional(),
  /** Of the test fixer and the test writer, which have no hunks. */
  fix: FixReport.optional(),
  written: WritingReport.optional(),
  /** The tree that the repository's own checks had the last word on; left out where none were run. Only this one is pushed. */
  judged: z.string().optional(),
};

/** How a task ended. Expected endings are data; only the unexpected throws. */
export const Outcome = z.discriminatedUnion("status", [
  z.object({
    status: z.literal("changed"),
    summary: z.string(),
    hunks: z.array(HunkReport),
    ...parts,
  }),
  z.object({
    status: z.literal("unchanged"),
    reason: z.string(),
    hunks: z.array(HunkReport),
    ...parts,
  }),
  z.object({
    status: z.literal("gave-up"),
    reason: z.string(),
    hunks: z.array(HunkReport),
    ...parts,
  }),
]);
export type Outcome = z.infer<typeof Outcome>;

export const Verdict = z.object({
  verifier: z.string(),
  passed: z.boolean(),
  /** What was looked at and found, one line per finding; shown to people. */
  evidence: z.array(z.string()),
});
export type Verdict = z.infer<typeof Verdict>;
