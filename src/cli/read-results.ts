// Results of tests in the artifacts of a workflow, by what their names say they are.
import type { TestResult } from "../core/checks.ts";
import { readReport } from "../checks/reports/index.ts";

/** Empty where the file is no report that can be read. */
export function readResults(name: string, bytes: Uint8Array): readonly TestResult[] {
  if (/\.xml$/i.test(name)) return readReport("junit", bytes) ?? [];
  return readReport("jest-json", bytes) ?? readReport("mocha-json", bytes) ?? [];
}
