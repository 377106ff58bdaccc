// The cases of `errand bench tests`: a program with tests that fail, and what put it right.
import { z } from "zod";
import type { ReportFormat } from "../../checks/reports/index.ts";

const text = z.string().max(8_000_000);
const name = z.string().max(4_096);
const names = z.array(name).max(10_000);
const contents = z.record(name, text);
const line = z.string().max(20_000);

/** Names of report formats in cases, and this program's. */
const formats: Readonly<Record<string, ReportFormat>> = {
  junit: "junit",
  "pytest-junit": "junit",
  jest: "jest-json",
  "jest-json": "jest-json",
  vitest: "jest-json",
  "vitest-json": "jest-json",
  mocha: "mocha-json",
  "mocha-json": "mocha-json",
  tap: "tap",
};

/** Fields that are not named here are let be. */
export const TestCase = z.object({
  id: name,
  kind: name,
  /** "owner/name" where the case is a commit of it. */
  repo: name.default(""),
  upstream: name.default(""),
  /** The commit before the fix; `null` with `files`. */
  base_sha: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .nullable()
    .default(null),
  /** What is taken out of that commit. */
  pruned_paths: names.default([]),
  /** The whole program, in place of a commit: text by path. */
  files: contents.nullable().default(null),
  test_patch: text.default(""),
  fix_patch: text.default(""),
  fix_files: names.default([]),
  test_files: names.default([]),
  fail_ids: names.default([]),
  report_format: z.string().refine((one) => one in formats, "no such format of reports"),
  test_cmd: line,
  full_test_cmd: line.nullable().default(null),
  build_cmd: line.nullable().default(null),
  /** Exact versions by name. */
  deps: z.record(name, name).default({}),
  /** Files that are put over the tests to see whether a fix is more than it seems. */
  hidden_test: contents.nullable().default(null),
});
export type TestCase = z.infer<typeof TestCase>;

export function formatOf({ report_format }: Pick<TestCase, "report_format">): ReportFormat {
  const format = formats[report_format];
  if (format === undefined) throw new Error(`No such format of reports: ${report_format}`);
  return format;
}

/** The line as a shell runs it: what writes to standard output has that taken for its report. */
export function reportingLine(command: string): string {
  return /\$\{?REPORT\b/.test(command) ? command : `{ ${command}\n} > "$REPORT"`;
}

const reporting =
  /\s--(?:(?:test-)?reporter(?:=|\s)\S+|(?:test-reporter-destination|outputFile|junitxml)(?:=|\s)\S*REPORT\S*|json(?=\s|$)|coverage[\w.]*=false)/g;

/** The line as a person would type it: without what it says about reports, for those who add such words of their own. */
export function plainLine(command: string): string {
  return command.replaceAll(reporting, "");
}

/** Whether a case is one of those that were asked for, by kind or id; without any, all are. */
export function isWanted({ kind, id }: Pick<TestCase, "kind" | "id">, only: readonly string[]): boolean {
  return only.length === 0 || only.includes(kind) || only.includes(id);
}
