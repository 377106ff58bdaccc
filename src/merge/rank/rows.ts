// The ranker's input: a row of numbers for each candidate of a hunk.
import type { Candidate } from "../candidates/candidate.ts";
import type { Sides } from "../candidates/sides.ts";
import type { HunkContext } from "../tier.ts";
import { candidateFeatures, settingOf } from "./features/candidate-features.ts";
import { hunkFeatures } from "./features/hunk-features.ts";
import { contestOf, lessonsFor, siblingFeatures } from "./features/sibling-features.ts";
import type { Contest, Lesson } from "./features/sibling-features.ts";
import { viewsOf } from "./features/views.ts";
import type { Views } from "./features/views.ts";

type Measure = readonly [name: string, value: number | boolean];

/** A hunk's candidates, measured: `rows[i]` belongs to `candidates[i]`. */
export interface Measured {
  readonly candidates: readonly Candidate[];
  readonly names: readonly string[];
  readonly rows: readonly Float32Array[];
  readonly views: Views;
  readonly contest: Contest;
}

const valuesOf = (measures: readonly Measure[]): number[] => measures.map(([, value]) => Number(value));

/** What can be told of each candidate by the hunk alone. */
export function measure(sides: Sides, context: HunkContext, candidates: readonly Candidate[]): Measured {
  const views = viewsOf(sides, candidates);
  const hunk = hunkFeatures(sides, views, context, candidates.length);
  const setting = settingOf(sides, views, candidates);
  const measures = candidates.map((_, index) => candidateFeatures(index, setting));
  const own = valuesOf(hunk);
  return {
    candidates,
    names: [...hunk, ...(measures[0] ?? [])].map(([name]) => name),
    rows: measures.map((each) => Float32Array.from([...own, ...valuesOf(each)])),
    views,
    contest: contestOf(views),
  };
}

/** What other hunks of the merge tell of each candidate; `rows` hold these features alone. */
export function measureBeside(
  { candidates, views, contest }: Measured,
  at: { readonly path: string; readonly place: number },
  lessons: readonly Lesson[],
): { readonly names: readonly string[]; readonly rows: readonly Float32Array[] } {
  const told = lessonsFor({ ...at, contest }, lessons);
  const measures = candidates.map((_, index) => {
    const view = views.candidates[index];
    return view ? siblingFeatures(view, views, contest, told) : [];
  });
  return {
    names: (measures[0] ?? []).map(([name]) => name),
    rows: measures.map((each) => Float32Array.from(valuesOf(each))),
  };
}
