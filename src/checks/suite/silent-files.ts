// Test files of node:test that say nothing of their tests: where one ends the process with success, node takes the file for a test that passed.
import type { TestResult } from "../../core/checks.ts";
import type { TreeFiles } from "../affected/tree.ts";

/** A test that is defined when the file is loaded: a helper that wraps one calls it further in. */
const definesTest = /^(?:await )?(?:test|it|describe|suite)(?:\.\w{1,20})?\(/m;
const usesNodeTest = /["']node:test["']/;

/** The results, with a failure for each file that defines tests and reported none. */
export async function withSilentFiles(
  tests: readonly TestResult[] | null,
  files: TreeFiles,
): Promise<readonly TestResult[] | null> {
  if (tests === null) return null;
  return await Promise.all(
    tests.map(async (test) => {
      const { file, id, status } = test;
      // A file without tests goes by its path; nothing else does.
      if (status !== "passed" || file === undefined || !(id === file || id.endsWith(` > ${file}`)))
        return test;
      const text = (await files.read(file)) ?? "";
      if (!usesNodeTest.test(text) || !definesTest.test(text)) return test;
      const message = "The file ended before its tests were reported: something in it ends the process.";
      return { ...test, status: "failed" as const, message, detail: message };
    }),
  );
}
