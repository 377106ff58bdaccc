// Edits that passed every gate before, in an earlier attempt or in a proposal: what judged them then has the last word again, and no model is asked.
import type { FixReport, KeptEdits } from "../../core/fix.ts";
import type { SuiteRun } from "../../core/suite.ts";
import { whyNoBetter, whyTestsDiffer } from "./fix-format.ts";
import { openJournal } from "./journal.ts";
import { statusIn } from "./reproduce.ts";
import { readText, treeOf } from "./tree-text.ts";
import type { Edit, FixPorts, FixProblem, FixResult } from "./types.ts";
import { whyTypesDiffer } from "./types-again.ts";

export interface ProvenBefore {
  readonly fix: FixReport;
  readonly edits: KeptEdits["edits"];
}

type Sides = Pick<FixProblem, "head" | "base">;

/** The same report where the tests, the type check and the linter that stood for it end as they did; else `unfixed`, with what has changed. */
export async function proveAgain(
  { fix, edits: texts }: ProvenBefore,
  sides: Sides,
  { trees, suite, record }: Pick<FixPorts, "trees" | "suite" | "record">,
): Promise<FixResult> {
  const journal = openJournal(record);
  const edits: Edit[] = [];
  for (const { path, text } of texts)
    edits.push({ path, before: (await readText(trees, sides.head, path)) ?? "", after: text });
  const tree = await treeOf(trees, sides.head, edits);
  const why = tree === null ? "No tree could be made of it." : await whyNotAgain(tree, fix, sides, suite);
  const detail = why ?? "What passed the gates before passes again; no model was asked.";
  journal.note("prove again", detail);
  const steps = [...fix.steps, ...journal.steps()];
  if (why === null)
    return {
      report: { ...fix, steps, runs: fix.runs + 1 },
      edits: new Map(texts.map(({ path, text }) => [path, text])),
    };
  const words = `The edits that passed before do not now, so nothing is changed: ${why}`;
  return {
    report: { ...fix, ending: "unfixed", edits: null, words, steps, runs: fix.runs + 1 },
    edits: new Map(),
  };
}

async function whyNotAgain(
  tree: string,
  fix: FixReport,
  sides: Sides,
  suite: FixPorts["suite"],
): Promise<string | null> {
  return (await whyNoTool(tree, fix, sides, suite)) ?? (await whyNoTests(tree, fix, sides, suite));
}

const hadTests = ({ rows }: FixReport): boolean => rows.some(({ result }) => result !== "not-run");

/** A fix of style, or of types, was shown by the linter or the type checker. */
async function whyNoTool(
  tree: string,
  fix: FixReport,
  sides: Sides,
  suite: FixPorts["suite"],
): Promise<string | null> {
  if (fix.edits === "format") {
    const before = await suite.lint(sides.head);
    return before === null ? null : whyNoBetter(before, await suite.lint(tree));
  }
  return isOfTypes(fix) ? whyTypesDiffer(tree, sides, suite) : null;
}

/** Where there is no type check, tests stand for it: they are in its rows. */
const isOfTypes = (fix: FixReport): boolean => fix.kind === "type" && !hadTests(fix);

async function whyNoTests(
  tree: string,
  fix: FixReport,
  { head }: Sides,
  suite: FixPorts["suite"],
): Promise<string | null> {
  if (!hadTests(fix)) {
    const isShownByTool = fix.edits === "format" || isOfTypes(fix);
    // What a tool has shown keeps what passes on the head; without tests there is nothing to keep.
    return (isShownByTool ? null : suite.unavailable) ?? whyTestsDiffer(head, tree, suite);
  }
  const run = await suite.run({ tree, tests: "all", seed: null, measure: [] });
  return run.status === "stopped" ? `The tests could not be run. ${run.trouble}` : whyDifferent(run, fix);
}

function whyDifferent(run: SuiteRun, { rows, more }: FixReport): string | null {
  if (run.status !== "reported") return `The tests left no whole report. ${run.trouble}`;
  const shown = rows.filter(({ result }) => result === "passed");
  const open = shown.find(({ id }) => statusIn(run, id) !== "passed");
  if (open !== undefined) return `The test "${open.id}" does not pass.`;
  const passed = run.tests.filter(({ status }) => status === "passed").length;
  const before = shown.length + more.passed;
  return passed >= before ? null : `Only ${passed} tests pass; ${before} did.`;
}
