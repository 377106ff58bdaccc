// The gates on a candidate for type errors: the named ones gone, no new ones, and tests that end as before.
import { createHash } from "node:crypto";
import type { GateVerdict } from "../../core/ledger.ts";
import type { Complaint, SuiteRun, ToolRun } from "../../core/suite.ts";
import { refused } from "./aim.ts";
import type { Judgement } from "./aim.ts";
import { complaintLines, newComplaints } from "./complaints.ts";
import { cheapGate, triedKey } from "./gates/cheap-gate.ts";
import { overfitDoubts } from "./gates/overfit.ts";
import { testGate } from "./gates/test-gate.ts";
import type { Tools } from "./search.ts";
import type { Evidence } from "./show.ts";
import { treeOf } from "./tree-text.ts";
import type { Edit, FixPorts, FixProblem } from "./types.ts";

export interface TypesProblem {
  readonly problem: FixProblem;
  readonly ports: FixPorts;
  readonly tools: Tools;
  readonly head: ToolRun;
  /** Complaints of the head that the base has not. */
  readonly wanted: readonly Complaint[];
}

const mostShown = 10;

export const evidenceOfTypes = (complaints: readonly Complaint[]): Evidence => ({
  test: "The type check.",
  failure: complaintLines(complaints, mostShown),
});

/** Judges candidates; the tests of the head are run once, when the first candidate needs them. */
export function judgeOfTypes(known: TypesProblem): (edits: readonly Edit[]) => Promise<Judgement> {
  const tried = new Set<string>();
  let headRun: Promise<SuiteRun> | null = null;
  const { problem, ports, tools } = known;
  const runOfHead = () =>
    (headRun ??= tools.budget.suite.run({ tree: problem.head, tests: "all", seed: null, measure: [] }));
  return async (edits) => {
    const protectedPaths = problem.protectedPaths ?? [];
    const cheap = await cheapGate(edits, { scope: "source", protectedPaths, tried });
    if (!cheap.passed) return refused(edits, cheap.why, [{ name: "cheap", passed: false }]);
    tried.add(triedKey(edits));
    const tree = await treeOf(ports.trees, problem.head, edits);
    if (tree === null) return refused(edits, "No tree could be made of it.", []);
    const checked = checkedWord(edits, await tools.budget.suite.typecheck(tree), known);
    if (!checked.accepted) return checked;
    const tests = await testsWord(tree, known, runOfHead);
    const gates = [...checked.gates, { name: "whole-suite", passed: tests.why === "" }];
    if (tests.why !== "") return { ...checked, accepted: false, why: tests.why, gates };
    return withDoubts({ ...checked, run: tests.run, doubts: tests.doubts, gates });
  };
}

function checkedWord(
  edits: readonly Edit[],
  after: ToolRun | null,
  { head, wanted }: TypesProblem,
): Judgement {
  const gates: GateVerdict[] = [{ name: "typecheck", passed: false }];
  if (after === null || after.run.status === "stopped")
    return refused(edits, `The types could not be checked with it. ${after?.run.trouble ?? ""}`, gates);
  const isGreen = after.run.status === "passed";
  const added = isGreen ? [] : newComplaints(after.complaints, head.complaints);
  const left = isGreen ? [] : newComplaints(wanted, newComplaints(wanted, after.complaints));
  const open = [...added, ...left];
  const counts = { fixed: wanted.length - left.length, worse: added.length };
  if (open.length === 0 && (isGreen || after.complaints.length > 0))
    return { ...refused(edits, "", [{ name: "typecheck", passed: true }]), ...counts, accepted: true };
  const evidence = evidenceOfTypes(open);
  const signature = createHash("sha256").update(evidence.failure).digest("hex").slice(0, 16);
  const why = `The type checker still complains: ${complaintLines(open, 2)}`;
  return { ...refused(edits, why, gates), ...counts, evidence, signature };
}

function withDoubts(judgement: Judgement): Judgement {
  const overfit = overfitDoubts(judgement.edits, []);
  // What changes nothing but types is what is wanted here: that word names no path.
  const why = overfit.refused.filter((one) => one.startsWith('"')).join(" ");
  const accepted = why === "";
  const gates = [...judgement.gates, { name: "overfit", passed: accepted }];
  return { ...judgement, accepted, why, gates, doubts: [...judgement.doubts, ...overfit.doubts] };
}

interface TestsWord {
  /** "" where all is as before. */
  readonly why: string;
  readonly doubts: readonly string[];
  readonly run: SuiteRun | null;
}

/** What passed on the head passes with it. */
async function testsWord(
  tree: string,
  { tools }: TypesProblem,
  runOfHead: () => Promise<SuiteRun>,
): Promise<TestsWord> {
  const { suite, wholeRunsLeft } = tools.budget;
  const nothing = { why: "", doubts: [], run: null };
  if (suite.unavailable !== null)
    return { ...nothing, doubts: [`No tests could be run on it: ${suite.unavailable}`] };
  if (wholeRunsLeft() < 2) return { ...nothing, why: "The whole suite was run as often as it may be." };
  const before = await runOfHead();
  if (before.status === "stopped")
    return { ...nothing, doubts: [`No tests could be run on the head: ${before.trouble}`] };
  const run = await suite.run({ tree, tests: "all", seed: null, measure: [] });
  if (run.status !== "reported" && before.status === "reported")
    return { ...nothing, why: `The tests left no whole report. ${run.trouble}`, run };
  const [broken] = testGate({ wanted: [], before, after: run, flaky: [] }).worse;
  const why = broken === undefined ? "" : `The test "${broken}" passed before and does not now.`;
  return { why, doubts: [], run };
}
