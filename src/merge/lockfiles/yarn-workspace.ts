// The entry of one of the repository's own workspaces in a yarn.lock: a manifest again, merged dependency by dependency.
import { compareRanges, plainRange, type PlainRange } from "../json/version.ts";
import type { Sides } from "../json/merge.ts";
import { byCodeUnit, mergeEntries, orderKeys, type Chosen, type Trio } from "./entries.ts";
import { sameLines, type Lines } from "./lock-text.ts";

/** Section ("  dependencies:") to its entries: first line to all lines. A section of one line has none. */
type Sections = ReadonlyMap<string, ReadonlyMap<string, Lines>>;

export interface MergedWorkspace {
  readonly lines: Lines;
  /** Whether both sides raised a range, and the higher was taken. */
  readonly chose: boolean;
}

/** `null` where both sides changed one thing in other ways than by raising a range. */
export function mergeWorkspace(sides: Sides<Lines>): MergedWorkspace | null {
  const [base, ours, theirs] = [sides.base, sides.ours, sides.theirs].map(readSections);
  if (base === undefined || ours === undefined || theirs === undefined) return null;
  const choices: string[] = [];
  const choose = (key: string, trio: Trio<Lines>): Chosen<Lines> => {
    choices.push(key);
    return higherRange(key, trio);
  };
  const all = new Set([...ours.keys(), ...theirs.keys()]);
  const names = orderKeys(all, { base: base.keys(), ours: ours.keys(), theirs: theirs.keys() }, []);
  const parts = (names ?? []).map((name) => {
    // A section of one line is there on both sides, or nobody can tell.
    if (!name.endsWith(":")) return ours.has(name) && theirs.has(name) ? [name] : null;
    return mergeSection(name, { base, ours, theirs }, choose);
  });
  if (names === null || !parts.every((part) => part !== null)) return null;
  return { lines: parts.flat(), chose: choices.length > 0 };
}

function mergeSection(
  name: string,
  sides: Sides<Sections>,
  choose: (key: string, trio: Trio<Lines>) => Chosen<Lines>,
): Lines | null {
  const base = entriesOf(sides.base, name);
  const [ours, theirs] = [entriesOf(sides.ours, name), entriesOf(sides.theirs, name)];
  const merged = mergeEntries({ base, ours, theirs }, { same: sameLines, choose });
  const keys = { base: base.keys(), ours: ours.keys(), theirs: theirs.keys() };
  const order = merged && orderKeys(merged.keys(), keys, [byCodeUnit]);
  if (merged === null || order === null) return null;
  return order.length === 0 ? [] : [name, ...order.flatMap((key) => merged.get(key) ?? [])];
}

function entriesOf(sections: Sections, name: string): ReadonlyMap<string, Lines> {
  return sections.get(name) ?? new Map<string, Lines>();
}

function readSections(body: Lines): Sections {
  const sections = new Map<string, Map<string, string[]>>();
  let section = new Map<string, string[]>();
  let entry: string[] = [];
  for (const line of body) {
    if (!line.startsWith("    ")) {
      section = new Map();
      sections.set(line, section);
    } else if (line.startsWith("     ")) {
      entry.push(line);
    } else {
      entry = [line];
      section.set(keyOf(line), entry);
    }
  }
  return sections;
}

/** The name without its quotes: what yarn sorts by. */
function keyOf(line: string): string {
  return /^ {4}"?([^":]+)"?:/.exec(line)?.[1] ?? line;
}

/** Of two raised ranges of one form the higher. */
function higherRange(key: string, { base, ours, theirs }: Trio<Lines>): Chosen<Lines> {
  const [before, own, other] = [base, ours, theirs].map((lines) => rangeOf(key, lines));
  if (!own || other?.form !== own.form) return null;
  if (base !== undefined && !before) return null;
  if (before && [own, other].some((range) => compareRanges(range, before) < 0)) return null;
  const order = compareRanges(own, other);
  return order === 0 ? null : { value: order > 0 ? ours : theirs };
}

/** The range behind a dependency's name, where it is one plain range. */
function rangeOf(key: string, lines: Lines | undefined): PlainRange | null {
  const [line = "", ...more] = lines ?? [];
  const value = line.slice(line.indexOf(key) + key.length);
  const [, range = ""] = /^"?: "?(?:npm:)?([^"]+)"?$/.exec(value) ?? [];
  return more.length > 0 ? null : plainRange(`"${range}"`);
}
