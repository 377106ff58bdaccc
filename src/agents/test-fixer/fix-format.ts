// Complaints of style: the repository's own formatter and linter put right what they can. No model is asked.
import { matchesAnyGlob } from "../../core/glob.ts";
import { decidesTests } from "../../core/test-paths.ts";
import type { Suite, ToolRun } from "../../core/suite.ts";
import { weakenings } from "../../verifiers/weakened/weakenings.ts";
import { parsesAsWell } from "./answers/read-function.ts";
import { complaintLines, newComplaints } from "./complaints.ts";
import type { Ended } from "./end.ts";
import type { Journal } from "./journal.ts";
import { readText, treeOf } from "./tree-text.ts";
import type { Edit, FixPorts, FixProblem } from "./types.ts";

/** Accepted is what leaves fewer complaints and no new ones, in files that still parse, with tests that end as before. */
export async function fixFormat(
  problem: FixProblem,
  ports: Pick<FixPorts, "trees">,
  { suite, journal }: { readonly suite: Suite; readonly journal: Journal },
): Promise<Ended> {
  const before = await suite.lint(problem.head);
  if (before?.run.status === "stopped") return { ending: "not-run", words: before.run.trouble };
  if (before?.run.status === "passed")
    return { ending: "not-reproduced", words: `\`${before.run.command}\` has no complaints here.` };
  tell(before, journal);
  const edits = await formatted(problem, ports, before, { suite, journal });
  if (edits.length === 0)
    return {
      ending: "unfixed",
      words: `${saidOf(before)} The formatter changes nothing, so a person has to.`,
    };
  if (isTooMuch(edits))
    return {
      ending: "unfixed",
      words: `${saidOf(before)} The formatter changes ${edits.length} files, which is more than one run writes: run it yourself.`,
    };
  const refused = await whyRefused(problem, ports, edits, { suite, before });
  journal.note("gates", refused ?? "The linter has fewer complaints, no new ones, and the files parse.");
  if (refused !== null)
    return {
      ending: "unfixed",
      words: `${saidOf(before)} What the formatter makes of it was refused: ${refused}`,
      best: edits,
    };
  const paths = pathWords(edits);
  if (before === null) {
    const doubts = [
      "There is neither a linter nor a check of form that could say whether anything is better.",
    ];
    return {
      ending: "doubtful",
      words: `The repository's own formatter changed ${paths}.`,
      edits,
      editsClass: "format",
      doubts,
    };
  }
  return {
    ending: "fixed",
    words: `The repository's own formatter put ${paths} right; no model was asked.`,
    edits,
    editsClass: "format",
  };
}

const mostTold = 3;

/** Files, and UTF-16 units in them, that one run puts into form: they are kept with the run. More is for a person, in a commit of its own. */
const mostFormatted = { files: 200, units: 4_000_000 };

const mostNamed = 5;

function pathWords(edits: readonly Edit[]): string {
  const paths = edits.map(({ path }) => path);
  const more = paths.length - mostNamed;
  return `${paths.slice(0, mostNamed).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function isTooMuch(edits: readonly Edit[]): boolean {
  const units = edits.reduce((sum, { after }) => sum + after.length, 0);
  return edits.length > mostFormatted.files || units > mostFormatted.units;
}

function tell(before: ToolRun | null, journal: Journal): void {
  if (before === null) journal.note("lint", "There is neither a linter nor a check of form to ask.");
  else journal.note("lint", `${before.run.command}: ${before.complaints.length} complaints on the head.`);
}

const saidOf = (before: ToolRun | null): string =>
  before === null || before.complaints.length === 0
    ? "The check of style fails."
    : `The linter complains: ${complaintLines(before.complaints, mostTold).replaceAll("\n", "; ")}.`;

/** What the formatter makes of the paths that the pull request changes, or else of those that are complained of; protected ones, and what decides how tests run, are left alone. */
async function formatted(
  { head, changed, protectedPaths = [] }: FixProblem,
  { trees }: Pick<FixPorts, "trees">,
  before: ToolRun | null,
  { suite, journal }: { readonly suite: Suite; readonly journal: Journal },
): Promise<readonly Edit[]> {
  const named = changed.length > 0 ? changed : (before?.complaints ?? []).map(({ path }) => path);
  const paths = [...new Set(named)].filter(
    (path) => !decidesTests(path) && !matchesAnyGlob(protectedPaths, path),
  );
  if (paths.length === 0) return [];
  const { runs, changed: texts } = await suite.format(head, paths);
  for (const { command, status, trouble } of runs)
    journal.note("format", `${command}: ${status}. ${trouble}`);
  const edits: Edit[] = [];
  for (const [path, after] of texts) {
    const text = paths.includes(path) ? await readText(trees, head, path) : null;
    if (text !== null && text !== after) edits.push({ path, before: text, after });
  }
  return edits;
}

async function whyRefused(
  { head }: FixProblem,
  { trees }: Pick<FixPorts, "trees">,
  edits: readonly Edit[],
  { suite, before }: { readonly suite: Suite; readonly before: ToolRun | null },
): Promise<string | null> {
  for (const { path, before: text, after } of edits) {
    if (!(await parsesAsWell(path, text, after))) return `${path} does not parse any more.`;
    // Layout of tests is the formatter's, what they demand is not.
    const [weaker] = await weakenings(path, text, after);
    if (weaker !== undefined) return `${path}: ${weaker}`;
  }
  const tree = await treeOf(trees, head, edits);
  if (tree === null) return "No tree could be made of it.";
  const complaints = before === null ? null : whyNoBetter(before, await suite.lint(tree));
  return complaints ?? (await whyTestsDiffer(head, tree, suite));
}

/** A sentence; `null` where the linter has fewer complaints than before, and no new ones. */
export function whyNoBetter(before: ToolRun, after: ToolRun | null): string | null {
  if (after === null || after.run.status === "stopped")
    return `The linter could not be run on it. ${after?.run.trouble ?? ""}`;
  if (after.run.status === "passed") return null;
  const added = newComplaints(after.complaints, before.complaints);
  if (added.length > 0) return `The linter has a new complaint: ${complaintLines(added, 1)}.`;
  return after.complaints.length < before.complaints.length
    ? null
    : "The linter has as many complaints as before.";
}

/** A fixer of a linter may change what code does: what passes on the head has to pass with it. */
export async function whyTestsDiffer(head: string, tree: string, suite: Suite): Promise<string | null> {
  if (suite.unavailable !== null) return null;
  const whole = (of: string) => suite.run({ tree: of, tests: "all", seed: null, measure: [] });
  const after = await whole(tree);
  if (after.status === "stopped") return `The tests could not be run on it. ${after.trouble}`;
  if (after.tests.every(({ status }) => status !== "failed")) return null;
  const before = await whole(head);
  const passes = new Set(after.tests.filter(({ status }) => status === "passed").map(({ id }) => id));
  const broken = before.tests.find(({ id, status }) => status === "passed" && !passes.has(id));
  return broken === undefined ? null : `The test "${broken.id}" does not pass with it.`;
}
