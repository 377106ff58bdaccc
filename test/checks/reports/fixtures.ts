// Reports that test runners really wrote (versions in the tests), with the machine's folders replaced by the sandbox's.
import { readFileSync } from "node:fs";
import { readReport, type ReportFormat } from "../../../src/checks/reports/index.ts";

export function fixture(name: string): string {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");
}

/** "status id" of each result, or null. */
export function outline(format: ReportFormat, text: string): readonly string[] | null {
  return readReport(format, Buffer.from(text))?.map(({ id, status }) => `${status} ${id}`) ?? null;
}

export function messages(format: ReportFormat, text: string): readonly string[] {
  return (readReport(format, Buffer.from(text)) ?? []).map(({ message }) => message).filter(Boolean);
}

/** "file: first line of the detail" of each failed result. */
export function places(format: ReportFormat, text: string): readonly string[] {
  return (readReport(format, Buffer.from(text)) ?? [])
    .filter(({ status }) => status === "failed")
    .map(({ file, detail }) => `${file ?? "-"}: ${(detail ?? "-").split("\n", 1)[0]?.trim() ?? ""}`);
}
