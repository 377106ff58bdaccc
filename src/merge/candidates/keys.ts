// Candidates for lines that each say a key's value: the union by key, with one value for each.
import { splitLines } from "../lines.ts";
import type { Family } from "./candidate.ts";
import { compareDotted } from "./numbers.ts";
import { isLong, proposal } from "./proposals.ts";

/** A key, quoted or not, before ":", "=" or a version. */
const keyed = /^\s*["']?([\p{L}\p{N}_@./-]+)["']?(?:\s*[:=]|\s+v?\d)/u;
/** A dotted number; looked for at the start of runs of digits only, so that long ones cost no more. */
const version = /(?<![\d.])\d+(?:\.\d+)+/;

export const keyUnion: Family = (sides) => {
  if (isLong(sides) || sides.register === "prose") return [];
  const [base = none, ours = none, theirs = none] = [sides.base, sides.ours, sides.theirs].map(keyedLines);
  return [
    ...proposal(sides, "keys-ours", unite(ours, base, theirs, false)),
    ...proposal(sides, "keys-theirs", unite(theirs, base, ours, false)),
    ...proposal(sides, "keys-higher", unite(ours, base, theirs, true)),
  ];
};

interface KeyedLines {
  readonly lines: readonly string[];
  /** Each line's key, or `null`. */
  readonly keyOf: readonly (string | null)[];
  /** The first line of each key. */
  readonly keys: ReadonlyMap<string, number>;
}

const none: KeyedLines = { lines: [], keyOf: [], keys: new Map() };

function keyedLines(text: string): KeyedLines {
  const lines = splitLines(text);
  const keyOf = lines.map((line) => keyed.exec(line)?.[1] ?? null);
  const keys = new Map<string, number>();
  for (const [index, key] of keyOf.entries()) if (key !== null && !keys.has(key)) keys.set(key, index);
  return { lines, keyOf, keys };
}

const valueOf = ({ lines, keys }: KeyedLines, key: string): string | undefined => lines[keys.get(key) ?? -1];

/** `first` in its order, less the keys that `second` removed, with what `second` added behind the key it followed there. */
function unite(first: KeyedLines, base: KeyedLines, second: KeyedLines, higher: boolean): string | null {
  if (first.keys.size === 0) return null;
  const kept: (string | null)[] = [...first.lines];
  for (const [key, index] of first.keys) {
    const [own, old, other] = [valueOf(first, key) ?? "", valueOf(base, key), valueOf(second, key)];
    if (other !== undefined) kept[index] = valueAfter(own, old, other, higher);
    else if (old !== undefined) kept[index] = null;
  }
  const added = additions(first, base, second);
  const start = added.get(-1) ?? [];
  return [...start, ...kept.flatMap((line, index) => [line ?? "", ...(added.get(index) ?? [])])].join("");
}

function valueAfter(own: string, old: string | undefined, other: string, higher: boolean): string {
  if (old?.trim() === own.trim()) return other;
  if (!higher || old?.trim() === other.trim()) return own;
  const [mine, others] = [version.exec(own)?.[0], version.exec(other)?.[0]];
  return mine !== undefined && others !== undefined && compareDotted(others, mine) > 0 ? other : own;
}

/** What only `second` has, by the index in `first` of the line it goes behind; -1 is before all. */
function additions(first: KeyedLines, base: KeyedLines, second: KeyedLines): Map<number, string[]> {
  const known = new Set(first.lines.map((line) => line.trim()));
  const added = new Map<number, string[]>();
  let place: number | null = null;
  for (const [index, line] of second.lines.entries()) {
    const key = second.keyOf[index] ?? null;
    const own = key === null ? undefined : first.keys.get(key);
    if (own !== undefined) {
      place = own;
      continue;
    }
    if (line.trim() === "" || (key === null ? known.has(line.trim()) : base.keys.has(key))) continue;
    const behind: number = place ?? (index === 0 ? -1 : first.lines.length - 1);
    const there = added.get(behind);
    if (there) there.push(line);
    else added.set(behind, [line]);
  }
  return added;
}
