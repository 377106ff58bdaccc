// What a model is shown of failing tests: the source of one of them, and what it said.
import type { TestResult } from "../../core/checks.ts";
import type { SuiteRun, Trees } from "../../core/suite.ts";
import { failingTestSource } from "../../syntax/test-source.ts";
import { mostTestsRead, shownFailure } from "./limits.ts";
import type { Evidence } from "./show.ts";
import { readText } from "./tree-text.ts";

/** Frames of the runtime and of dependencies say nothing of this repository. */
const foreign = /node_modules\/|node:internal|\(node:|\/site-packages\/|<anonymous>$/;

const longestLine = 300;

/** What a failed test said: expected, actual and the stack, at most 40 lines. */
function trimmedFailure({ message, detail }: Pick<TestResult, "message" | "detail">): string {
  const lines = (detail ?? message).split("\n").filter((line) => !foreign.test(line));
  return lines
    .slice(0, shownFailure.maxLines)
    .map((line) => line.slice(0, longestLine))
    .join("\n");
}

/** The file of a test, where the report or the test's id names one that is there. */
export async function testFileOf(
  { file, id }: Pick<TestResult, "file" | "id">,
  trees: Trees,
  tree: string,
): Promise<{ readonly path: string; readonly text: string } | null> {
  const [first = ""] = id.split(/ > |::/, 1);
  for (const path of [file, first]) {
    const text = path === undefined || path === "" ? null : await readText(trees, tree, path);
    if (path !== undefined && text !== null) return { path, text };
  }
  return null;
}

const longestOutput = 3_000;

/** Of these tests the first that has a source; of a report that is not there, the end of what was written. */
export async function evidenceOfTests(
  failing: readonly TestResult[],
  run: Pick<SuiteRun, "output">,
  { trees, tree }: { readonly trees: Trees; readonly tree: string },
): Promise<Evidence> {
  for (const test of failing.slice(0, mostTestsRead)) {
    const file = await testFileOf(test, trees, tree);
    const source =
      file === null ? null : await failingTestSource(file.path, file.text, { title: test.id, line: null });
    if (source === null) continue;
    return { test: `${test.id}\n${source.hooks}${source.text}`, failure: trimmedFailure(test) };
  }
  const [first] = failing;
  const said = first === undefined ? "" : trimmedFailure(first);
  return { test: first?.id ?? "", failure: `${said}\n${run.output.slice(-longestOutput)}`.trim() };
}
