// One side indented everything anew, the other edited: the edits moved into the new indentation.
import { splitLines } from "../lines.ts";
import type { Sides } from "./merge.ts";

/**
 * The sides as they would be if the base and the other side had the indentation that one side gave to the lines it shares with the base;
 * `null` if neither side did so alone, or if a line of the others has an indentation that cannot be translated.
 */
export function sameIndentation<T extends Sides<string>>(sides: T): T | null {
  const [byOurs, byTheirs] = [sides.ours, sides.theirs].map((side) => translation(sides.base, side));
  if ((byOurs === null) === (byTheirs === null)) return null;
  const table = byOurs ?? byTheirs ?? new Map<string, string>();
  const base = translated(sides.base, table);
  const other = translated(byOurs ? sides.theirs : sides.ours, table);
  if (base === null || other === null) return null;
  return byOurs ? { ...sides, base, theirs: other } : { ...sides, base, ours: other };
}

interface Indented {
  readonly indent: string;
  readonly rest: string;
}

const indented = (line: string): Indented => {
  const rest = line.trimStart();
  return { indent: line.slice(0, line.length - rest.length), rest };
};

/** What became of each indentation of `from` on the lines that `to` has too; `null` if all stayed, or one became two. */
function translation(from: string, to: string): Map<string, string> | null {
  const indents = onlyOnes(splitLines(to).map(indented));
  const table = new Map<string, string>();
  for (const [rest, before] of onlyOnes(splitLines(from).map(indented))) {
    const after = indents.get(rest);
    if (after === undefined) continue;
    if ((table.get(before) ?? after) !== after) return null;
    table.set(before, after);
  }
  return [...table].some(([before, after]) => before !== after) ? table : null;
}

/** Indentation by what follows it, of lines that occur once. */
function onlyOnes(lines: readonly Indented[]): Map<string, string> {
  const counts = new Map<string, number>();
  for (const { rest } of lines) counts.set(rest, (counts.get(rest) ?? 0) + 1);
  return new Map(
    lines.flatMap(({ indent, rest }) => (rest !== "" && counts.get(rest) === 1 ? [[rest, indent]] : [])),
  );
}

function translated(text: string, table: ReadonlyMap<string, string>): string | null {
  const lines = splitLines(text).map((line) => {
    const { indent, rest } = indented(line);
    if (rest === "") return line;
    const after = table.get(indent);
    return after === undefined ? null : after + rest;
  });
  return lines.every((line) => line !== null) ? lines.join("") : null;
}
