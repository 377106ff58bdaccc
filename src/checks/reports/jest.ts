// The JSON report of jest, and of vitest, which writes the same shape.
import type { TestResult } from "../../core/checks.ts";
import { results, type Results } from "./results.ts";
import { embeddedJson, fieldsOf, listOf, textOf, type Fields } from "./shape.ts";
import { projectPath } from "./text.ts";

export function readJest(text: string): readonly TestResult[] | null {
  const report = fieldsOf(embeddedJson(text, /\{\s*"num[A-Z]\w{1,40}"\s*:/g));
  if (!Array.isArray(report["testResults"])) return null;
  const found = results();
  for (const file of listOf(report["testResults"])) readFile(fieldsOf(file), found);
  return found.all();
}

function readFile(file: Fields, found: Results): void {
  const path = projectPath(textOf(file["name"]));
  let failures = 0;
  for (const entry of listOf(file["assertionResults"])) {
    const test = fieldsOf(entry);
    const status = statusOf(test["status"]);
    if (status === "failed") failures++;
    const suites = listOf(test["ancestorTitles"]).map(textOf);
    found.add([path, ...suites, textOf(test["title"])], status, {
      message: listOf(test["failureMessages"]).map(textOf).join("\n"),
      file: path,
    });
  }
  // It could not be imported, or something outside its tests failed: a hook of the file, an unhandled rejection.
  if (file["status"] === "failed" && failures === 0)
    found.add([path], "failed", { message: textOf(file["message"]), file: path });
}

function statusOf(status: unknown): TestResult["status"] {
  return status === "passed" || status === "failed" ? status : "skipped";
}
