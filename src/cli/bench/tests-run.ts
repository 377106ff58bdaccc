// Runs a case's own command on a tree and reads its report: the judge's way, which shares nothing with the loop's but the sandbox and the readers of reports.
import { readReport } from "../../checks/reports/index.ts";
import type { TestResult } from "../../core/checks.ts";
import { sandboxPaths } from "../../core/sandbox.ts";
import type { DependencyMount, Sandbox, TreeArchive } from "../../core/sandbox.ts";
import { formatOf, reportingLine } from "./tests-cases.ts";
import type { TestCase } from "./tests-cases.ts";

/** As in the cases' own runs. */
export const caseEnvironment = { TZ: "UTC", CI: "1", NO_COLOR: "1", FORCE_COLOR: "0" } as const;

export interface JudgeRun {
  /** `null`: no report that can be read. */
  readonly tests: readonly TestResult[] | null;
  /** How the command ended, for people. */
  readonly ended: string;
  readonly wallMs: number;
}

export interface RunPorts {
  readonly sandbox: Sandbox;
  readonly archive: (tree: string) => TreeArchive;
  readonly cache: DependencyMount | null;
  readonly signal: AbortSignal;
}

const reportName = "judge-report";
/** Milliseconds of one run: the slowest of the public cases takes half a minute on a loaded machine. */
const wallMs = 5 * 60_000;

export async function runCase(
  one: TestCase,
  line: string,
  tree: string,
  { sandbox, archive, cache, signal }: RunPorts,
): Promise<JudgeRun> {
  const script = [
    `PATH=${sandboxPaths.project}/node_modules/.bin:$PATH`,
    "export PATH",
    "unset NODE_TEST_CONTEXT",
    reportingLine(line),
  ].join("\n");
  const result = await sandbox.run({
    tree: archive(tree),
    argv: ["/bin/sh", "-c", script],
    environment: { ...caseEnvironment, REPORT: `${sandboxPaths.reports}/${reportName}` },
    limits: { wallMs },
    network: "none",
    cache,
    returns: [],
    reports: [reportName],
    signal,
  });
  const bytes = result.reports.get(reportName);
  const ended =
    result.ended.kind === "exit" ? `exit status ${result.ended.code}` : `stopped (${result.ended.kind})`;
  const tests = bytes === undefined ? null : readReport(formatOf(one), bytes);
  const words = tests === null ? `${ended}, no report: ${lastWords(result.stderr.text)}` : ended;
  return { tests, ended: words, wallMs: result.usage.wallMs };
}

const lastWords = (text: string): string => text.trim().slice(-300);

/** Ids differ in how their parts are joined, and in whether a file of Python is named as one: letters and digits tell them apart. */
const plain = (id: string): string =>
  id
    .normalize("NFC")
    .replace(/\.py(?=::| > )/g, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

/** Whether the case's id names this test: the same words, or the last of them where one of the two leaves the file out. */
function names(wanted: string, found: string): boolean {
  return wanted === found || found.endsWith(` ${wanted}`) || wanted.endsWith(` ${found}`);
}

/** Cases name tap's own point where a test threw, which is the error's first line below the test. */
function namesOf({ id, message, suite }: TestResult): readonly string[] {
  if (suite !== "threw") return [plain(id)];
  const [first = ""] = message.split("\n", 1);
  return [plain(id), plain(`${id} ${first}`)];
}

/** Of the ids, those that do not fail in the run. */
export function notFailing(ids: readonly string[], run: JudgeRun): readonly string[] {
  const failed = (run.tests ?? []).filter(({ status }) => status === "failed").flatMap(namesOf);
  return ids.filter((id) => !failed.some((one) => names(plain(id), one)));
}

/** Ids that passed. */
export function passing(run: JudgeRun): ReadonlySet<string> {
  return new Set((run.tests ?? []).filter(({ status }) => status === "passed").map(({ id }) => id));
}
