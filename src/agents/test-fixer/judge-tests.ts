// The gates on a candidate for failing tests, in the order of what they cost. Only what passes all of them is accepted.
import { createHash } from "node:crypto";
import type { GateVerdict } from "../../core/ledger.ts";
import { noReportId } from "../../core/suite.ts";
import type { SuiteRun } from "../../core/suite.ts";
import { decidesTests } from "../../core/test-paths.ts";
import { weakenings } from "../../verifiers/weakened/weakenings.ts";
import { refused } from "./aim.ts";
import type { Judgement } from "./aim.ts";
import { evidenceOfTests, testFileOf } from "./evidence.ts";
import { canaryWord, withCanary, withoutCanary } from "./gates/canary.ts";
import { cheapGate, triedKey } from "./gates/cheap-gate.ts";
import { minimise } from "./gates/minimise.ts";
import { overfitDoubts } from "./gates/overfit.ts";
import { testGate } from "./gates/test-gate.ts";
import { minimisingRuns, mostTestsRead, shuffledRuns } from "./limits.ts";
import { filesOf } from "./reproduce.ts";
import { failureSignature } from "./signature.ts";
import type { Tools } from "./search.ts";
import { treeOf } from "./tree-text.ts";
import { listed } from "./words.ts";
import type { Edit, FixPorts, FixProblem, GateWord, Reproduced } from "./types.ts";

export interface TestsProblem {
  readonly problem: FixProblem;
  readonly ports: FixPorts;
  readonly reproduced: Reproduced;
  readonly tools: Tools;
}

type Scope = "source" | "tests";

interface Candidate {
  readonly tree: string;
  readonly edits: readonly Edit[];
}

/** A word, and the run that it rests on. */
interface Word extends GateWord {
  readonly run: SuiteRun | null;
  readonly fixed: number;
  readonly worse: number;
}

/** Judges candidates; what was tried once is refused without a run. */
export function judgeOfTests(
  known: TestsProblem,
  scope: Scope,
): (edits: readonly Edit[]) => Promise<Judgement> {
  const tried = new Set<string>();
  return async (edits) => {
    const gates: GateVerdict[] = [];
    const protectedPaths = known.problem.protectedPaths ?? [];
    const cheap = await cheapGate(edits, { scope, protectedPaths, tried });
    gates.push({ name: "cheap", passed: cheap.passed });
    if (!cheap.passed) return refused(edits, cheap.why, gates);
    tried.add(triedKey(edits));
    const weaker = scope === "tests" ? await weakened(edits) : [];
    if (weaker.length > 0)
      return refused(edits, weaker.join(" "), [...gates, { name: "no-weakened-tests", passed: false }]);
    const tree = await treeOf(known.ports.trees, known.problem.head, edits);
    if (tree === null) return refused(edits, "No tree could be made of it.", gates);
    const narrow = await narrowWord(tree, known);
    gates.push({ name: "failing-tests", passed: narrow.passed });
    if (!narrow.passed) return failed(edits, narrow, { tree, gates }, known);
    const whole = await proven({ tree, edits }, known, gates);
    if (!whole.passed) return failed(edits, whole, { tree, gates }, known);
    return accepted(edits, whole, { scope, gates }, known);
  };
}

async function weakened(edits: readonly Edit[]): Promise<readonly string[]> {
  const found = await Promise.all(edits.map(({ path, before, after }) => weakenings(path, before, after)));
  return found.flat().slice(0, 3);
}

/** Refused after a run: what it shows is what the next question is about. */
async function failed(
  edits: readonly Edit[],
  word: Word,
  { tree, gates }: { readonly tree: string; readonly gates: readonly GateVerdict[] },
  { ports, reproduced }: TestsProblem,
): Promise<Judgement> {
  const { run, fixed, worse, why } = word;
  const base = { ...refused(edits, why, gates), fixed, worse, run };
  if (run === null) return base;
  if (run.status === "stopped") {
    const signature = createHash("sha256").update(run.trouble).digest("hex").slice(0, 16);
    const { test } = await evidenceOfTests(reproduced.failing, run, { trees: ports.trees, tree });
    return { ...base, signature, evidence: { test, failure: run.trouble } };
  }
  const wanted = new Set(reproduced.failing.map(({ id }) => id));
  const knownBefore = new Set(
    reproduced.head.tests.filter(({ status }) => status === "failed").map(({ id }) => id),
  );
  const failing = run.tests.filter(
    ({ id, status }) => status === "failed" && (wanted.has(id) || !knownBefore.has(id)),
  );
  if (failing.length === 0) return base;
  const evidence = await evidenceOfTests(failing, run, { trees: ports.trees, tree });
  return { ...base, evidence, signature: failureSignature(failing) };
}

const wantedOf = ({ failing }: Reproduced): readonly string[] => failing.map(({ id }) => id);

const silentOf = ({ flaky }: Reproduced): readonly string[] => flaky.map(({ id }) => id);

/** The failing files alone: most candidates end here. */
async function narrowWord(tree: string, { reproduced, tools }: TestsProblem): Promise<Word> {
  const tests = filesOf(reproduced.failing);
  if (tests === "all" && tools.budget.wholeRunsLeft() === 0) return spent;
  const run = await tools.budget.suite.run({ tree, tests, seed: null, measure: [] });
  const { head } = reproduced;
  const before =
    tests === "all"
      ? head
      : { ...head, tests: head.tests.filter(({ file }) => file !== undefined && tests.includes(file)) };
  const word = testGate({ wanted: wantedOf(reproduced), before, after: run, flaky: silentOf(reproduced) });
  return { passed: word.passed, why: word.why, run, fixed: word.fixed, worse: word.worse.length };
}

const spent: Word = {
  passed: false,
  why: "The whole suite was run as often as it may be, so it could not be judged.",
  run: null,
  fixed: 0,
  worse: 0,
};

/** The whole suite, then the failing files in other orders beside a test that must fail. */
async function proven(candidate: Candidate, known: TestsProblem, gates: GateVerdict[]): Promise<Word> {
  const { reproduced, tools } = known;
  const { tree } = candidate;
  if (tools.budget.wholeRunsLeft() === 0) return spent;
  const run = await tools.budget.suite.run({ tree, tests: "all", seed: null, measure: [] });
  const { passed, why, fixed, worse } = testGate({
    wanted: wantedOf(reproduced),
    before: reproduced.head,
    after: run,
    flaky: silentOf(reproduced),
  });
  const word = { passed, why, run, fixed, worse: worse.length };
  gates.push({ name: "whole-suite", passed });
  if (!passed) return word;
  const shuffled = await whyNotShuffled(candidate, known);
  gates.push({ name: "canary", passed: shuffled === null });
  return shuffled === null ? word : { ...word, passed: false, why: shuffled };
}

/** Why it does not hold in another order, or where something interferes with the tests; `null` where all is well. */
async function whyNotShuffled({ tree, edits }: Candidate, known: TestsProblem): Promise<string | null> {
  const { problem, reproduced, tools } = known;
  const nonce = digest(`${problem.seed}\0canary\0${tree}`);
  const planted = await plantedIn({ tree, edits }, nonce, known);
  if (planted === null)
    tools.journal.note(
      "canary",
      "No test that must fail could be planted beside these, so that was not tried.",
    );
  const tests = filesOf(reproduced.failing);
  for (let order = 0; order <= shuffledRuns; order++) {
    if (tests === "all" && tools.budget.wholeRunsLeft() === 0) return spent.why;
    // First in the runner's own order, in which the canary is the last: what was tampered with by then shows.
    const seed = order === 0 ? null : Number.parseInt(digest(`${problem.seed}\0${order}`).slice(0, 7), 16);
    const run = await tools.budget.suite.run({ tree: planted ?? tree, tests, seed, measure: [] });
    const canary = planted === null ? null : canaryWord(run, nonce);
    if (canary?.passed === false) return canary.why;
    const rest = withoutCanary(run, nonce);
    const { fixed, why } = testGate({
      wanted: wantedOf(reproduced),
      before: reproduced.head,
      after: rest,
      flaky: [],
    });
    if (fixed < reproduced.failing.length)
      return run.shuffled
        ? `In another order it does not hold: ${why}`
        : `Run again it does not hold: ${why}`;
  }
  return null;
}

const digest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);

/** The tree with a canary in one of the failing files; `null` where none can be written. */
async function plantedIn(
  { tree, edits }: Candidate,
  nonce: string,
  { problem, ports, reproduced, tools }: TestsProblem,
): Promise<string | null> {
  const { trees } = ports;
  const runners = tools.budget.suite.commands.flatMap(({ name, runner }) =>
    name === "test" ? (runner ?? []) : [],
  );
  for (const test of reproduced.failing.slice(0, mostTestsRead)) {
    const file = await testFileOf(test, trees, tree);
    if (file === null) continue;
    const { path, text } = file;
    const [after] = runners.flatMap((runner) => withCanary(path, text, { runner, nonce }) ?? []);
    if (after === undefined) continue;
    const others = edits.filter((edit) => edit.path !== path);
    return treeOf(trees, problem.head, [...others, { path, before: text, after }]);
  }
  return null;
}

/** What passes is made smaller while it still passes, and looked at for code that is made for these tests alone. */
async function accepted(
  edits: readonly Edit[],
  whole: Word,
  { scope, gates }: { readonly scope: Scope; readonly gates: GateVerdict[] },
  known: TestsProblem,
): Promise<Judgement> {
  const result = await smallest(edits, whole, known);
  const { refused: why, doubts } = overfitDoubts(
    result.edits,
    scope === "source" ? await sourcesOf(known) : [],
  );
  gates.push({ name: "overfit", passed: why.length === 0 });
  if (why.length > 0) return { ...refused(result.edits, why.join(" "), gates), run: whole.run };
  const { fixed, run } = result.word;
  const own = [...unreadDoubts(run), ...settingDoubts(known.problem)];
  return { ...refused(result.edits, "", gates), accepted: true, doubts: [...own, ...doubts], fixed, run };
}

async function smallest(
  edits: readonly Edit[],
  whole: Word,
  known: TestsProblem,
): Promise<{ readonly edits: readonly Edit[]; readonly word: Word }> {
  const { ports, problem, tools } = known;
  const asIs = { edits, word: whole };
  // Of the smaller one the whole suite has to be run again.
  if (tools.budget.wholeRunsLeft() < 2) return asIs;
  const holds = async (fewer: readonly Edit[]) => {
    const tree = await treeOf(ports.trees, problem.head, fewer);
    return tree !== null && (await narrowWord(tree, known)).passed;
  };
  const fewer = await minimise(edits, holds, minimisingRuns);
  const isSame =
    fewer.length === edits.length && fewer.every(({ after }, index) => after === edits[index]?.after);
  const tree = isSame ? null : await treeOf(ports.trees, problem.head, fewer);
  if (tree === null) return asIs;
  const word = await proven({ tree, edits: fewer }, known, []);
  return word.passed ? { edits: fewer, word } : asIs;
}

/** Commands are the base's, but what they read is the head's: a branch that changes it judges itself. */
function settingDoubts({ changed }: FixProblem): readonly string[] {
  const deciding = changed.filter(decidesTests);
  return deciding.length === 0
    ? []
    : [
        `This pull request itself changes what its tests are run with (${listed(deciding)}), so look at that before you trust what they say.`,
      ];
}

/** A command that leaves no report says no more than how it ended, which is proof of nothing (decision 0032). */
function unreadDoubts(run: SuiteRun | null): readonly string[] {
  const isUnread = run?.tests.some(({ id }) => id.startsWith(noReportId(""))) === true;
  return isUnread
    ? ["A test command leaves no report that can be read, so nothing but its exit status speaks for it."]
    : [];
}

/** The first failing test of each file that the report names, and those for which it names none. */
function onePerFile(failing: Reproduced["failing"]): Reproduced["failing"] {
  const seen = new Set<string>();
  return failing.filter(({ file }) => file === undefined || (!seen.has(file) && seen.add(file)));
}

/** Whole files of the failing tests: constants in helpers and tables of them count too. */
async function sourcesOf({ ports, problem, reproduced }: TestsProblem): Promise<readonly string[]> {
  const texts = new Map<string, string>();
  for (const test of onePerFile(reproduced.failing).slice(0, mostTestsRead)) {
    const file = await testFileOf(test, ports.trees, problem.head);
    if (file !== null) texts.set(file.path, file.text);
  }
  return [...texts.values()];
}
