// What one test command's run comes to: results where its report is whole and agrees with its exit status, a failed test in their place where not.
import type { CommandRun, TestResult } from "../../core/checks.ts";
import type { SandboxResult } from "../../core/sandbox.ts";
import { noReportId } from "../../core/suite.ts";
import type { SuiteRun } from "../../core/suite.ts";
import { firstLines, wholeText } from "../reports/text.ts";
import { setupFailed } from "../run/script.ts";

export type Judged = Pick<SuiteRun, "status" | "tests" | "trouble">;

export interface EndedRun {
  readonly run: CommandRun;
  /** `null`: it was not begun. */
  readonly result: SandboxResult | null;
  /** `null`: there is no report that can be read. */
  readonly tests: readonly TestResult[] | null;
  /** Whether the command was asked for a report at all. */
  readonly reports: boolean;
}

/** Pure. */
export function judgeRun(ended: EndedRun): Judged {
  const { run, tests } = ended;
  if (isStopped(ended)) return { status: "stopped", tests: [], trouble: run.trouble };
  if (!ended.reports) return byExitStatus(ended);
  if (tests === null) {
    return unreadable(
      ended,
      "left no whole report, so it counts as failed: see what it wrote last, or name a command that runs the tests alone",
    );
  }
  if (tests.some(({ id }) => standsForTheRest(id))) {
    return unreadable(ended, "broke off before all of its tests were told: see what it wrote last");
  }
  if (hasFailed(ended) && !tests.some(({ status }) => status === "failed")) {
    return unreadable(
      ended,
      "failed although no test in its report did, so something beside the tests failed: see what it wrote last, or name a command that runs the tests alone",
    );
  }
  return { status: "reported", tests, trouble: "" };
}

/** How the readers of TAP and cargo call what stands for the tests that did not come. */
const brokeOff = /(?:^| > )\(end of the run\)(?: \(\d+\))?$/;

/** Whether a result stands for the tests that were to come when a run broke off. A run with one of these is unreadable, and has a result that stands for its whole report too. */
export const standsForTheRest = (id: string): boolean => brokeOff.test(id);

/** How a program ends that crashes. Others (KILL, TERM) come from outside of it. */
const crashes: ReadonlySet<string> = new Set([
  "SIGABRT",
  "SIGBUS",
  "SIGFPE",
  "SIGILL",
  "SIGSEGV",
  "SIGSYS",
  "SIGTRAP",
]);

/**
 * A crash is the tests' own doing. A shell's word for a missing program (126, 127) is no more than a number where tests were run: mocha ends with the number of
 * failures.
 */
function isStopped({ run, result, tests }: EndedRun): boolean {
  if (run.status !== "stopped") return false;
  if (result === null || result.reports.has(setupFailed)) return true;
  const { ended } = result;
  if (ended.kind === "signal") return !crashes.has(ended.signal);
  return ended.kind === "limit" || tests === null || tests.length === 0;
}

function hasFailed({ run }: EndedRun): boolean {
  return run.status !== "passed";
}

/** No runner that is known: one test that stands for the whole, and says no more than that. */
function byExitStatus(ended: EndedRun): Judged {
  if (hasFailed(ended)) {
    return unreadable(
      ended,
      "failed, and it is none of the test runners that a report can be asked of: see what it wrote last",
    );
  }
  const id = noReportId(ended.run.command);
  const trouble = sentence("has no report that can be read, so its exit status is all that counts");
  return { status: "reported", tests: [{ id, status: "passed", message: "" }], trouble };
}

function unreadable(ended: EndedRun, happened: string): Judged {
  const said = lastWords(ended.result);
  const trouble = sentence(happened);
  const test: TestResult = {
    id: noReportId(ended.run.command),
    status: "failed",
    message: firstLines(trouble),
    ...(said === "" ? {} : { detail: said }),
  };
  return { status: "unreadable", tests: [...(ended.tests ?? []), test], trouble };
}

function sentence(happened: string): string {
  return `The test command ${happened} (commands.test in .github/agent.yml).`;
}

/** Characters of each stream's end: together what a detail holds. */
const lastCharacters = 3_900;

function lastWords(result: SandboxResult | null): string {
  const parts = [result?.stdout.text ?? "", result?.stderr.text ?? ""];
  return wholeText(
    parts
      .map((text) => text.trimEnd().slice(-lastCharacters))
      .filter(Boolean)
      .join("\n"),
  );
}
