// Edits that passed every gate before, in an earlier attempt or in a proposal: the tests have the last word again, no model is asked.
import type { FixReport, KeptEdits } from "../../core/fix.ts";
import type { SuiteRun } from "../../core/suite.ts";
import { openJournal } from "./journal.ts";
import { statusIn } from "./reproduce.ts";
import { readText, treeOf } from "./tree-text.ts";
import type { Edit, FixPorts, FixProblem, FixResult } from "./types.ts";

export interface ProvenBefore {
  readonly fix: FixReport;
  readonly edits: KeptEdits["edits"];
}

/** The same report where the whole suite ends as it did; else `unfixed`, with what has changed. */
export async function proveAgain(
  { fix, edits: texts }: ProvenBefore,
  { head }: Pick<FixProblem, "head">,
  { trees, suite, record }: Pick<FixPorts, "trees" | "suite" | "record">,
): Promise<FixResult> {
  const journal = openJournal(record);
  const edits: Edit[] = [];
  for (const { path, text } of texts)
    edits.push({ path, before: (await readText(trees, head, path)) ?? "", after: text });
  const tree = await treeOf(trees, head, edits);
  const why = tree === null ? "No tree could be made of it." : await whyNotAgain(tree, fix, suite);
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

async function whyNotAgain(tree: string, fix: FixReport, suite: FixPorts["suite"]): Promise<string | null> {
  // What was never shown by tests cannot be shown by them again: the formatter's work where there are none.
  const hadTests = fix.rows.some(({ result }) => result !== "not-run");
  if (!hadTests && suite.unavailable !== null) return fix.edits === "format" ? null : suite.unavailable;
  const run = await suite.run({ tree, tests: "all", seed: null, measure: [] });
  if (run.status === "stopped") return `The tests could not be run. ${run.trouble}`;
  return hadTests ? whyDifferent(run, fix) : null;
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
