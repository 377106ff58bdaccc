// The JSON report of mocha, which shares standard output with whatever the tests print.
import type { TestResult } from "../../core/checks.ts";
import { results, type Said } from "./results.ts";
import { embeddedJson, fieldsOf, listOf, textOf, type Fields } from "./shape.ts";
import { projectPath } from "./text.ts";

export function readMocha(text: string): readonly TestResult[] | null {
  const report = fieldsOf(embeddedJson(text, /\{\s*"stats"\s*:/g));
  if (!Array.isArray(report["tests"])) return null;
  const found = results();
  const failures = countKeys(report["failures"]);
  const pending = countKeys(report["pending"]);
  for (const entry of listOf(report["tests"])) {
    const test = fieldsOf(entry);
    // Repeated titles share a key: which of them failed, only the test's own error says.
    const failed = Object.keys(fieldsOf(test["err"])).length > 0 && take(failures, keyOf(test));
    const skipped = !failed && test["duration"] === undefined && take(pending, keyOf(test));
    found.add(partsOf(test), failed ? "failed" : skipped ? "skipped" : "passed", saidOf(test));
  }
  // Hooks are not among the tests.
  for (const entry of listOf(report["failures"])) {
    const hook = fieldsOf(entry);
    if (take(failures, keyOf(hook))) found.add(partsOf(hook), "failed", saidOf(hook));
  }
  return found.all();
}

function keyOf(test: Fields): string {
  return JSON.stringify([textOf(test["file"]), textOf(test["fullTitle"])]);
}

function countKeys(list: unknown): Map<string, number> {
  const counts = new Map<string, number>();
  for (const entry of listOf(list)) {
    const key = keyOf(fieldsOf(entry));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function take(counts: Map<string, number>, key: string): boolean {
  const left = counts.get(key) ?? 0;
  if (left > 0) counts.set(key, left - 1);
  return left > 0;
}

/** `fullTitle` is the suites' titles and the test's, joined by spaces. */
function partsOf(test: Fields): readonly string[] {
  const title = textOf(test["title"]);
  const full = textOf(test["fullTitle"]);
  const suites = full.endsWith(title) ? full.slice(0, full.length - title.length).trim() : full;
  return [projectPath(textOf(test["file"])), suites, title];
}

function saidOf(test: Fields): Said {
  const error = fieldsOf(test["err"]);
  const [message, stack] = [textOf(error["message"]), textOf(error["stack"])];
  const compared = ["expected", "actual"].flatMap((side) => {
    const value = textOf(error[side]);
    return value === "" ? [] : [`${side}: ${value}`];
  });
  const told = stack.includes(message) ? stack : `${message}\n${stack}`;
  return {
    message: message || stack,
    detail: [told, ...compared].join("\n"),
    file: projectPath(textOf(test["file"])),
  };
}
