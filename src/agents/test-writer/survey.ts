// What is there before anything is written: what passes, which changed lines run, which mutants are noticed; and of that, what is worth writing for.
import { affectedPythonTests } from "../../checks/affected/python-tests.ts";
import { affectedScriptTests } from "../../checks/affected/script-tests.ts";
import type { SuiteRun } from "../../core/suite.ts";
import { grammarOf } from "../../syntax/index.ts";
import { passing, whyUseless, worse } from "./bench.ts";
import type { Bench } from "./bench.ts";
import { isTestFile } from "./layout.ts";
import { mostFunctions } from "./limits.ts";
import type { Mutant } from "./mutants/types.ts";
import { folderOf } from "./paths.ts";
import { textIn } from "./targets.ts";
import type { Changed } from "./targets.ts";
import type { Target, WritePorts, WriteProblem } from "./types.ts";
import { familyOf } from "./walk.ts";

/** Runs on mutants before anything is written: a third of all. */
const mostSurveyRuns = 18;

/** A function that wants tests. */
export interface Wanted {
  readonly target: Target;
  /** Mutants that a test noticed before. The others of `target.mutants` are noticed by none. */
  readonly killedBefore: ReadonlySet<Mutant>;
}

export type Survey =
  | { readonly status: "not-run"; readonly why: string }
  | {
      readonly status: "surveyed";
      readonly wanted: readonly Wanted[];
      /** Changed functions of which nothing is missing, and those that nobody came to look at. */
      readonly fine: number;
      readonly left: number;
      readonly before: SuiteRun;
    };

/** Runs the whole suite once, and mutants of lines that tests do run. */
export async function survey(
  changed: readonly Changed[],
  {
    problem,
    ports,
    bench,
    paths,
  }: {
    readonly problem: WriteProblem;
    readonly ports: WritePorts;
    readonly bench: Bench;
    readonly paths: readonly string[];
  },
): Promise<Survey> {
  const measure = [...new Set(changed.map(({ path }) => path))];
  const before = await bench.run(new Map(), { tests: "all", seed: null, measure });
  const why = whyUseless(before);
  if (before === null || why !== null) return { status: "not-run", why: why ?? "" };
  const targets: readonly { target: Target; related: Related }[] = await Promise.all(
    changed.map(async (one) => {
      const related = await relatedTests(one.path, { paths, ports, head: problem.head });
      return { target: { ...one, covered: coveredOf(one, before, related) }, related };
    }),
  );
  const ranked = targets.toSorted((a, b) => uncovered(b.target) - uncovered(a.target));
  const wanted: Wanted[] = [];
  let [fine, looked, left] = [0, 0, mostSurveyRuns];
  for (const { target, related } of ranked) {
    if (wanted.length >= mostFunctions) break;
    looked += 1;
    const weighed = await weigh(target, related, { bench, before, most: Math.min(left, bench.runsLeft()) });
    left -= weighed.runs;
    if (weighed.wanted === null) fine += 1;
    else wanted.push(weighed.wanted);
  }
  return { status: "surveyed", wanted, fine, left: ranked.length - looked, before };
}

type Related = "all" | readonly string[];

/** Test files that can run a source. */
async function relatedTests(
  path: string,
  {
    paths,
    ports,
    head,
  }: { readonly paths: readonly string[]; readonly ports: WritePorts; readonly head: string },
): Promise<Related> {
  const family = familyOf(grammarOf(path));
  if (family === null) return "all";
  const tests = paths.filter((one) => isTestFile(one, family));
  if (family === "go") return tests.filter((one) => folderOf(one) === folderOf(path));
  const files = { paths, read: (name: string) => textIn(ports.trees, head, name) };
  const find = family === "python" ? affectedPythonTests : affectedScriptTests;
  const affected = await find(tests, [path], files);
  return affected.kind === "all" ? "all" : affected.files;
}

/** A file that no test can reach is not measured, and none of it runs. */
function coveredOf({ path, lines }: Changed, before: SuiteRun, related: Related): Target["covered"] {
  const ran = before.coverage?.get(path);
  if (ran !== undefined) return new Set([...lines].filter((line) => ran.has(line)));
  return related !== "all" && related.length === 0 ? new Set() : null;
}

function uncovered({ lines, covered }: Target): number {
  return covered === null ? lines.size / 2 : lines.size - covered.size;
}

interface Means {
  readonly bench: Bench;
  readonly before: SuiteRun;
  readonly most: number;
}

async function weigh(
  target: Target,
  related: Related,
  { bench, before, most }: Means,
): Promise<{ readonly wanted: Wanted | null; readonly runs: number }> {
  const killedBefore = new Set<Mutant>();
  const known: Mutant[] = [];
  const passed = passing(before);
  let runs = 0;
  for (const mutant of target.mutants) {
    if (isUnreached(mutant, target, related)) {
      known.push(mutant);
      continue;
    }
    // Where tests reach it, one run tells; what there is no run left for is left out.
    if (runs >= most) continue;
    runs += 1;
    const run = await bench.run(new Map([[target.path, mutant.text]]), {
      tests: related,
      seed: null,
      measure: [],
    });
    if (run?.status !== "reported") continue;
    known.push(mutant);
    const now = new Set(run.tests.flatMap(({ id, status }) => (status === "failed" ? [id] : [])));
    if (worse(passed, run).some((id) => now.has(id))) killedBefore.add(mutant);
  }
  const survives = known.length > killedBefore.size;
  const wanted = survives ? { target: { ...target, mutants: known }, killedBefore } : null;
  return { wanted, runs };
}

/** Whether no test runs the place. */
function isUnreached({ line }: Mutant, { lines, covered }: Target, related: Related): boolean {
  if (related !== "all" && related.length === 0) return true;
  if (covered === null) return false;
  return lines.size > 0 && (covered.size === 0 || (lines.has(line) && !covered.has(line)));
}
