// Where the fault may be: functions, ranked by what the failing tests and the tree say, without a model.
import type { TestResult } from "../../../core/checks.ts";
import type { SuiteRun, Trees } from "../../../core/suite.ts";
import type { Place } from "../types.ts";
import { candidatesOf } from "./candidates.ts";
import type { Candidate } from "./candidates.ts";
import { openTests, readFailure } from "./failures.ts";
import type { Failure } from "./failures.ts";
import { openTexts } from "./files.ts";
import type { TreeTexts } from "./files.ts";
import { framesOf } from "./frames.ts";
import { defaultLimits } from "./limits.ts";
import type { LocaliseLimits } from "./limits.ts";
import { isSource, stemOf } from "./paths.ts";
import { reachOf } from "./reach.ts";
import type { Reached } from "./reach.ts";
import { scored } from "./score.ts";

export interface LocaliseProblem {
  readonly failing: readonly TestResult[];
  /** The run that they failed in; its output is looked at where they say nothing of their own. */
  readonly head: Pick<SuiteRun, "output">;
  /** Name of the tree. */
  readonly tree: string;
  /** Paths that the pull request adds or changes. */
  readonly changed: readonly string[];
  /** By path, the 1-based lines that ran while the failing tests did; `null`: not measured. */
  readonly coverage: ReadonlyMap<string, ReadonlySet<number>> | null;
  /** The same, one for each passing test file that was measured. */
  readonly passingCoverage?: readonly ReadonlyMap<string, ReadonlySet<number>>[];
  /** A changed file as it was in the base; `null` where it was not there. */
  readonly before?: (path: string) => Promise<string | null>;
}

/**
 * At most eight places, likeliest first; `[]` where no source can be found. Deterministic. Texts of stacks, tests and trees are hostile: only paths that the tree
 * has are read, and no more than the limits. Throws what the trees throw.
 */
export async function localise(
  problem: LocaliseProblem,
  trees: Trees,
  limits: LocaliseLimits = defaultLimits,
): Promise<readonly Place[]> {
  const texts = await openTexts(trees, problem.tree, limits);
  const testFiles = openTests(texts);
  const failures: Failure[] = [];
  for (const result of spread(problem.failing, limits.tests)) {
    failures.push(withOutput(await readFailure(result, texts, testFiles), problem.head.output, texts));
  }
  const tests = [...new Set(failures.flatMap(({ file }) => file ?? []))];
  const wanted = new Set(failures.flatMap(({ identifiers }) => [...identifiers]));
  const reach = await reachOf(tests, wanted, texts);
  const candidates: Candidate[] = [];
  for (const path of likelyFiles(problem, failures, reach)) {
    const text = await texts.readSource(path);
    if (text !== null) candidates.push(...(await candidatesOf(path, text)));
  }
  const changed = new Set(problem.changed);
  const before = await textsBefore(problem, candidates);
  const passing = problem.passingCoverage ?? [];
  const evidence = { failures, reach, changed, before, coverage: problem.coverage, passing };
  return scored(candidates, evidence)
    .slice(0, limits.places)
    .map(({ candidate: { path, text, span }, why, score }) => ({ path, text, span, why, score }));
}

/** At most so many, from all over the list: failures next to each other are alike. */
function spread<T>(list: readonly T[], most: number): readonly T[] {
  if (list.length <= most) return list;
  return Array.from({ length: most }, (_, index) => list[Math.floor((index * list.length) / most)]).flatMap(
    (one) => one ?? [],
  );
}

/** A test that says nothing of its own may have died with its process, whose output then holds the stack. */
function withOutput(failure: Failure, output: string, texts: TreeTexts): Failure {
  if (failure.frames.length > 0 || failure.file !== null) return failure;
  return { ...failure, frames: framesOf(output, texts.paths).filter(({ path }) => isSource(path)) };
}

/** Source files in the order in which they are read: the limits may end it anywhere. */
function likelyFiles(
  { changed, coverage }: LocaliseProblem,
  failures: readonly Failure[],
  reach: ReadonlyMap<string, Reached>,
): readonly string[] {
  const framed = failures.flatMap(({ frames }) => frames.map(({ path }) => path));
  const stems = new Set(failures.flatMap(({ file }) => (file === null ? [] : [stemOf(file)])));
  const reached = [...reach.entries()]
    .map(([path, { distance }]) => ({ path, rank: distance - (stems.has(stemOf(path)) ? 1 : 0) }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ path }) => path);
  const ran = [...(coverage ?? [])].flatMap(([path, lines]) => (lines.size > 0 ? [path] : [])).sort();
  return [...new Set([...framed, ...changed, ...reached, ...ran])].filter(isSource);
}

async function textsBefore(
  { changed, before }: LocaliseProblem,
  candidates: readonly Candidate[],
): Promise<ReadonlyMap<string, string | null>> {
  const texts = new Map<string, string | null>();
  const paths = new Set(candidates.map(({ path }) => path));
  for (const path of before === undefined ? [] : changed) {
    if (paths.has(path) && before !== undefined) texts.set(path, await before(path));
  }
  return texts;
}
