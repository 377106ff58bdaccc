// What a failure is, whatever the numbers and paths in it: the same one again says that a candidate changed nothing.
import { createHash } from "node:crypto";
import type { TestResult } from "../../core/checks.ts";

const longestLine = 300;

/** 16 hex digits of SHA-256 over the sorted ids of the failing tests and the first line of what the first of them says, numbers and paths left out. */
export function failureSignature(failing: readonly TestResult[]): string {
  const sorted = failing.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const said = sorted.find(({ message }) => message.trim() !== "")?.message ?? "";
  const line = said.split("\n").find((one) => one.trim() !== "") ?? "";
  const plain = line
    .slice(0, longestLine)
    .replace(/(?:[\w.@-]*[/\\])+[\w.@-]+/g, "PATH")
    .replace(/\d+/g, "N")
    .trim();
  return createHash("sha256")
    .update(JSON.stringify([sorted.map(({ id }) => id), plain]))
    .digest("hex")
    .slice(0, 16);
}
