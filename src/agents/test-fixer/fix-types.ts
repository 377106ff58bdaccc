// Type errors that the head has and the base has not: the same search, with the type checker as the judge and the tests beside it.
import type { Complaint, SuiteRun, ToolRun } from "../../core/suite.ts";
import { functionsIn, topLevelRegionAt } from "../../syntax/functions.ts";
import type { Aim, Judgement, Standing } from "./aim.ts";
import { aroundPlace } from "./around.ts";
import { complaintLines, newComplaints } from "./complaints.ts";
import { consult } from "./consult.ts";
import type { Ended } from "./end.ts";
import { fixFailing } from "./fix-failing.ts";
import { cheapGate, triedKey } from "./gates/cheap-gate.ts";
import { overfitDoubts } from "./gates/overfit.ts";
import { testGate } from "./gates/test-gate.ts";
import { longestFile, mostPlaces } from "./limits.ts";
import { writeFilePrompt } from "./prompts/write-file.ts";
import { writeFunctionPrompt } from "./prompts/write-function.ts";
import { search } from "./search.ts";
import type { Tools } from "./search.ts";
import { selected } from "./select.ts";
import type { Evidence } from "./show.ts";
import { readText, treeOf } from "./tree-text.ts";
import type { Edit, FixPorts, FixProblem, Place } from "./types.ts";

interface TypesProblem {
  readonly problem: FixProblem;
  readonly ports: FixPorts;
  readonly tools: Tools;
  readonly head: ToolRun;
  /** Complaints of the head that the base has not. */
  readonly wanted: readonly Complaint[];
}

const mostShown = 10;

export async function fixTypes(problem: FixProblem, ports: FixPorts, tools: Tools): Promise<Ended> {
  const { suite } = tools.budget;
  const head = await suite.typecheck(problem.head);
  if (head === null) {
    tools.journal.note("typecheck", "There is no type check to run here, so the tests are run.");
    return fixFailing(problem, ports, tools);
  }
  const { run, complaints } = head;
  tools.journal.note(
    "typecheck",
    `${run.command}: ${run.status}, ${complaints.length} complaints on the head. ${run.trouble}`,
  );
  if (run.status === "stopped")
    return { ending: "not-run", words: `The types could not be checked. ${run.trouble}` };
  if (run.status === "passed")
    return { ending: "not-reproduced", words: `\`${run.command}\` has no complaints here.` };
  const base = problem.base === null ? null : await suite.typecheck(problem.base);
  const wanted = newComplaints(complaints, base?.complaints ?? []);
  if (wanted.length === 0) return { ending: "red-on-base", words: sameOnBase(head, base) };
  tools.budget.begin();
  return searched({ problem, ports, tools, head, wanted });
}

function sameOnBase({ run, complaints }: ToolRun, base: ToolRun | null): string {
  if (complaints.length === 0 && base?.run.status !== "failed")
    return `\`${run.command}\` fails, and what it says could not be read: see to it by hand. ${run.trouble}`;
  return `\`${run.command}\` fails on the base in the same way: this pull request did not break it.`;
}

async function searched(known: TypesProblem): Promise<Ended> {
  const { tools, wanted, problem, ports } = known;
  const aim = typesAim(known);
  const start: Standing = { edits: [], fixed: 0, run: null, evidence: evidenceOf(wanted) };
  const first = await search(aim, start, tools);
  const textAt = async (path: string) =>
    first.standing.edits.find((edit) => edit.path === path)?.after ??
    readText(ports.trees, problem.head, path);
  const found = first.accepted.length > 0 ? first : await consult(first, aim, textAt, tools);
  const said = `\`${known.head.run.command}\` complains on this commit and not on its base: ${complaintLines(wanted, 2).replaceAll("\n", "; ")}.`;
  const best = selected(found.accepted);
  const shared = { places: found.places, tried: found.tried };
  if (best === null) {
    const why =
      found.best === null
        ? (found.ended ?? found.gaveUp[0] ?? "no model wrote a candidate")
        : found.best.judgement.why;
    return {
      ...shared,
      ending: "unfixed",
      words: `${said} Nothing that was tried puts it right: ${why}`,
      best: found.best?.judgement.edits ?? [],
    };
  }
  const { edits, doubts } = best;
  const paths = edits.map(({ path }) => path).join(", ");
  const words = `${said} With a change to ${paths} it does not, and has no new complaints. ${doubts.join(" ")}`;
  return {
    ...shared,
    ending: doubts.length > 0 ? "doubtful" : "fixed",
    words,
    edits,
    editsClass: "source",
    doubts,
  };
}

const evidenceOf = (complaints: readonly Complaint[]): Evidence => ({
  test: "The type check.",
  failure: complaintLines(complaints, mostShown),
});

function typesAim(known: TypesProblem): Aim {
  const tried = new Set<string>();
  const headRun = once(() =>
    known.tools.budget.suite.run({ tree: known.problem.head, tests: "all", seed: null, measure: [] }),
  );
  return {
    slot: "write",
    prompts: { part: writeFunctionPrompt, file: writeFilePrompt },
    placesOf: (standing) => placesOf(known, standing),
    aroundOf: (place) => aroundPlace(place, known.problem, known.ports.trees),
    judge: (edits) => judgeTypes(edits, known, { tried, headRun }),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
}

/** The functions, or the statements, in which the complaints stand. */
async function placesOf(
  { problem, ports, wanted }: TypesProblem,
  { edits }: Standing,
): Promise<readonly Place[]> {
  const places: Place[] = [];
  for (const { path, line, message } of wanted) {
    const text =
      edits.find((edit) => edit.path === path)?.after ?? (await readText(ports.trees, problem.head, path));
    if (text === null || text.length > longestFile) continue;
    const around = (await functionsIn(path, text)).filter(
      ({ firstLine, lastLine }) => firstLine <= line && line <= lastLine,
    );
    const span = around.at(-1) ?? (await topLevelRegionAt(path, text, line));
    const isKnown = places.some((place) => place.path === path && place.span?.start === span?.start);
    if (!isKnown)
      places.push({
        path,
        text,
        span,
        why: `The type checker says of line ${line}: ${message.slice(0, 200)}`,
        score: 1,
      });
    if (places.length >= mostPlaces) break;
  }
  return places;
}

interface Seen {
  readonly tried: Set<string>;
  readonly headRun: () => Promise<SuiteRun>;
}

async function judgeTypes(edits: readonly Edit[], known: TypesProblem, seen: Seen): Promise<Judgement> {
  const { problem, ports, tools, head, wanted } = known;
  const none: Judgement = {
    accepted: false,
    edits,
    doubts: [],
    fixed: 0,
    worse: 0,
    why: "",
    evidence: null,
    signature: null,
    run: null,
    gates: [],
  };
  const cheap = await cheapGate(edits, {
    scope: "source",
    protectedPaths: problem.protectedPaths ?? [],
    tried: seen.tried,
  });
  if (!cheap.passed) return { ...none, why: cheap.why, gates: [{ name: "cheap", passed: false }] };
  seen.tried.add(triedKey(edits));
  const tree = await treeOf(ports.trees, problem.head, edits);
  const after = tree === null ? null : await tools.budget.suite.typecheck(tree);
  if (tree === null || after === null || after.run.status === "stopped")
    return { ...none, why: `The types could not be checked with it. ${after?.run.trouble ?? ""}` };
  const added = newComplaints(after.complaints, head.complaints);
  const left =
    after.run.status === "passed" ? [] : newComplaints(wanted, newComplaints(wanted, after.complaints));
  const word = { ...none, fixed: wanted.length - left.length, worse: added.length };
  const open = [...added, ...left];
  if (open.length > 0 || (after.run.status === "failed" && after.complaints.length === 0)) {
    const why = `The type checker still complains: ${complaintLines(open, 2)}`;
    return {
      ...word,
      why,
      evidence: evidenceOf(open),
      signature: complaintLines(open, mostShown),
      gates: [{ name: "typecheck", passed: false }],
    };
  }
  const gates = [{ name: "typecheck", passed: true }];
  const tests = await whyTestsDiffer(tree, known, seen);
  if (tests.why !== null)
    return { ...word, why: tests.why, gates: [...gates, { name: "whole-suite", passed: false }] };
  const overfit = overfitDoubts(edits, []);
  // What changes nothing but types is what is wanted here; that word names no path.
  const why = overfit.refused.filter((one) => one.startsWith('"'));
  const passed = why.length === 0;
  return {
    ...word,
    accepted: passed,
    why: why.join(" "),
    doubts: [...overfit.doubts, ...tests.doubts],
    run: tests.run,
    gates: [...gates, { name: "overfit", passed }],
  };
}

/** Tests as before: what passed on the head passes with it. */
async function whyTestsDiffer(
  tree: string,
  { tools }: TypesProblem,
  { headRun }: Seen,
): Promise<{
  readonly why: string | null;
  readonly doubts: readonly string[];
  readonly run: SuiteRun | null;
}> {
  const { suite, wholeRunsLeft } = tools.budget;
  if (suite.unavailable !== null)
    return { why: null, doubts: [`No tests could be run on it: ${suite.unavailable}`], run: null };
  if (wholeRunsLeft() < 2)
    return { why: "The whole suite was run as often as it may be.", doubts: [], run: null };
  const before = await headRun();
  const run = await suite.run({ tree, tests: "all", seed: null, measure: [] });
  if (before.status === "stopped")
    return { why: null, doubts: [`No tests could be run on the head: ${before.trouble}`], run: null };
  if (run.status !== "reported" && before.status === "reported")
    return { why: `The tests left no whole report. ${run.trouble}`, doubts: [], run };
  const { worse } = testGate({ wanted: [], before, after: run, flaky: [] });
  const [broken] = worse;
  return {
    why: broken === undefined ? null : `The test "${broken}" passed before and does not now.`,
    doubts: [],
    run,
  };
}
