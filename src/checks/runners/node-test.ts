// node's own test runner, by `node --test` or in a file that node runs.
import { scriptPaths } from "../affected/relevance.ts";
import { rawWords, without } from "./arguments.ts";
import { reportPath } from "./places.ts";
import { selectedWords } from "./script-selection.ts";
import { v8Coverage } from "./v8-coverage.ts";
import { affectedTests } from "./selection.ts";
import type { SelectedWords } from "./selection.ts";
import type { Argument, Prepare, TestRequest } from "./types.ts";

const valued =
  "-r --require --import --loader --experimental-loader -C --conditions --test-name-pattern --test-concurrency --test-timeout --env-file".split(
    " ",
  );

const unwanted = {
  flags: [
    "--watch",
    "--experimental-test-coverage",
    "--test-coverage-lines",
    "--test-coverage-branches",
    "--test-coverage-functions",
    "--test-coverage-include",
    "--test-coverage-exclude",
    "--test-only",
  ],
  valued: ["--test-reporter", "--test-reporter-destination"],
};

const reporters = [
  "--test-reporter=spec",
  "--test-reporter-destination=stdout",
  "--test-reporter=junit",
  `--test-reporter-destination=${reportPath("tests.xml")}`,
];

export const prepareNode: Prepare = async (runner, request) => {
  const kept = without(runner.arguments, unwanted);
  const isRunner = kept.some(({ raw }) => raw === "--test");
  const selected = isRunner
    ? // Each file is a process of its own, and node sorts them.
      await selectedWords(kept, request, { valued, isTest: isNodeTest, named: false, ordered: false })
    : scriptWords(kept, request);
  if (selected === null) return null;
  return {
    words: [...runner.launch, ...reporters, ...selected.words],
    ...v8Coverage(request.paths),
    report: { name: "tests.xml", format: "junit" },
  };
};

/** A file that node runs is run whole, but when no script changed. */
export function scriptWords(
  args: readonly Argument[],
  { paths, selection = affectedTests }: TestRequest,
): SelectedWords | null {
  const isUnaffected = selection.kind === "affected" && scriptPaths(paths)?.length === 0;
  return isUnaffected ? null : { words: rawWords(args), shuffled: false };
}

/** What `node --test` looks for: in a folder named `test` every script, elsewhere names that say so. */
function isNodeTest(path: string): boolean {
  return (
    /(?:^|\/)test\/.*\.[cm]?[jt]s$/.test(path) ||
    /(?:^|\/)(?:test|test-[^/]*|[^/]*[._-]test)\.[cm]?[jt]s$/.test(path)
  );
}
