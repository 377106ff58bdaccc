// Whether a fix is one: by the developers' own fix, by tests that the loop never saw, and by what was touched.
import { isTestPath } from "../../core/test-paths.ts";
import type { TestCase } from "./tests-cases.ts";
import type { MaterialCase } from "./tests-materialise.ts";
import { passing, runCase } from "./tests-run.ts";
import type { JudgeRun, RunPorts } from "./tests-run.ts";

export interface Reproducing {
  /** Whether every test that should fail does, on the head. */
  readonly reproducible: boolean;
  /** The command that shows it: the whole suite's where that does. */
  readonly line: string;
  /** Milliseconds that its slowest run took. */
  readonly wallMs: number;
  readonly why: string;
}

export interface Judgement {
  readonly solved: boolean;
  /** Pushed, and no fix. */
  readonly falselyClaimed: boolean;
  /** What is wrong; "" where it is solved. */
  readonly why: string;
}

const linesOf = ({ test_cmd, full_test_cmd }: TestCase): readonly string[] => [
  ...new Set([full_test_cmd ?? test_cmd, test_cmd]),
];

/** Runs the head as it is. */
export async function reproduce(
  one: TestCase,
  head: string,
  ports: RunPorts,
  missing: (ids: readonly string[], run: JudgeRun) => readonly string[],
): Promise<Reproducing> {
  let why = "";
  let wallMs = 0;
  for (const line of linesOf(one)) {
    const run = await runCase(one, line, head, ports);
    const absent = missing(one.fail_ids, run);
    wallMs = Math.max(wallMs, run.wallMs);
    if (run.tests !== null && absent.length === 0) return { reproducible: true, line, wallMs, why: "" };
    why = run.tests === null ? run.ended : `does not fail: ${absent.slice(0, 3).join("; ")}`;
  }
  return { reproducible: false, line: linesOf(one)[0] ?? one.test_cmd, wallMs, why };
}

/** Judges edits that are pushed. `tree`: the head with them. */
export async function judge(
  one: TestCase,
  material: MaterialCase,
  pushed: { readonly tree: string; readonly paths: readonly string[] },
  ports: RunPorts,
): Promise<Judgement> {
  const touched = pushed.paths.filter((path) => one.test_files.includes(path) || isTestPath(path));
  if (touched.length > 0) return condemned(`it changes tests: ${touched.join(", ")}`);
  if (one.hidden_test !== null) {
    const tree = await material.withFiles(pushed.tree, one.hidden_test);
    const wrong = await failsHidden(one, tree, ports);
    return wrong === null ? solved : condemned(wrong);
  }
  if (material.reference === null) return condemned("nothing puts this right, so nothing may be pushed");
  const compared = { reference: material.reference, tree: pushed.tree };
  let judgedBy = 0;
  for (const line of linesOf(one)) {
    const found = await compare(one, line, compared, ports);
    if (found.worse.length > 0)
      return condemned(`passes with the developers' fix and not here: ${shown(found.worse)}`);
    judgedBy += found.wanted;
  }
  // Without a test that the developers' fix passes on this machine nothing is known of ours.
  return judgedBy > 0 ? solved : { solved: false, falselyClaimed: false, why: unjudged };
}

const unjudged = "it cannot be judged: no test passes here with the developers' fix";
const solved: Judgement = { solved: true, falselyClaimed: false, why: "" };
const condemned = (why: string): Judgement => ({ solved: false, falselyClaimed: true, why });

async function failsHidden(one: TestCase, tree: string, ports: RunPorts): Promise<string | null> {
  const run = await runCase(one, one.test_cmd, tree, ports);
  const bad = (run.tests ?? []).filter(({ status }) => status !== "passed");
  if (run.tests === null || run.tests.length === 0) return `the hidden tests left no report (${run.ended})`;
  return bad.length === 0 ? null : `hidden tests fail: ${shown(bad.map(({ id }) => id))}`;
}

/** How many tests pass with the developers' fix, and which of them not with ours. One that fails once of two runs is given the benefit. */
async function compare(
  one: TestCase,
  line: string,
  { reference, tree }: { readonly reference: string; readonly tree: string },
  ports: RunPorts,
): Promise<{ readonly wanted: number; readonly worse: readonly string[] }> {
  const wanted = passing(await runCase(one, line, reference, ports));
  const missing = async (of: readonly string[]): Promise<readonly string[]> => {
    const passed = passing(await runCase(one, line, tree, ports));
    return of.filter((id) => !passed.has(id));
  };
  const once = wanted.size === 0 ? [] : await missing([...wanted]);
  return { wanted: wanted.size, worse: once.length === 0 ? once : await missing(once) };
}

const shown = (ids: readonly string[]): string =>
  ids.slice(0, 3).join("; ") + (ids.length > 3 ? ` and ${ids.length - 3} more` : "");
