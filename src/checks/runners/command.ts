// A test command made ready for the sandbox: the affected tests alone, a report that a machine reads, and the lines that ran.
import { prepareCargo } from "./cargo.ts";
import { prepareGo } from "./go.ts";
import { prepareJest } from "./jest.ts";
import { prepareMocha } from "./mocha.ts";
import { prepareNode } from "./node-test.ts";
import { mostLineLength } from "./places.ts";
import { affectedTests } from "./selection.ts";
import { preparePytest } from "./pytest.ts";
import { prepareAva, prepareTap, prepareTape } from "./tap.ts";
import type { Prepare, Prepared, Runner, RunnerName, TestCommand, TestRequest } from "./types.ts";
import { prepareVitest } from "./vitest.ts";

const families: Readonly<Record<RunnerName, Prepare>> = {
  jest: prepareJest,
  vitest: prepareVitest,
  mocha: prepareMocha,
  node: prepareNode,
  ava: prepareAva,
  tap: prepareTap,
  tape: prepareTape,
  pytest: preparePytest,
  go: prepareGo,
  cargo: prepareCargo,
};

/**
 * The line to run for those tests that are selected; `null` where there is none. What stands around the runner in its line is kept. Where there are so many files
 * that the line would be too long, all is run, and nothing measured.
 */
export async function testCommand(runner: Runner, request: TestRequest): Promise<TestCommand | null> {
  const prepared = await families[runner.name](runner, request);
  if (prepared === null) return null;
  const command = join(runner, prepared);
  if (command.line.length <= mostLineLength) return command;
  const all: Partial<TestRequest> =
    (request.selection ?? affectedTests).kind === "affected"
      ? { paths: [manifestOfAll] }
      : { paths: [], selection: { kind: "all" } };
  const whole = await families[runner.name](runner, { ...request, ...all });
  return whole === null ? null : join(runner, whole);
}

/** A path that every runner takes for one that all tests hang on. */
const manifestOfAll = "package.json";

function join(runner: Runner, prepared: Prepared): TestCommand {
  const { first = [], last = [], assignments = [], redirection } = prepared;
  const command = [...runner.assignments, ...assignments, ...prepared.words, redirection ?? ""].join(" ");
  return {
    line: [
      ...first,
      "(",
      `${runner.before}${command.trim()}${runner.after}`,
      ")",
      "status=$?",
      ...last,
      "exit $status",
    ].join("\n"),
    report: prepared.report,
    coverage: prepared.coverage,
    noTests: prepared.noTests ?? [],
    shuffled: prepared.shuffled ?? false,
  };
}
