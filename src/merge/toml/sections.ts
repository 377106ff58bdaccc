// A TOML text as tables that keep their own lines, and the three-way merge of them.
import { readTomlParts, type TomlHeader } from "../../syntax/toml-parts.ts";
import type { Change, Sides } from "../json/merge.ts";
import { mergeOrder, type Neighbours } from "../json/order.ts";
import {
  isDistinct,
  linesOf,
  nameOf,
  pairEntry,
  said,
  sameEntry,
  type Entry,
  type TomlFile,
} from "./entry.ts";
import { bothRenamed, mergeEntries, pick, pickLead } from "./merge.ts";

/** A header and the entries under it. */
interface Section {
  /** The table's dotted name; an element of an array of tables has its number with it. The first section, with no header, has "". */
  readonly key: string;
  /** The table's dotted name as it stands in the header. */
  readonly table: string;
  /** Comment and blank lines above the header. */
  readonly lead: readonly string[];
  /** The header's line; `null` for the lines before the first. */
  readonly header: string | null;
  readonly entries: readonly Entry[];
}

export interface Sections {
  readonly sections: readonly Section[];
  /** Comment and blank lines behind the last entry. */
  readonly rest: readonly string[];
  readonly comments: readonly string[];
  /** Whether there is a `[[table]]`. */
  readonly hasArrays: boolean;
}

/** Reads a text whose lines end with LF; `null` where it is not TOML, or a name stands twice. */
export function readSections(text: string): Sections | null {
  const read = readTomlParts(text);
  if (read === null) return null;
  const naming = newNaming();
  const sections: { head: Omit<Section, "entries">; entries: Entry[] }[] = [
    { head: { key: "", table: "", lead: [], header: null }, entries: [] },
  ];
  let lead: string[] = [];
  for (const part of read.parts) {
    if (part.kind === "trivia") {
      lead.push(part.line);
      continue;
    }
    if (part.kind === "pair") sections.at(-1)?.entries.push(pairEntry(part, lead));
    else {
      const head = { key: keyOf(part, naming), table: nameOf(part.path), lead, header: part.line };
      sections.push({ head, entries: [] });
    }
    lead = [];
  }
  const keys = new Set(sections.map(({ head }) => head.key));
  if (keys.size < sections.length || !sections.every(({ entries }) => isDistinct(entries))) return null;
  const whole = sections.map(({ head, entries }) => ({ ...head, entries }));
  return { sections: whole, rest: lead, comments: read.comments, hasArrays: naming.size > 0 };
}

/** How many elements each array of tables has so far, by its name. */
type Naming = Map<string, number>;

function newNaming(): Naming {
  return new Map();
}

/** A table's name with the number of each array element it stands in: `bin#1`, `bin#1.env`. */
function keyOf({ path, isArray }: TomlHeader, naming: Naming): string {
  let key = "";
  for (const [index, part] of path.entries()) {
    key += `${index === 0 ? "" : "."}${nameOf([part])}`;
    const isLast = index === path.length - 1;
    const count = naming.get(key);
    if (isLast && isArray) {
      naming.set(key, (count ?? -1) + 1);
      key += `#${(count ?? -1) + 1}`;
    } else if (count !== undefined) key += `#${count}`;
  }
  return key;
}

interface MergedSections {
  /** Lines without their endings. */
  readonly lines: readonly string[];
  readonly changes: readonly Change[];
}

/** Names of the first section's neighbours, and which table it stands in: of a text that was cut out of a larger one. */
interface Around {
  readonly table: string;
  readonly neighbours: Neighbours;
}

/** `null` where the sides want different things of one key, or both touched one array of tables: its elements have no names. */
export function mergeSections(
  sides: Sides<Sections>,
  file: TomlFile,
  around?: Around,
): MergedSections | null {
  const maps = { base: byKey(sides.base), ours: byKey(sides.ours), theirs: byKey(sides.theirs) };
  if (bothTouchArrays(sides)) return null;
  const kept = new Map<string, Section>();
  const changes: Change[] = [];
  const keys = { base: [...maps.base.keys()], ours: [...maps.ours.keys()], theirs: [...maps.theirs.keys()] };
  for (const key of new Set([...keys.ours, ...keys.theirs, ...keys.base])) {
    const trio = { base: maps.base.get(key), ours: maps.ours.get(key), theirs: maps.theirs.get(key) };
    const merged = mergeSection(trio, file, key === "" ? around : undefined);
    if (merged === null) return null;
    if (merged.section !== undefined) kept.set(key, merged.section);
    for (const change of merged.changes) changes.push(change);
  }
  const rest = pickLead(sides.base.rest, sides.ours.rest, sides.theirs.rest);
  if (rest === null || bothRenamed(keys)) return null;
  const order = mergeOrder(keys.ours, keys.theirs, new Set(kept.keys()), { before: [], after: [] });
  const lines = order.flatMap((key) => linesOfSection(kept.get(key)));
  return { lines: [...lines, ...rest], changes };
}

function byKey({ sections }: Sections): Map<string, Section> {
  return new Map(sections.map((section) => [section.key, section]));
}

function linesOfSection(section: Section | undefined): string[] {
  if (section === undefined) return [];
  const head = section.header === null ? [] : [...section.lead, section.header];
  return [...head, ...section.entries.flatMap((entry) => linesOf(entry, false))];
}

interface MergedSection {
  readonly section: Section | undefined;
  readonly changes: readonly Change[];
}

function mergeSection(
  trio: Sides<Section | undefined>,
  file: TomlFile,
  around: Around | undefined,
): MergedSection | null {
  const { base, ours, theirs } = trio;
  const sides = { base: entriesOf(base), ours: entriesOf(ours), theirs: entriesOf(theirs) };
  const place = { file, table: around?.table ?? tableOf(trio) };
  const merged = mergeEntries(sides, place, around?.neighbours);
  if (merged === null) return null;
  const { changes, entries } = merged;
  if (ours === undefined || theirs === undefined) {
    const left = oneLeft(base, ours ?? theirs);
    return left && { ...left, changes };
  }
  const head = mergeHeads({ base, ours, theirs });
  return head && { section: { ...ours, ...head, entries }, changes };
}

function tableOf({ base, ours, theirs }: Sides<Section | undefined>): string {
  return (ours ?? theirs ?? base)?.table ?? "";
}

/** Of a table that one side at most has: it is new, or it goes if that side left it alone. */
function oneLeft(
  base: Section | undefined,
  left: Section | undefined,
): Pick<MergedSection, "section"> | null {
  if (base === undefined) return { section: left };
  return left === undefined || sameSection(base, left) ? { section: undefined } : null;
}

function entriesOf(section: Section | undefined): readonly Entry[] {
  return section?.entries ?? [];
}

type Head = Pick<Section, "lead" | "header">;

function mergeHeads({
  base,
  ours,
  theirs,
}: {
  base: Head | undefined;
  ours: Head;
  theirs: Head;
}): Head | null {
  const lead = pickLead(base?.lead, ours.lead, theirs.lead);
  const header = pick(base?.header ?? "", ours.header ?? "", theirs.header ?? "");
  return lead === null || header === null ? null : { lead, header: ours.header === null ? null : header };
}

function sameSection(one: Section, other: Section): boolean {
  const beside = ({ lead, header }: Section): string => `${said(lead)}\n${header}`;
  return (
    beside(one) === beside(other) &&
    one.entries.length === other.entries.length &&
    one.entries.every((entry, index) => sameEntry(entry, other.entries[index]))
  );
}

/** Whether both sides changed what stands under one `[[name]]`, each in its own way. */
function bothTouchArrays({ base, ours, theirs }: Sides<Sections>): boolean {
  const [old, mine, other] = [base, ours, theirs].map(textsOfArrays);
  return [...new Set([...(mine?.keys() ?? []), ...(other?.keys() ?? []), ...(old?.keys() ?? [])])].some(
    (name) => {
      const [before, left, right] = [old?.get(name), mine?.get(name), other?.get(name)];
      return left !== right && left !== before && right !== before;
    },
  );
}

function textsOfArrays({ sections }: Sections): Map<string, string> {
  const texts = new Map<string, string[]>();
  for (const section of sections) {
    const [name] = section.key.split("#");
    if (name === undefined || name === section.key) continue;
    const lines = linesOfSection({ ...section, lead: [] });
    const known = texts.get(name);
    if (known) known.push(...lines);
    else texts.set(name, lines);
  }
  return new Map(Array.from(texts, ([name, lines]) => [name, lines.join("\n")]));
}
