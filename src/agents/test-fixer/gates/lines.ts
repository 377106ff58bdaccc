// What an edit changes, line by line.
import { alignShortest } from "../../../merge/candidates/shortest-edit.ts";

/** Lines of both texts, from a 0-based index on; `end` is exclusive. What stands between two hunks is the same. */
export interface Hunk {
  readonly start: number;
  readonly end: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/** Beyond so many changed lines a text counts as written anew between its first and last change. */
const mostEdits = 1_000;

/** With their ends, so that joined they are the text again. */
export function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+/g) ?? [];
}

export function hunksOf(before: string, after: string): readonly Hunk[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  const ids = new Map<string, number>();
  const numbered = (lines: readonly string[]) =>
    Int32Array.from(lines, (line) => {
      const id = ids.get(line) ?? ids.size;
      ids.set(line, id);
      return id;
    });
  const matches = alignShortest(numbered(old), numbered(now), mostEdits) ?? atTheEnds(old, now);
  const hunks: Hunk[] = [];
  let [start, newStart] = [0, 0];
  for (let place = 0; place <= old.length; place++) {
    const match = place === old.length ? now.length : (matches[place] ?? -1);
    if (match < 0) continue;
    if (place > start || match > newStart) hunks.push({ start, end: place, newStart, newEnd: match });
    [start, newStart] = [place + 1, match + 1];
  }
  return hunks;
}

function atTheEnds(old: readonly string[], now: readonly string[]): Int32Array {
  const matches = new Int32Array(old.length).fill(-1);
  const most = Math.min(old.length, now.length);
  let head = 0;
  while (head < most && old[head] === now[head]) matches[head] = head++;
  for (let tail = 1; tail <= most - head && old.at(-tail) === now.at(-tail); tail++)
    matches[old.length - tail] = now.length - tail;
  return matches;
}

/** Lines that are added and taken away, without ends. */
export function changedLines(
  before: string,
  after: string,
): { added: readonly string[]; removed: readonly string[] } {
  const [old, now] = [linesOf(before), linesOf(after)];
  const hunks = hunksOf(before, after);
  const cut = (lines: readonly string[]) => lines.map((line) => line.replace(/\r?\n$/, ""));
  return {
    added: cut(hunks.flatMap(({ newStart, newEnd }) => now.slice(newStart, newEnd))),
    removed: cut(hunks.flatMap(({ start, end }) => old.slice(start, end))),
  };
}
