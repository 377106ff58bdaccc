// Asks for an answer to each hunk, alone and with the earlier hunks of its merge known, and compares it with the developers' own.
import { messageOf } from "../../core/errors.ts";
import type { Hunk, HunkResolution, SettledSibling } from "../../core/conflict.ts";
import { isRight, scorerOf } from "../../merge/score.ts";
import type { Score } from "../../merge/score.ts";
import type { HunkContext } from "../../merge/tier.ts";
import type { HunkCase } from "./cases.ts";
import type { HunkResolver, ResolveHunk } from "./resolver.ts";

/** How the answers to one hunk compare with what the developers did. */
export interface Judgement {
  /** The first answer: the settlement's text, else the first candidate's. */
  readonly first: Score;
  /** The best score among the first three answers, and among all. */
  readonly firstThree: Score;
  readonly any: Score;
  /** The first answer is likely enough to be taken unseen. */
  readonly covered: boolean;
  /** A rule or the ranker settled it. */
  readonly settled: boolean;
}

export interface HunkMeasure {
  readonly language: string;
  readonly category: string;
  readonly alone: Judgement;
  /** With the developers' resolutions of the earlier hunks of the merge known; the first hunk is answered as if alone. */
  readonly siblings: Judgement;
  /** Milliseconds that the answer alone took. */
  readonly ms: number;
}

/** A resolver must never throw: one that did has failed, and its hunk has no answer. */
interface Failure {
  readonly id: string;
  readonly reason: string;
}

export interface MergeMeasure {
  readonly hunks: readonly HunkMeasure[];
  readonly failures: readonly Failure[];
}

const unanswered: Judgement = {
  first: "abstained",
  firstThree: "abstained",
  any: "abstained",
  covered: false,
  settled: false,
};

/** Measures the cases of one merge, in the order of their paths and hunks. */
export async function measureMerge(
  cases: readonly HunkCase[],
  resolver: HunkResolver,
): Promise<MergeMeasure> {
  const siblings: SettledSibling[] = [];
  const hunks: HunkMeasure[] = [];
  const failures: Failure[] = [];
  for (const one of cases.toSorted(byPlace)) {
    const resolve = await resolver.prepare(one.path);
    const measured = measureHunk(one, siblings, { resolve, thresholds: resolver.thresholds });
    hunks.push(measured.hunk);
    failures.push(...measured.failures);
    const place = siblings.length;
    siblings.push({ path: one.path, hunk: hunkOf(one), text: one.resolution, place });
  }
  return { hunks, failures };
}

/** Asks for answers without looking at them, so that what is timed later is compiled and cached as in a process that has worked a while. */
export async function warmUp(cases: readonly HunkCase[], resolver: HunkResolver): Promise<void> {
  for (const one of cases) {
    const resolve = await resolver.prepare(one.path);
    attempt(one, [], resolve);
  }
}

function byPlace(one: HunkCase, other: HunkCase): number {
  if (one.path !== other.path) return one.path < other.path ? -1 : 1;
  return one.hunk - other.hunk;
}

/** The hunk of a case, as the rules are given it. */
export const hunkOf = ({ base, ours, theirs }: HunkCase): Hunk => ({ kind: "hunk", base, ours, theirs });

/** What the rules may look at besides it. */
export function contextOf({ path, before, after, hunk, n_hunks, n_conflict_files }: HunkCase): HunkContext {
  const merge = n_conflict_files === undefined ? {} : { conflictedFiles: n_conflict_files };
  return { path, before, after, file: null, hunks: n_hunks, place: { index: hunk, ...merge } };
}

function measureHunk(
  one: HunkCase,
  known: readonly SettledSibling[],
  { resolve, thresholds }: { readonly resolve: ResolveHunk } & Pick<HunkResolver, "thresholds">,
): { hunk: HunkMeasure; failures: Failure[] } {
  const began = performance.now();
  const cold = attempt(one, [], resolve);
  const ms = performance.now() - began;
  const told = known.length === 0 ? null : attempt(one, known, resolve);
  const score = cachedScorer(one);
  const judged = ({ resolution }: Attempt, threshold: number) =>
    resolution === null ? unanswered : judge(resolution, score, threshold);
  const alone = judged(cold, thresholds.alone);
  const siblings = told === null ? alone : judged(told, thresholds.siblings);
  const hunk: HunkMeasure = { language: one.lang, category: one.category, alone, siblings, ms };
  const reason = cold.reason ?? told?.reason ?? null;
  return { hunk, failures: reason === null ? [] : [{ id: one.id, reason }] };
}

interface Attempt {
  readonly resolution: HunkResolution | null;
  /** What was thrown. */
  readonly reason: string | null;
}

function attempt(one: HunkCase, known: readonly SettledSibling[], resolve: ResolveHunk): Attempt {
  try {
    return { resolution: resolve(hunkOf(one), contextOf(one), known), reason: null };
  } catch (error) {
    return { resolution: null, reason: messageOf(error) };
  }
}

/** Both runs give much the same answers: each is compared once. */
function cachedScorer({ lang, before, after, resolution }: HunkCase): (answer: string) => Score {
  const score = scorerOf({ language: lang, before, after, resolution });
  const known = new Map<string, Score>();
  return (answer) => {
    const found = known.get(answer) ?? score(answer);
    known.set(answer, found);
    return found;
  };
}

/** Every answer once, best first: a settlement goes before any candidate. */
export function answersOf({ settlement, candidates }: HunkResolution): string[] {
  return [...new Set([...(settlement ? [settlement.text] : []), ...candidates.map(({ text }) => text)])];
}

function judge(resolution: HunkResolution, score: (answer: string) => Score, threshold: number): Judgement {
  const answers = answersOf(resolution);
  const [first] = answers;
  if (first === undefined) return unanswered;
  const scores = answers.map(score);
  const likely = resolution.candidates.find(({ text }) => text === first)?.probability ?? 0;
  return {
    first: best(scores.slice(0, 1)),
    firstThree: best(scores.slice(0, 3)),
    any: best(scores),
    covered: likely >= threshold,
    settled: resolution.settlement !== null,
  };
}

function best(scores: readonly Score[]): Score {
  if (scores.includes("exact")) return "exact";
  return scores.find(isRight) ?? scores[0] ?? "abstained";
}
