// Edits as people read them: a unified diff with git's headings.
import type { Edit } from "../types.ts";
import { hunksOf, linesOf, type Hunk } from "./lines.ts";

const context = 3;

/** `git apply` takes it. "" where nothing changes. */
export function unifiedDiff(edits: readonly Edit[]): string {
  return edits.map(diffOf).join("");
}

function diffOf({ path, before, after }: Edit): string {
  if (before === after) return "";
  const [old, now] = [linesOf(before), linesOf(after)];
  const name = JSON.stringify(path).slice(1, -1);
  const heading = `diff --git a/${name} b/${name}\n${before === "" ? "new file mode 100644\n--- /dev/null" : `--- a/${name}`}\n+++ b/${name}\n`;
  return (
    heading +
    grouped(hunksOf(before, after))
      .map((group) => hunkText(group, old, now))
      .join("")
  );
}

/** Hunks whose context would meet stand in one. */
function grouped(hunks: readonly Hunk[]): readonly (readonly Hunk[])[] {
  const groups: Hunk[][] = [];
  for (const hunk of hunks) {
    const last = groups.at(-1);
    if (last !== undefined && hunk.start - (last.at(-1)?.end ?? 0) <= 2 * context) last.push(hunk);
    else groups.push([hunk]);
  }
  return groups;
}

function hunkText(group: readonly Hunk[], old: readonly string[], now: readonly string[]): string {
  const [first, last] = [group[0], group.at(-1)];
  if (first === undefined || last === undefined) return "";
  const from = Math.max(0, first.start - context);
  const to = Math.min(old.length, last.end + context);
  const newFrom = first.newStart - (first.start - from);
  const parts: string[] = [];
  let place = from;
  for (const { start, end, newStart, newEnd } of group) {
    parts.push(
      marked(" ", old.slice(place, start)),
      marked("-", old.slice(start, end)),
      marked("+", now.slice(newStart, newEnd)),
    );
    place = end;
  }
  parts.push(marked(" ", old.slice(place, to)));
  const size = to - from;
  const newSize = last.newEnd + (to - last.end) - newFrom;
  return `@@ -${range(from, size)} +${range(newFrom, newSize)} @@\n${parts.join("")}`;
}

/** Git counts from 1, and names the line before an empty range. */
function range(from: number, size: number): string {
  return `${size === 0 ? from : from + 1},${size}`;
}

function marked(sign: string, lines: readonly string[]): string {
  return lines
    .map((line) =>
      line.endsWith("\n") ? `${sign}${line}` : `${sign}${line}\n\\ No newline at end of file\n`,
    )
    .join("");
}
