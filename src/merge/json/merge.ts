// The three-way merge of JSON by key: items in, items and what happened to each out.
import { isLeaf, pick, settleClash } from "./clash.ts";
import { isLockEntry, mergeLockEntry } from "../lockfiles/package-lock-entry.ts";
import { sameItem, withComma, hasComma, type JsonItem } from "./items.ts";
import { areConditions, mergeOrder, strictOrder, type Neighbours } from "./order.ts";
import { versionStep } from "./version.ts";

/**
 * What became of one key. `both-…`: each side gave it another value; `removed-…`: one side removed what the other bumped, or changed otherwise;
 * the other words but `agreed` are of a key that one side alone touched.
 */
export type ChangeKind =
  | "agreed"
  | "added"
  | "removed"
  | "bumped"
  | "restyled"
  | "downgraded"
  | "changed"
  | "both-bumped"
  | "both-bumped-across-majors"
  | "both-restyled"
  | "both-downgraded"
  | "both-sourced"
  | "both-added"
  | "removed-bumped"
  | "removed-changed";

/** Where a key stands: the version of the package itself, an entry of a lockfile, or anything else. */
type Place = "own-version" | "lock-entry" | "value";

export interface Change {
  readonly kind: ChangeKind;
  readonly place: Place;
  readonly key: string;
  /** The key's items on the three sides, where it is there. */
  readonly base: JsonItem | undefined;
  readonly ours: JsonItem | undefined;
  readonly theirs: JsonItem | undefined;
}

export type JsonFileKind = "package-json" | "package-lock" | "i18n" | "json" | "toml";

/** The names of the open containers, outermost first; `rooted` if the first of them is known to stand at the root. */
export interface Container {
  readonly keys: readonly string[];
  readonly rooted: boolean;
  readonly file: JsonFileKind;
}

export interface Sides<T> {
  readonly base: T;
  readonly ours: T;
  readonly theirs: T;
}

export interface MergedItems {
  readonly items: readonly JsonItem[];
  readonly changes: readonly Change[];
  /** The side a lock entry was taken from whole, where both sides changed it. */
  readonly side?: "ours" | "theirs";
}

type Items = readonly JsonItem[];

/** Merges the items of one container; `null` where the two sides want different things of one key. */
export function mergeItems(
  sides: Sides<Items>,
  container: Container,
  neighbours: Neighbours = { before: [], after: [] },
): MergedItems | null {
  const all = [...sides.base, ...sides.ours, ...sides.theirs];
  if (all.some((item) => item.key === null)) return mergeElements(sides);
  if (container.file === "package-lock" && [sides.ours, sides.theirs].some(isLockEntry)) {
    return mergeLockEntry(sides, container);
  }
  const maps = { base: byKey(sides.base), ours: byKey(sides.ours), theirs: byKey(sides.theirs) };
  const kept = new Map<string, JsonItem>();
  const changes: Change[] = [];
  for (const key of new Set(all.map((item) => item.key ?? ""))) {
    const trio = { base: maps.base.get(key), ours: maps.ours.get(key), theirs: maps.theirs.get(key) };
    const merged = mergeKey(key, trio, container);
    if (merged === null) return null;
    if (merged.item !== undefined) kept.set(key, merged.item);
    for (const change of merged.changes) changes.push(change);
  }
  if (bothRenamed(sides)) return null;
  const names = (items: Items): string[] => items.map((item) => item.key ?? "");
  const order = orderOf(names(sides.ours), names(sides.theirs), new Set(kept.keys()), {
    container,
    neighbours,
  });
  return order && { items: order.flatMap((key) => kept.get(key) ?? []), changes };
}

function orderOf(
  ours: readonly string[],
  theirs: readonly string[],
  kept: ReadonlySet<string>,
  where: { readonly container: Container; readonly neighbours: Neighbours },
): readonly string[] | null {
  const { container, neighbours } = where;
  const isRoot = container.rooted && container.keys.length === 0;
  const isStrict =
    container.file === "package-json" && !isRoot && areConditions(container.keys, [...ours, ...theirs]);
  return isStrict ? strictOrder(ours, theirs, kept) : mergeOrder(ours, theirs, kept, neighbours);
}

/** Whether both sides put another name in the place of one: then neither only added. */
function bothRenamed({ base, ours, theirs }: Sides<Items>): boolean {
  const names = (items: Items) => new Set(items.map((item) => item.key));
  const [old, mine, other] = [names(base), names(ours), names(theirs)];
  const adds = (side: ReadonlySet<string | null>, rival: ReadonlySet<string | null>) =>
    [...side].some((name) => !old.has(name) && !rival.has(name));
  const gone = [...old].some((name) => !mine.has(name) && !other.has(name));
  return gone && adds(mine, other) && adds(other, mine);
}

/** Merges the one object that each of three files holds; `undefined` is a file that was not there. `rooted`: it is the file's root. */
export function mergeRoot(
  sides: { readonly base: JsonItem | undefined; readonly ours: JsonItem; readonly theirs: JsonItem },
  file: JsonFileKind,
  rooted = true,
): { readonly item: JsonItem; readonly changes: readonly Change[] } | null {
  if (!areBlocks(sides)) return null;
  const merged = mergeBlocks(sides, { keys: [], rooted, file });
  return merged?.item === undefined ? null : { item: merged.item, changes: merged.changes };
}

/** What becomes of one key; without an item it goes. */
export interface MergedKey {
  readonly item: JsonItem | undefined;
  readonly changes: readonly Change[];
}

/** The items of one key. */
export type Trio = Sides<JsonItem | undefined>;

function mergeKey(key: string, trio: Trio, container: Container): MergedKey | null {
  const { base, ours, theirs } = trio;
  const place = isEntryBlock(trio, container) ? "lock-entry" : placeOf(key, container);
  const change = (kind: ChangeKind): Change => ({ kind, place, key, ...trio });
  if (sameItem(ours, theirs)) {
    return { item: ours, changes: sameItem(base, ours) ? [] : [change("agreed")] };
  }
  if (areBlocks(trio)) return mergeBlocks(trio, { ...container, keys: [...container.keys, key] });
  if (sameItem(base, ours)) return { item: theirs, changes: [change(oneSided(base, theirs))] };
  if (sameItem(base, theirs)) return { item: ours, changes: [change(oneSided(base, ours))] };
  return settleClash(trio, change, container);
}

/** Objects all, or lists all. */
function areBlocks(trio: Trio): trio is Pair {
  const { base, ours, theirs } = trio;
  const same = (item: JsonItem | undefined): boolean =>
    item !== undefined && item.close !== null && item.head.value === ours?.head.value;
  return same(ours) && same(theirs) && (base === undefined || same(base));
}

/** Both sides have the key. */
export interface Pair {
  readonly base: JsonItem | undefined;
  readonly ours: JsonItem;
  readonly theirs: JsonItem;
}

function mergeBlocks(pair: Pair, container: Container): MergedKey | null {
  const { base, ours, theirs } = pair;
  const children = { base: base?.children ?? [], ours: ours.children, theirs: theirs.children };
  const merged = mergeItems(children, container);
  const lead = pick(base?.lead, ours.lead, theirs.lead);
  const rest = pick(base?.rest, ours.rest, theirs.rest);
  const frame = [ours.head.body, ours.head.tail, ours.close?.body].join("\n");
  const otherFrame = [theirs.head.body, theirs.head.tail, theirs.close?.body].join("\n");
  if (merged === null || lead === null || rest === null || frame !== otherFrame) return null;
  const lastOf = (block: JsonItem): boolean => block.children.slice(-1).some(hasComma);
  const trailing = lastOf(ours) && lastOf(theirs);
  const last = merged.items.length - 1;
  const items = merged.items.map((item, index) => (index === last ? withComma(item, trailing) : item));
  return { item: { ...ours, lead, rest, children: items }, changes: merged.changes };
}

function oneSided(before: JsonItem | undefined, after: JsonItem | undefined): ChangeKind {
  if (before === undefined) return "added";
  if (after === undefined) return "removed";
  if (!isLeaf(before) || !isLeaf(after)) return "changed";
  switch (versionStep(before.head.value, after.head.value)) {
    case "up":
      return "bumped";
    case "restyled":
      return "restyled";
    case "down":
      return "downgraded";
    case "other":
      return "changed";
  }
}

/** Elements have no names: two lists merge only if one side left the list alone, or both only added to it and none repeats. */
function mergeElements(sides: Sides<Items>): MergedItems | null {
  const same = (one: Items, other: Items): boolean =>
    one.length === other.length && one.every((item, index) => sameItem(item, other[index]));
  const change = (kind: ChangeKind): Change => ({
    kind,
    place: "value",
    key: "",
    base: sides.base[0],
    ours: sides.ours[0],
    theirs: sides.theirs[0],
  });
  const { base, ours, theirs } = sides;
  if (same(ours, theirs)) return { items: ours, changes: same(base, ours) ? [] : [change("agreed")] };
  if (same(base, ours)) return { items: theirs, changes: [change("changed")] };
  if (same(base, theirs)) return { items: ours, changes: [change("changed")] };
  const named = [base, ours, theirs].map((items) => items.map((item) => item.head.value));
  if ([...base, ...ours, ...theirs].some((item) => !isLeaf(item) || item.key !== null)) return null;
  const [old = [], left = [], right = []] = named;
  if (named.some((values) => new Set(values).size < values.length)) return null;
  const [inLeft, inRight] = [new Set(left), new Set(right)];
  if (old.some((value) => !inLeft.has(value) || !inRight.has(value))) return null;
  const items = new Map([...theirs, ...ours].map((item) => [item.head.value, item]));
  const order = mergeOrder(left, right, new Set(items.keys()), { before: [], after: [] });
  return { items: order.flatMap((value) => items.get(value) ?? []), changes: [change("added")] };
}

function byKey(items: Items): Map<string, JsonItem> {
  return new Map(items.map((item) => [item.key ?? "", item]));
}

function isEntryBlock(trio: Trio, container: Container): boolean {
  if (container.file !== "package-lock") return false;
  return [trio.base, trio.ours, trio.theirs].some((item) => item !== undefined && isLockEntry(item.children));
}

/** The version of the package itself: at the root of package.json, at the root of a lockfile, and in its entry for the root. */
function placeOf(key: string, container: Container): Place {
  if (key !== "version") return "value";
  const path = container.keys.join("/");
  // Cargo and Poetry keep it in a table named for the package; a hunk may not show which table it is in.
  if (container.file === "toml") return "own-version";
  const unknown = !container.rooted && container.keys.length === 0 && container.file !== "package-lock";
  const root = container.rooted && (path === "" || path === "packages/");
  return root || unknown ? "own-version" : "value";
}
