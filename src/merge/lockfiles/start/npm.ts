// package-lock.json: both sides' entries by location.
import type { Sides } from "../../json/merge.ts";
import { asObject, readLock, type JsonObject } from "../package-lock-read.ts";
import { mergeRoughly } from "./prefer.ts";

/** npm 6's own tree of version 2 is left out: npm makes it anew of the entries. */
export function roughNpm(texts: Sides<string>): string | null {
  const [ours, theirs] = [readLock(texts.ours), readLock(texts.theirs)];
  const base = readLock(texts.base)?.packages ?? new Map<string, JsonObject>();
  if (ours === null || theirs === null) return null;
  const packages = mergeRoughly(
    { base, ours: ours.packages, theirs: theirs.packages },
    {
      same: (one, other) => JSON.stringify(one) === JSON.stringify(other),
      versionOf: (entry) => (typeof entry["version"] === "string" ? entry["version"] : undefined),
    },
  );
  const root = Object.entries(asObject(ours.root) ?? {}).filter(([key]) => key !== "dependencies");
  const [, indent = "  "] = /^\{\r?\n([ \t]{1,10})"/.exec(texts.ours) ?? [];
  const text = JSON.stringify(
    { ...Object.fromEntries(root), packages: Object.fromEntries(packages) },
    null,
    indent,
  );
  return `${text}\n`;
}
