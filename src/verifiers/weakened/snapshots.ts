// Snapshots: what a test compares with, in a file of its own.
import { quoted } from "./text.ts";
import type { Weakening } from "./types.ts";

export function isSnapshot(path: string): boolean {
  return path.endsWith(".snap") || /(?:^|\/)__snapshots__\//.test(path);
}

/** Each entry of jest's and vitest's form; of others, the whole file. */
function entriesOf(text: string): ReadonlyMap<string, string> {
  const parts = text.split(/^exports\[`/m).slice(1);
  if (parts.length === 0) return new Map([["the snapshot", text.trim()]]);
  return new Map(
    parts.map((part) => {
      const end = part.indexOf("`] = ");
      return [part.slice(0, Math.max(end, 0)), part.slice(end).trim()];
    }),
  );
}

export function compareSnapshots(before: string | null, after: string | null): readonly Weakening[] {
  if (before === null) return [];
  const now = after === null ? new Map<string, string>() : entriesOf(after);
  return [...entriesOf(before)].flatMap(([name, value]): Weakening[] => {
    const other = now.get(name);
    if (other === value) return [];
    const what = other === undefined ? "is gone" : "is another";
    return [{ kind: "snapshot", words: `The snapshot ${quoted(name)} ${what}.` }];
  });
}
