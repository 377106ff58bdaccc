// Ranks the candidates of a hunk, alone or beside settled hunks of its merge.
import type { RankedCandidate } from "../../core/conflict.ts";
import type { Candidate } from "../candidates/candidate.ts";
import { explanations } from "../candidates/names.ts";
import { sameAnswers } from "./answer-key.ts";
import { categoryOf } from "./features/path-kind.ts";
import type { Lesson } from "./features/sibling-features.ts";
import type { Setting } from "./model.ts";
import { measureBeside } from "./rows.ts";
import type { Measured } from "./rows.ts";
import { blend, calibrate, gather, ranking, sigmoid, spreadOf, sumOf } from "./scores.ts";
import { walkTrees } from "./trees.ts";
import { loadModel } from "./model.ts";

/** Where the hunk stands in its merge, and what is known of the others. */
export interface Beside {
  readonly place: number;
  readonly lessons: readonly Lesson[];
}

/** The candidates of a measured hunk, best first, each with its probability. */
export function rank(measured: Measured, path: string, { place, lessons }: Beside): RankedCandidate[] {
  if (measured.candidates.length === 0) return [];
  const model = loadModel();
  const setting = lessons.length === 0 ? model.alone : model.siblings;
  const rows = lessons.length === 0 ? measured.rows : joined(measured, { path, place, lessons });
  const scores = scoresOf(rows, setting);
  const same = sameAnswers(
    measured.candidates.map(({ text }) => text),
    path,
  );
  const order = ranking(scores, same);
  const probability = probabilitiesOf({ scores, same, order }, rows, path, setting);
  return order.flatMap((index): RankedCandidate[] => {
    const candidate = measured.candidates[index];
    return candidate ? [{ ...named(candidate), text: candidate.text, probability: probability(index) }] : [];
  });
}

function joined(
  measured: Measured,
  { path, place, lessons }: Beside & { readonly path: string },
): Float32Array[] {
  const beside = measureBeside(measured, { path, place }, lessons);
  return measured.rows.map((row, index) => Float32Array.from([...row, ...(beside.rows[index] ?? [])]));
}

/** One score a candidate, as training/train.py computes it: the mean over the seeds of both kinds of trees, blended. */
export function scoresOf(
  rows: readonly Float32Array[],
  { point, order }: Pick<Setting, "point" | "order">,
): number[] {
  return blend(
    meanOf(point.map((trees) => walkTrees(trees, rows).map(sigmoid))),
    meanOf(order.map((trees) => walkTrees(trees, rows))),
  );
}

/** The mean of several lists, number by number. */
function meanOf(lists: readonly (readonly number[])[]): number[] {
  return (lists[0] ?? []).map((_, index) => sumOf(lists.map((list) => list[index] ?? 0)) / lists.length);
}

interface Ranked {
  readonly scores: readonly number[];
  readonly same: readonly number[];
  readonly order: readonly number[];
}

/** How sure one can be of the first candidate, before calibration. */
export function confidenceOf(
  { scores, same, order }: Ranked,
  rows: readonly Float32Array[],
  { confidence }: Pick<Setting, "confidence">,
): number {
  const first = rows[order[0] ?? 0] ?? new Float32Array(0);
  const row = Float32Array.from([...spreadOf(scores, same), ...first]);
  return meanOf(confidence.map((trees) => walkTrees(trees, [row]).map(sigmoid)))[0] ?? 0;
}

/**
 * The first candidate's probability is what the second model says, calibrated for its kind of file. What is left is shared among the others as their scores
 * are.
 */
function probabilitiesOf(
  ranked: Ranked,
  rows: readonly Float32Array[],
  path: string,
  setting: Setting,
): (index: number) => number {
  const answers = gather(ranked.scores, ranked.same);
  const [first = 0] = ranked.order;
  const sure = calibrate(setting.calibration, {
    confidence: confidenceOf(ranked, rows, setting),
    score: answers[first] ?? 0,
    kind: categoryOf(path),
  });
  const others = sumOf(answers.filter((_, index) => ranked.same[index] === index)) - (answers[first] ?? 0);
  return (index) => {
    if (index === first || ranked.same[index] === ranked.same[first]) return sure;
    const own = others <= 0 ? 0 : (answers[index] ?? 0) / others;
    return Math.min(sure, own * Math.min(1 - sure, others));
  };
}

/** The name of what proposed it first, and what else did. */
function named({ proposals }: Candidate): { readonly name: string; readonly why: string } {
  const [first] = proposals;
  const name = first?.name ?? "empty";
  return { name, why: explanations[name] };
}
