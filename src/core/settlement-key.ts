// The name under which a model's settlement of a hunk is kept with its run, and found again.
import { createHash } from "node:crypto";
import type { Hunk } from "./conflict.ts";

/** Names a path and the three sides of a hunk: 64 hex digits of SHA-256 over each text's length and the text. */
export function settlementKey(path: string, { base, ours, theirs }: Omit<Hunk, "kind">): string {
  const parts = [path, base, ours, theirs].map((text) => `${text.length}\n${text}`).join("");
  return createHash("sha256").update(parts).digest("hex");
}

/** How the ledger names a hunk: `index` is its 1-based place among the hunks of the file, as in the report. */
export function hunkSubject(path: string, index: number): string {
  return `${path}#${index}`;
}
