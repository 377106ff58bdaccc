// A possible resolution of a hunk: its text, and which families came up with it.
import type { CandidateName } from "./names.ts";
import type { Sides } from "./sides.ts";

/** One family's answer. */
export interface Proposal {
  readonly name: CandidateName;
  /** Whole lines that would replace the hunk; "" deletes it. */
  readonly text: string;
  /** Place among what the family answers, 0 the first; only a beam answers more than once. */
  readonly rank?: number;
  /** Natural logarithm of a beam's probability of this text. */
  readonly logProbability?: number;
}

/** Comes up with resolutions. Pure, deterministic, bounded; answers nothing where it has no answer. */
export type Family = (sides: Sides) => readonly Proposal[];

/** A text and every proposal of it, in the order in which they came. */
export interface Candidate {
  readonly text: string;
  readonly proposals: readonly Proposal[];
}
