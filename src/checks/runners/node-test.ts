// node's own test runner, by `node --test` or in a file that node runs.
import { scriptPaths } from "../affected/relevance.ts";
import { rawWords, without } from "./arguments.ts";
import { reportPath } from "./places.ts";
import { withAffectedFiles } from "./script-selection.ts";
import { v8Coverage } from "./v8-coverage.ts";
import type { Argument, Prepare } from "./types.ts";

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
  const words = isRunner
    ? await withAffectedFiles(kept, request, { valued, isTest: isNodeTest, named: false })
    : scriptWords(kept, request.paths);
  if (words === null) return null;
  return {
    words: [...runner.launch, ...reporters, ...words],
    ...v8Coverage(request.paths),
    report: { name: "tests.xml", format: "junit" },
  };
};

/** A file that node runs is run whole, but when no script changed. */
export function scriptWords(args: readonly Argument[], paths: readonly string[]): readonly string[] | null {
  return scriptPaths(paths)?.length === 0 ? null : rawWords(args);
}

/** What `node --test` looks for: in a folder named `test` every script, elsewhere names that say so. */
function isNodeTest(path: string): boolean {
  return (
    /(?:^|\/)test\/.*\.[cm]?[jt]s$/.test(path) ||
    /(?:^|\/)(?:test|test-[^/]*|[^/]*[._-]test)\.[cm]?[jt]s$/.test(path)
  );
}
