// The three-way merge of go.mod by key.
import type { Sides } from "../json/merge.ts";
import {
  byCodeUnit,
  mergeEntries,
  orderKeys,
  type Chosen,
  type Compare,
  type Trio,
} from "../lockfiles/entries.ts";
import { pick, pickLead } from "../toml/merge.ts";
import { isBlock, type Block, type GoFile, type Item, type Statement } from "./read.ts";
import { compareGoVersions } from "./version.ts";

type Lines = readonly string[];

/** What a merge had to do, from the riskiest to the least risky. */
const KINDS = [
  "higher-version",
  "removed-entries",
  "changed-entries",
  "added-entries",
  "same-content",
] as const;
type Kind = (typeof KINDS)[number];

export interface MergedGo {
  readonly lines: Lines;
  readonly kind: Kind;
}

/** The riskiest of several. */
function riskiest(kinds: readonly Kind[]): Kind {
  return KINDS.find((kind) => kinds.includes(kind)) ?? "same-content";
}

/** `null` where the sides want different things of one key, or where one module would be required twice. */
export function mergeGoFile({ base, ours, theirs }: Sides<GoFile>): MergedGo | null {
  const maps = { base: byKey(base.items), ours: byKey(ours.items), theirs: byKey(theirs.items) };
  if (!maps.base || !maps.ours || !maps.theirs || !sameBlocks([base, ours, theirs])) return null;
  const sides = { base: maps.base, ours: maps.ours, theirs: maps.theirs };
  const kinds: Kind[] = [];
  const merged = mergeEntries<Item>(sides, { same: sameItem, choose: (_, trio) => chooseItem(trio, kinds) });
  const rest = pickLead(base.rest, ours.rest, theirs.rest);
  const order = merged && orderKeys(merged.keys(), keysOf(sides), []);
  if (merged === null || rest === null || order === null) return null;
  const items = order.flatMap((key) => merged.get(key) ?? []);
  if (requiresTwice(items)) return null;
  const lines = [...items.flatMap(linesOfItem), ...rest];
  return { lines, kind: riskiest([...kinds, ...kindsOf(sides)]) };
}

function keysOf<T>({ base, ours, theirs }: Sides<ReadonlyMap<string, T>>): Sides<Iterable<string>> {
  return { base: base.keys(), ours: ours.keys(), theirs: theirs.keys() };
}

/** Blocks by verb and number among those of their verb; `null` where a statement stands twice. */
function byKey(items: readonly Item[]): Map<string, Item> | null {
  const map = new Map<string, Item>();
  const counts = new Map<string, number>();
  for (const item of items) {
    const number = counts.get(item.verb) ?? 0;
    if (isBlock(item)) counts.set(item.verb, number + 1);
    map.set(isBlock(item) ? `${item.verb} (${number}` : `${item.verb} ${item.key}`, item);
  }
  return map.size === items.length ? map : null;
}

/** Whether blocks can be told by their number: every file that has any of a verb has as many. */
function sameBlocks(files: readonly GoFile[]): boolean {
  const verbs = new Set(files.flatMap(({ items }) => items.filter(isBlock).map(({ verb }) => verb)));
  return [...verbs].every((verb) => {
    const counts = files.map(
      ({ items }) => items.filter((item) => isBlock(item) && item.verb === verb).length,
    );
    return new Set(counts.filter((count) => count > 0)).size === 1;
  });
}

function sameItem(one: Item, other: Item): boolean {
  if (!isBlock(one) || !isBlock(other)) return !isBlock(one) && !isBlock(other) && sameStatement(one, other);
  return linesOfItem(one).join("\n") === linesOfItem(other).join("\n");
}

function sameStatement(one: Statement, other: Statement): boolean {
  return linesOfStatement(one).join("\n") === linesOfStatement(other).join("\n");
}

function chooseItem({ base, ours, theirs }: Trio<Item>, kinds: Kind[]): Chosen<Item> {
  if (ours === undefined || theirs === undefined) return null;
  const items = base === undefined ? [ours, theirs] : [base, ours, theirs];
  if (items.every(isBlock)) {
    const merged = chooseBlock(asTrio(items));
    kinds.push(merged?.kind ?? "same-content");
    return merged && { value: merged.block };
  }
  const statements = items.flatMap((item) => (isBlock(item) ? [] : [item]));
  const statement = statements.length === items.length ? chooseStatement(asTrio(statements)) : null;
  if (statement !== null) kinds.push("higher-version");
  return statement && { value: statement };
}

interface Both<T> {
  readonly base: T | undefined;
  readonly ours: T;
  readonly theirs: T;
}

/** Of two or three, the last two the sides. */
function asTrio<T>(items: readonly T[]): Both<T> | null {
  const [ours, theirs] = items.slice(-2);
  return ours && theirs ? { base: items.at(-3), ours, theirs } : null;
}

function chooseBlock(both: Both<Block> | null): { readonly block: Block; readonly kind: Kind } | null {
  if (both === null) return null;
  const { base, ours, theirs } = both;
  const sides = { base: base?.statements ?? [], ours: ours.statements, theirs: theirs.statements };
  const inside = mergeStatements(sides);
  const lead = pickLead(base?.lead, ours.lead, theirs.lead);
  const rest = pickLead(base?.rest, ours.rest, theirs.rest);
  if (inside === null || lead === null || rest === null) return null;
  return { block: { ...ours, lead, rest, statements: inside.statements }, kind: inside.kind };
}

/** Merges the statements of one block, sorted where all sides are. */
export function mergeStatements(
  sides: Sides<readonly Statement[]>,
): { readonly statements: readonly Statement[]; readonly kind: Kind } | null {
  const maps = {
    base: statementMap(sides.base),
    ours: statementMap(sides.ours),
    theirs: statementMap(sides.theirs),
  };
  if (!maps.base || !maps.ours || !maps.theirs) return null;
  const known = { base: maps.base, ours: maps.ours, theirs: maps.theirs };
  const kinds: Kind[] = [];
  const merged = mergeEntries<Statement>(known, {
    same: sameStatement,
    choose: (_, trio) => {
      const { base, ours, theirs } = trio;
      const value = ours && theirs ? chooseStatement({ base, ours, theirs }) : null;
      if (value !== null) kinds.push("higher-version");
      return value && { value };
    },
  });
  const order = merged && orderKeys(merged.keys(), keysOf(known), [byPath]);
  if (merged === null || order === null) return null;
  const statements = order.flatMap((key) => merged.get(key) ?? []);
  return { statements, kind: riskiest([...kinds, ...kindsOf(known)]) };
}

/** As go sorts: word by word. */
const byPath: Compare = (one, other) => byCodeUnit(one, other);

function statementMap(statements: readonly Statement[]): Map<string, Statement> | null {
  const map = new Map(statements.map((statement) => [`${statement.verb} ${statement.key}`, statement]));
  return map.size === statements.length ? map : null;
}

/** Both sides changed a statement: the higher version, with each side's note and comments kept; `null` if no line of theirs says all that. */
function chooseStatement(both: Both<Statement> | null): Statement | null {
  if (both === null) return null;
  const { base, ours, theirs } = both;
  const value = pick(base?.value, ours.value, theirs.value) ?? higher(base, ours, theirs);
  const note = pick(base?.note, ours.note, theirs.note);
  const lead = pickLead(base?.lead, ours.lead, theirs.lead);
  const side = [ours, theirs].find((one) => one.value === value && one.note === note);
  return side && lead ? { ...side, lead } : null;
}

const VERSIONED: ReadonlySet<string> = new Set(["require", "go", "toolchain"]);

/** `null` where nobody can tell, or where a side went down. */
function higher(base: Statement | undefined, ours: Statement, theirs: Statement): string | null {
  const [one, other] = [ours.value, theirs.value];
  const order = VERSIONED.has(ours.verb) ? compareGoVersions(one, other) : 0;
  if (order === 0) return null;
  const before = base?.value;
  const rose = (value: string): boolean => before === undefined || compareGoVersions(value, before) > 0;
  return rose(one) && rose(other) ? (order > 0 ? one : other) : null;
}

/** What each side did, entry by entry. */
function kindsOf<T extends Item>({ base, ours, theirs }: Sides<ReadonlyMap<string, T>>): Kind[] {
  const kinds: Kind[] = [];
  for (const side of [ours, theirs]) {
    if ([...base.keys()].some((key) => !side.has(key))) kinds.push("removed-entries");
    if ([...side.keys()].some((key) => !base.has(key))) kinds.push("added-entries");
    const changed = [...side].some(([key, item]) => {
      const before = base.get(key);
      return before !== undefined && !isBlock(item) && !sameItem(before, item);
    });
    if (changed) kinds.push("changed-entries");
  }
  return kinds;
}

function requiresTwice(items: readonly Item[]): boolean {
  const required = items
    .flatMap((item) => (isBlock(item) ? item.statements : [item]))
    .filter(({ verb }) => verb === "require");
  return new Set(required.map(({ key }) => key)).size < required.length;
}

function linesOfItem(item: Item): string[] {
  if (!isBlock(item)) return linesOfStatement(item);
  return [...item.lead, item.line, ...item.statements.flatMap(linesOfStatement), ...item.rest, item.close];
}

export function linesOfStatement({ lead, line }: Statement): string[] {
  return [...lead, line];
}
