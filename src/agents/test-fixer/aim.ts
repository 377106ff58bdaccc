// What the search is given: where it may look, what it shows, and who judges. Failing tests, type errors and stale tests are three of these.
import type { GateVerdict } from "../../core/ledger.ts";
import type { PromptTemplate } from "../../core/prompt.ts";
import type { SuiteRun } from "../../core/suite.ts";
import type { Around, Evidence } from "./show.ts";
import type { Edit, Place } from "./types.ts";

/** What was changed already because it helped in part, and what still fails with it. */
export interface Standing {
  readonly edits: readonly Edit[];
  readonly evidence: Evidence;
  /** How much of the failure is put right: failing tests that pass, complaints that are gone. */
  readonly fixed: number;
  /** The run that shows what fails; `null` where no tests ran. */
  readonly run: SuiteRun | null;
}

/** What the gates say of a candidate, all of them together. */
export interface Judgement {
  readonly accepted: boolean;
  /** As they would be written: the smallest that still passes, where it was accepted. */
  readonly edits: readonly Edit[];
  /** What speaks against edits that pass. */
  readonly doubts: readonly string[];
  readonly fixed: number;
  /** What passed before and does not now. */
  readonly worse: number;
  /** One sentence for people and for the next question; "" where it was accepted. */
  readonly why: string;
  /** What fails now; `null` where nothing was run. */
  readonly evidence: Evidence | null;
  /** Names the failure (signature.ts); `null` where nothing was run, or nothing failed. */
  readonly signature: string | null;
  /** The last run of the whole suite, or of the failing files; `null` where none was. */
  readonly run: SuiteRun | null;
  readonly gates: readonly GateVerdict[];
}

/** A judgement of what was not run. */
export const refused = (edits: readonly Edit[], why: string, gates: readonly GateVerdict[]): Judgement => ({
  accepted: false,
  edits,
  doubts: [],
  fixed: 0,
  worse: 0,
  why,
  evidence: null,
  signature: null,
  run: null,
  gates,
});

export interface Aim {
  /** Of the ledger: "write", "write-test". */
  readonly slot: string;
  readonly prompts: { readonly part: PromptTemplate; readonly file: PromptTemplate };
  /** Where the fault may be, likeliest first, texts as the standing edits have them. */
  readonly placesOf: (standing: Standing) => Promise<readonly Place[]>;
  readonly aroundOf: (place: Place) => Promise<Around>;
  /** Edits are from the head. */
  readonly judge: (edits: readonly Edit[]) => Promise<Judgement>;
}
