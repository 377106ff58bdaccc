// What a model tier is: a question about one hunk, and what its answer comes to before the gates judge it.
import type { CallPurpose, Models } from "../../core/models.ts";
import type { ModelTier } from "../../core/task.ts";
import type { OpenHunk } from "./show.ts";

interface TierContext {
  readonly open: OpenHunk;
  readonly models: Pick<Models, "ask" | "choose" | "write">;
  readonly purpose: (tier: ModelTier) => CallPurpose;
  /** Names the hunk: the same hunk is shown its options in the same orders again. */
  readonly seed: string;
}

/** What came of the tiers before, for the one that is asked next. */
export interface Tried {
  /** A sentence for each. */
  readonly said: readonly string[];
  /** Texts that were refused, and why. */
  readonly refused: readonly { readonly text: string; readonly why: string }[];
}

/** A text that would settle the hunk. */
export interface Proposal {
  readonly text: string;
  /** Whether a model wrote it; else it is a candidate of the rules, which a model chose. */
  readonly written: boolean;
  readonly model: string;
}

export interface TierAnswer {
  /** `null` where the tier has no answer. */
  readonly proposal: Proposal | null;
  /** What it came to, a sentence for people; "" where nothing was asked and nothing needs saying. */
  readonly said: string;
  /** The calls that it took: ids in the ledger. */
  readonly callIds: readonly string[];
  /** Which tier is asked next where this settles nothing; `null`: a person. */
  readonly next: ModelTier | null;
  /** A sentence that the large model would have as a guideline. */
  readonly guidance?: string | null;
}

/** Asks a model about one hunk. Rejects only as `Models` does. */
export type Tier = (context: TierContext, tried: Tried) => Promise<TierAnswer>;
