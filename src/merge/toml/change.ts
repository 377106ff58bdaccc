// What a merge by key did to a value, in the words that classes are made of.
import type { JsonItem } from "../json/items.ts";
import type { Change, ChangeKind, Sides } from "../json/merge.ts";
import { compareRanges, plainRange, sameBreaking, versionStep } from "../json/version.ts";
import { canonical, nameOf, type Entry } from "./entry.ts";

/** The three entries of one key. */
export type Trio = Sides<Entry | undefined>;

/** Tables in which `version` is the version of the package itself; "" is a table that is not in sight. */
const OWN: ReadonlySet<string> = new Set(["", "package", "workspace.package", "project", "tool.poetry"]);

export function changeOf(kind: ChangeKind, trio: Trio, table: string): Change {
  const key = (trio.ours ?? trio.theirs ?? trio.base)?.key ?? "";
  const place = key === "version" && OWN.has(table) ? "own-version" : "value";
  return { kind, place, key, base: leaf(trio.base), ours: leaf(trio.ours), theirs: leaf(trio.theirs) };
}

function leaf(entry: Entry | undefined): JsonItem | undefined {
  if (entry === undefined) return undefined;
  const { key, version: value, first, last } = entry;
  const head = { kind: "leaf", key, value, body: value, comma: false, tail: "" } as const;
  return { key, lead: [], head, children: [], rest: [], close: null, first, last };
}

/** What one side alone did: member by member where both are inline tables. */
export function oneSided(trio: Trio, side: "ours" | "theirs", table: string): Change[] {
  const [before, after] = [trio.base, trio[side]];
  if (before?.value.kind === "table" && after?.value.kind === "table") {
    return memberChanges(trio, side, [before, after]);
  }
  return [changeOf(kindOf(before, after), trio, table)];
}

function memberChanges(
  trio: Trio,
  side: "ours" | "theirs",
  [before, after]: readonly [Entry, Entry],
): Change[] {
  const [old, fresh] = [membersOf(before), membersOf(after)];
  const changes = [...new Set([...old.keys(), ...fresh.keys()])].flatMap((name) => {
    const [one, other] = [old.get(name), fresh.get(name)];
    if (one && other && canonical(one.value) === canonical(other.value)) return [];
    const still = side === "ours" ? "theirs" : "ours";
    return oneSided(
      { base: one, ours: one, theirs: one, [side]: other, [still]: one },
      side,
      `${trio.base?.key}.`,
    );
  });
  return changes.length > 0 ? changes : [changeOf("changed", trio, "")];
}

function membersOf(entry: Entry): Map<string, Entry> {
  const { first, last, value } = entry;
  const members = value.children.map((child): [string, Entry] => {
    const key = nameOf(child.path ?? []);
    return [key, { ...child, key, version: child.value.raw, first, last }];
  });
  return new Map(members);
}

function kindOf(before: Entry | undefined, after: Entry | undefined): ChangeKind {
  if (before === undefined) return "added";
  if (after === undefined) return "removed";
  const step = versionStep(before.version, after.version);
  return ({ up: "bumped", restyled: "restyled", down: "downgraded", other: "changed" } as const)[step];
}

/** Both sides wrote another version: the higher wins; `null` where they are no versions or nobody can tell. */
export function higherVersion(
  trio: Trio & { readonly ours: Entry; readonly theirs: Entry },
): { readonly side: "ours" | "theirs"; readonly kind: ChangeKind } | null {
  const [ours, theirs] = [plainRange(trio.ours.version), plainRange(trio.theirs.version)];
  const order = ours === null || theirs === null ? 0 : compareRanges(ours, theirs);
  if (ours === null || theirs === null || order === 0) return null;
  const side = order > 0 ? "ours" : "theirs";
  if (ours.form !== theirs.form) return { side, kind: "both-restyled" };
  const kind = trio.base === undefined ? "both-added" : bothBumped(trio.base, [trio.ours, trio.theirs]);
  const apart = (kind === "both-bumped" || kind === "both-added") && !sameBreaking(ours, theirs);
  return { side, kind: apart ? "both-bumped-across-majors" : kind };
}

function bothBumped(base: Entry, sides: readonly Entry[]): ChangeKind {
  const steps = sides.map((entry) => versionStep(base.version, entry.version));
  if (steps.includes("down")) return "both-downgraded";
  return steps.every((step) => step === "up") ? "both-bumped" : "both-restyled";
}
