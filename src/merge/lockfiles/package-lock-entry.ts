// One entry of a package-lock.json, or the lines of one that a hunk shows: taken whole from one side, never mixed.
import { sameItem, type JsonItem } from "../json/items.ts";
import { compareRanges, plainRange, versionStep } from "../json/version.ts";
import type { Change, ChangeKind, Container, MergedItems, Sides } from "../json/merge.ts";

type Items = readonly JsonItem[];

/** What only an entry for an installed package has. The root's own entry has neither. */
const MARKS: ReadonlySet<string> = new Set(["resolved", "integrity"]);

export function isLockEntry(items: Items): boolean {
  return items.some((item) => item.key !== null && MARKS.has(item.key));
}

/** The side that changed the entry; where both did, the side with the higher version. `null` where versions do not decide. */
export function mergeLockEntry(sides: Sides<Items>, container: Container): MergedItems | null {
  const { base, ours, theirs } = sides;
  const change = (kind: ChangeKind): Change => ({
    kind,
    place: "lock-entry",
    key: container.keys.at(-1) ?? "",
    base: spanning(base),
    ours: spanning(ours),
    theirs: spanning(theirs),
  });
  if (same(ours, theirs)) return { items: ours, changes: same(base, ours) ? [] : [change("agreed")] };
  if (same(base, ours)) return { items: theirs, changes: [change(oneSided(base, theirs))] };
  if (same(base, theirs)) return { items: ours, changes: [change(oneSided(base, ours))] };
  const side = higher(ours, theirs);
  const kind = bothSided(base, ours, theirs);
  return side === null || kind === null ? null : { items: sides[side], changes: [change(kind)], side };
}

function higher(ours: Items, theirs: Items): "ours" | "theirs" | null {
  const one = plainRange(versionOf(ours) ?? "");
  const other = plainRange(versionOf(theirs) ?? "");
  if (one === null || other === null) return null;
  const order = compareRanges(one, other);
  if (order === 0) return null;
  return order > 0 ? "ours" : "theirs";
}

function bothSided(base: Items, ours: Items, theirs: Items): ChangeKind | null {
  if (base.length === 0) return "both-added";
  const before = versionOf(base);
  if (before === undefined) return null;
  const steps = [ours, theirs].map((items) => versionStep(before, versionOf(items) ?? ""));
  if (steps.every((step) => step === "up")) return "both-bumped";
  return steps.includes("down") ? "both-downgraded" : "both-restyled";
}

function oneSided(before: Items, after: Items): ChangeKind {
  if (before.length === 0) return "added";
  if (after.length === 0) return "removed";
  const [from, to] = [versionOf(before), versionOf(after)];
  if (from === undefined || to === undefined) return "changed";
  return versionStep(from, to) === "up" ? "bumped" : "changed";
}

/** The first item as if it ran on to the end of the last. */
function spanning(items: Items): JsonItem | undefined {
  const [first] = items;
  return first === undefined ? undefined : { ...first, last: items.at(-1)?.last ?? first.last };
}

function versionOf(items: Items): string | undefined {
  return items.find((item) => item.key === "version")?.head.value;
}

function same(one: Items, other: Items): boolean {
  return one.length === other.length && one.every((item, index) => sameItem(item, other[index]));
}
