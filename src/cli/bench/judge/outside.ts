// Whether a merged file changed anything but its conflicts, by the judge's own splitting.
import { linesOf } from "./lines.ts";

/** Which parts of a conflicted file are clean, in file order; `null` stands for a hunk. */
export type Layout = readonly (string | null)[];

/**
 * Whether every clean part stands in the result, whole line for whole line, in its order, and nothing is before the first or behind the last where no
 * conflict was. A replacement whose last line is unfinished runs into the clean line behind it: that changes what is outside.
 */
export function keepsOutside(layout: Layout, result: string): boolean {
  const lines = linesOf(result);
  let from = 0;
  let free = false;
  for (const [index, part] of layout.entries()) {
    if (part === null) {
      free = true;
      continue;
    }
    const wanted = linesOf(part);
    const last = index === layout.length - 1;
    const at = last ? lines.length - wanted.length : free ? find(lines, wanted, from) : from;
    if (at < from || (!free && at !== from) || !standsAt(lines, wanted, at)) return false;
    from = at + wanted.length;
    free = false;
  }
  return free || from === lines.length;
}

function find(lines: readonly string[], wanted: readonly string[], from: number): number {
  for (let at = from; at + wanted.length <= lines.length; at++) if (standsAt(lines, wanted, at)) return at;
  return -1;
}

function standsAt(lines: readonly string[], wanted: readonly string[], at: number): boolean {
  return at >= 0 && wanted.every((line, index) => lines[at + index] === line);
}
