// How the loop ends: an ending, words, and what goes with it, until the report is made of it.
import type { FixEnding, FixReport } from "../../core/fix.ts";
import type { SuiteRun } from "../../core/suite.ts";
import { unifiedDiff } from "./gates/unified-diff.ts";
import { rowsOf } from "./rows.ts";
import type { Edit, FixResult, Place, Reproduced } from "./types.ts";

export interface Ended {
  readonly ending: FixEnding;
  /** One to three sentences for people. */
  readonly words: string;
  /** What is to be written, and what it changes. */
  readonly edits?: readonly Edit[];
  readonly editsClass?: NonNullable<FixReport["edits"]>;
  /** The best that was tried and is not the result. */
  readonly best?: readonly Edit[];
  readonly doubts?: readonly string[];
  readonly places?: readonly Place[];
  readonly tried?: number;
  /** What the table of tests is made of. */
  readonly proof?: Pick<Reproduced, "head" | "base" | "flaky"> & { readonly result: SuiteRun | null };
}

/** UTF-16 units of the best that was tried: what no comment holds is not kept with the run. */
const longestPatch = 60_000;

function patchOf(best: readonly Edit[]): string | null {
  const patch = best.length === 0 ? "" : unifiedDiff(best);
  return patch === "" || patch.length > longestPatch ? null : patch;
}

const noRows: Pick<FixReport, "rows" | "more"> = { rows: [], more: { passed: 0, other: 0 } };

/** The report, and the texts to write. */
export function resultOf(ended: Ended, told: Pick<FixReport, "kind" | "steps" | "runs">): FixResult {
  const { edits = [], best = [] } = ended;
  const report: FixReport = {
    ...told,
    ending: ended.ending,
    edits: edits.length > 0 ? (ended.editsClass ?? null) : null,
    words: ended.words.trim(),
    ...(ended.proof === undefined ? noRows : rowsOf(ended.proof)),
    places: (ended.places ?? []).map(({ path, span, why }) => ({
      path,
      line: span?.firstLine ?? 1,
      name: span?.name ?? path,
      why,
    })),
    doubts: [...(ended.doubts ?? [])],
    bestPatch: patchOf(best),
    tried: ended.tried ?? 0,
  };
  return { report, edits: new Map(edits.map(({ path, after }) => [path, after])) };
}
