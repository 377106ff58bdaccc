// What a test runner said, as results test by test. Everything that is read here was written by the repository's code.
import type { TestResult } from "../../core/checks.ts";
import { mostReportBytes } from "../../core/sandbox.ts";
import { readCargo } from "./cargo.ts";
import { readGo } from "./go.ts";
import { readJest } from "./jest.ts";
import { readJunit } from "./junit.ts";
import { readMocha } from "./mocha.ts";
import { readTap } from "./tap.ts";

/**
 * `jest-json`: jest and vitest. `mocha-json`: with anything printed before and after it. `junit`: node:test, pytest (xunit1), nextest, Gradle and their like.
 * `tap`: 13 and 14. `go-json`: `go test -json`. `cargo-text`: what `cargo test` writes for people, standard error before standard output in one text or the latter alone.
 */
export type ReportFormat = "jest-json" | "mocha-json" | "junit" | "tap" | "go-json" | "cargo-text";

const readers: Readonly<Record<ReportFormat, (text: string) => readonly TestResult[] | null>> = {
  "jest-json": readJest,
  "mocha-json": readMocha,
  junit: readJunit,
  tap: readTap,
  "go-json": readGo,
  "cargo-text": readCargo,
};

/**
 * The results of one report in the order in which it has them, at most 100,000, under distinct ids. A file or package that could not be loaded, and a run that
 * broke off, is a failed result named after it. `null` where it cannot be read: another format, cut off, or larger than a report may be. Never throws.
 */
export function readReport(format: ReportFormat, bytes: Uint8Array): readonly TestResult[] | null {
  if (bytes.length > mostReportBytes) return null;
  try {
    return readers[format](new TextDecoder().decode(bytes));
  } catch {
    // A parser gave up on it, or it nests deeper than the stack: not a report either way.
    return null;
  }
}
