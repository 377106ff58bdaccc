// The three-way merge of YAML by key: entries in, entries and what happened to each out.
import { pick } from "../json/clash.ts";
import type { ChangeKind, Sides } from "../json/merge.ts";
import { mergeOrder } from "../json/order.ts";
import {
  sameBlock,
  sameBody,
  sameItem,
  sameLines,
  sameSaid,
  type YamlBlock,
  type YamlItem,
} from "./items.ts";
import { higherVersion } from "./version.ts";

/** What became of one entry. */
export interface YamlChange {
  readonly kind: ChangeKind;
  /** The entry is an item of a sequence. */
  readonly inList: boolean;
  readonly key: string;
  readonly base: YamlItem | undefined;
  readonly ours: YamlItem | undefined;
  readonly theirs: YamlItem | undefined;
}

export interface MergedBlock {
  readonly block: YamlBlock;
  readonly changes: readonly YamlChange[];
}

type Trio = Sides<YamlItem | undefined>;

interface Pair {
  readonly base: YamlItem | undefined;
  readonly ours: YamlItem;
  readonly theirs: YamlItem;
}

interface MergedItem {
  readonly item: YamlItem | undefined;
  readonly changes: readonly YamlChange[];
}

interface Blocks {
  readonly base: YamlBlock | undefined;
  readonly ours: YamlBlock;
  readonly theirs: YamlBlock;
}

/** `null` where the two sides want different things of one entry, or are not laid out alike. */
export function mergeBlock(blocks: Blocks): MergedBlock | null {
  const { ours } = blocks;
  if (!areAlike(blocks) || !areUnique(blocks) || bothRenamed(blocks)) return null;
  const kept = new Map<string, YamlItem>();
  const changes: YamlChange[] = [];
  for (const [id, trio] of triosOf(blocks)) {
    const merged = mergeItem(id, trio, ours.kind === "seq");
    if (merged === null) return null;
    if (merged.item !== undefined) kept.set(id, merged.item);
    for (const change of merged.changes) changes.push(change);
  }
  const order = orderOf(blocks, new Set(kept.keys()));
  if (order === null || order.length === 0) return null;
  const items = order.flatMap((id) => kept.get(id) ?? []);
  return isInPlace(items, blocks) ? { block: { ...ours, items }, changes } : null;
}

function triosOf({ base, ours, theirs }: Blocks): Map<string, Trio> {
  const trios = new Map<string, Trio>();
  const sides = { base, ours, theirs };
  for (const side of ["base", "ours", "theirs"] as const) {
    for (const item of sides[side]?.items ?? []) {
      const trio = trios.get(item.id) ?? { base: undefined, ours: undefined, theirs: undefined };
      trios.set(item.id, { ...trio, [side]: item });
    }
  }
  return trios;
}

/** Entries can change sides only between blocks of one kind at one depth. */
function areAlike({ base, ours, theirs }: Blocks): boolean {
  return [base, theirs].every(
    (block) =>
      block === undefined ||
      (block.kind === ours.kind && block.column === ours.column && block.isInline === ours.isInline),
  );
}

function areUnique({ base, ours, theirs }: Blocks): boolean {
  return [base, ours, theirs].every((block) => new Set(idsOf(block)).size === idsOf(block).length);
}

/** The pair behind a dash cannot give its place to another. */
function isInPlace(items: readonly YamlItem[], { ours, theirs }: Blocks): boolean {
  const first = items[0]?.id;
  return !ours.isInline || (first === ours.items[0]?.id && first === theirs.items[0]?.id);
}

const idsOf = (block: YamlBlock | undefined): string[] => block?.items.map(({ id }) => id) ?? [];

/** Whether both sides put another entry in the place of one: then neither only added. */
function bothRenamed({ base, ours, theirs }: Blocks): boolean {
  const [old, mine, other] = [base, ours, theirs].map((block) => new Set(idsOf(block)));
  if (!old || !mine || !other) return true;
  const adds = (side: ReadonlySet<string>, rival: ReadonlySet<string>): boolean =>
    [...side].some((id) => !old.has(id) && !rival.has(id));
  const gone = [...old].some((id) => !mine.has(id) && !other.has(id));
  return gone && adds(mine, other) && adds(other, mine);
}

/** Of maps the order is a matter of taste, and so it is of lists of words that both sides only added to; else it is meaning. */
function orderOf(blocks: Blocks, kept: ReadonlySet<string>): readonly string[] | null {
  const { base, ours, theirs } = blocks;
  const [old, mine, other] = [idsOf(base), idsOf(ours), idsOf(theirs)];
  if (ours.kind === "seq" && !(isSimple(blocks) && agree(mine, other) && old.every((id) => kept.has(id))))
    return mergeSequences({ base: old, ours: mine, theirs: other });
  const isFirst = agree(mine, other) || agree(old, other);
  return isFirst ? mergeOrder(mine, other, kept, noNeighbours) : mergeOrder(other, mine, kept, noNeighbours);
}

const noNeighbours = { before: [], after: [] };

function isSimple({ ours, theirs }: Blocks): boolean {
  return [...ours.items, ...theirs.items].every(({ block }) => block === null);
}

/**
 * Merges between each two items that all three have: what one side alone changed there, or what both put where nothing was, ours first. `null` where
 * both changed the same stretch, or where an item has moved.
 */
function mergeSequences({ base, ours, theirs }: Sides<readonly string[]>): readonly string[] | null {
  if (!agree(base, ours) || !agree(base, theirs) || !agree(ours, theirs)) return null;
  const [mine, other] = [new Set(ours), new Set(theirs)];
  const common = base.filter((id) => mine.has(id) && other.has(id));
  const result: string[] = [];
  const at = { base: 0, ours: 0, theirs: 0 };
  for (const anchor of [...common, undefined]) {
    const stretch = (side: keyof typeof at, ids: readonly string[]): readonly string[] => {
      const end = anchor === undefined ? ids.length : ids.indexOf(anchor, at[side]);
      const part = ids.slice(at[side], end);
      at[side] = end + 1;
      return part;
    };
    const parts = [stretch("base", base), stretch("ours", ours), stretch("theirs", theirs)] as const;
    const merged = mergeStretch(...parts);
    if (merged === null) return null;
    result.push(...merged, ...(anchor === undefined ? [] : [anchor]));
  }
  return new Set(result).size === result.length ? result : null;
}

function mergeStretch(
  base: readonly string[],
  ours: readonly string[],
  theirs: readonly string[],
): readonly string[] | null {
  if (sameLines(ours, theirs) || sameLines(base, theirs)) return ours;
  if (sameLines(base, ours)) return theirs;
  return base.length === 0 ? [...ours, ...theirs] : null;
}

/** Whether what both have stands in one order on both. */
function agree(one: readonly string[], other: readonly string[]): boolean {
  const [left, right] = [new Set(one), new Set(other)];
  const common = other.filter((id) => left.has(id));
  return one.filter((id) => right.has(id)).every((id, index) => id === common[index]);
}

function mergeItem(key: string, trio: Trio, inList: boolean): MergedItem | null {
  const { base, ours, theirs } = trio;
  const change = (kind: ChangeKind): YamlChange => ({ kind, inList, key, ...trio });
  if (sameItem(ours, theirs)) return { item: ours, changes: sameItem(base, ours) ? [] : [change("agreed")] };
  if (sameItem(base, ours)) return { item: theirs, changes: [change(oneSided(base, theirs))] };
  if (sameItem(base, theirs)) return { item: ours, changes: [change(oneSided(base, ours))] };
  if (ours === undefined || theirs === undefined) return null;
  return mergeBoth({ base, ours, theirs }, change);
}

function oneSided(before: YamlItem | undefined, after: YamlItem | undefined): ChangeKind {
  if (before === undefined) return "added";
  return after === undefined ? "removed" : "changed";
}

/** Both sides have the entry, and not the same one: comments, own lines, and what is below merge each by itself. */
function mergeBoth(pair: Pair, change: (kind: ChangeKind) => YamlChange): MergedItem | null {
  const { base, ours, theirs } = pair;
  const lead = sameSaid(ours.lead, theirs.lead) ? ours.lead : pick(base?.lead, ours.lead, theirs.lead);
  const rest = pick(base?.rest, ours.rest, theirs.rest);
  const body = mergeBody(pair, change);
  if (lead === null || rest === null || body === null) return null;
  return { item: { ...body.item, lead, rest }, changes: body.changes };
}

interface MergedBody {
  readonly item: YamlItem;
  readonly changes: readonly YamlChange[];
}

function mergeBody(pair: Pair, change: (kind: ChangeKind) => YamlChange): MergedBody | null {
  const { base, ours, theirs } = pair;
  if (sameBody(ours, theirs)) return { item: ours, changes: [change("agreed")] };
  if (base !== undefined && sameBody(base, ours)) return { item: theirs, changes: [change("changed")] };
  if (base !== undefined && sameBody(base, theirs)) return { item: ours, changes: [change("changed")] };
  if (ours.block !== null && theirs.block !== null && base?.block !== null)
    return mergeNested(pair, { base: base?.block, ours: ours.block, theirs: theirs.block });
  const side = higherVersion(pair);
  return side && { item: pair[side], changes: [change("both-bumped")] };
}

function mergeNested(pair: Pair, blocks: Blocks): MergedBody | null {
  const head = pick(pair.base?.head, pair.ours.head, pair.theirs.head);
  const merged = sameBlock(blocks.ours, blocks.theirs)
    ? { block: blocks.ours, changes: [] }
    : mergeBlock(blocks);
  if (head === null || merged === null) return null;
  return { item: { ...pair.ours, head, block: merged.block }, changes: merged.changes };
}
