// pnpm-lock.yaml: importers and packages merged entry by entry, then everything followed from the importers.
import type { Sides } from "../json/merge.ts";
import { byCodeUnit, byLanguage, mergeEntries, orderKeys, type Chosen, type Trio } from "./entries.ts";
import { higherSide } from "./higher.ts";
import { isNamed, type LockFormat, type MergedLock } from "./lock-driver.ts";
import { sameLines, type LockSides } from "./lock-text.ts";
import { faultsOf, keysOf, unreached } from "./pnpm-graph.ts";
import { readPnpmLock, valueOf, writePnpmLock, type PnpmNode, type PnpmTree } from "./pnpm-read.ts";

function mergePnpmLock(sides: LockSides): MergedLock | null {
  const base = sides.base === undefined ? new Map<string, PnpmNode>() : readPnpmLock(sides.base);
  const [ours, theirs] = [readPnpmLock(sides.ours), readPnpmLock(sides.theirs)];
  if (base === null || ours === null || theirs === null) return null;
  if (!sameMetadata(ours, theirs)) return null;
  const choices: unknown[] = [];
  const choose = (trio: Trio<PnpmNode>): Chosen<PnpmNode> => {
    const side = higherDependency(trio);
    choices.push(side);
    return side && { value: trio[side] };
  };
  const merged = mergeTrees({ base, ours, theirs }, choose);
  const used = merged && withoutOrphans(merged, [ours, theirs], choices.length > 0);
  if (used === null) return null;
  const known = new Set([...faultsOf(ours), ...faultsOf(theirs)]);
  if (faultsOf(used).some((fault) => !known.has(fault))) return null;
  const lines = writePnpmLock(used);
  if (readPnpmLock(lines) === null) return null;
  return { lines, kind: choices.length > 0 ? "higher-version" : "disjoint-entries" };
}

/** What is installed; all else says how, and may not differ. */
const content: ReadonlySet<string> = new Set([
  "importers",
  "specifiers",
  "dependencies",
  "devDependencies",
  "optionalDependencies",
  "packages",
  "snapshots",
  "catalogs",
  "time",
]);

function sameMetadata(ours: PnpmTree, theirs: PnpmTree): boolean {
  const metadata = (tree: PnpmTree) => writePnpmLock(new Map([...tree].filter(([key]) => !content.has(key))));
  return sameLines(metadata(ours), metadata(theirs));
}

function mergeTrees(
  sides: Sides<PnpmTree>,
  choose: (trio: Trio<PnpmNode>) => Chosen<PnpmNode>,
): PnpmTree | null {
  const merged = mergeEntries(sides, { same: sameNode, choose: (_, trio) => mergeNodes(trio, choose) });
  const { base, ours, theirs } = sides;
  const keys = { base: base.keys(), ours: ours.keys(), theirs: theirs.keys() };
  const order = merged && orderKeys(merged.keys(), keys, [byCodeUnit, byLanguage]);
  if (merged === null || order === null) return null;
  return new Map(
    order.flatMap((key) => {
      const node = merged.get(key);
      return node === undefined ? [] : [[key, node] as const];
    }),
  );
}

function sameNode(one: PnpmNode, other: PnpmNode): boolean {
  if (one === other) return true;
  return (
    one.head === other.head &&
    sameLines(one.lines, other.lines) &&
    one.children.size === other.children.size &&
    [...one.children].every(([key, child]) => {
      const twin = other.children.get(key);
      return twin !== undefined && sameNode(child, twin);
    })
  );
}

/** Both sides changed what stands under a key: key by key below it, or the higher version of one dependency. */
function mergeNodes(
  trio: Trio<PnpmNode>,
  choose: (trio: Trio<PnpmNode>) => Chosen<PnpmNode>,
): Chosen<PnpmNode> {
  const { base, ours, theirs } = trio;
  if (ours === undefined || theirs === undefined) return null;
  if (ours.children.size === 0 || theirs.children.size === 0) return choose(trio);
  const none: PnpmTree = new Map();
  const sides = { base: base?.children ?? none, ours: ours.children, theirs: theirs.children };
  const children = mergeTrees(sides, choose);
  if (children === null || ours.head !== theirs.head || ours.opened !== theirs.opened) return null;
  if (children.size === 0) return { value: undefined };
  return { value: { ...ours, spaced: ours.spaced || theirs.spaced, children } };
}

/** Of an importer's dependency, specifier and version from the side that has the higher version. */
function higherDependency({ base, ours, theirs }: Trio<PnpmNode>): "ours" | "theirs" | null {
  const version = (node: PnpmNode | undefined): string | undefined => {
    const line = node?.lines.find((one) => one.trimStart().startsWith("version: "));
    return line === undefined ? undefined : valueOf(line).replace(/\(.*$/, "");
  };
  return higherSide({ base: version(base), ours: version(ours), theirs: version(theirs) });
}

/** What no importer leads to goes only where a version that led to it was passed over; else nobody can tell why it is there. */
function withoutOrphans(merged: PnpmTree, sides: readonly PnpmTree[], chose: boolean): PnpmTree | null {
  const known = new Set(sides.flatMap((side) => [...unreached(side)]));
  const orphans = new Set([...unreached(merged)].filter((key) => !known.has(key)));
  if (orphans.size === 0) return merged;
  if (!chose) return null;
  return new Map(
    [...merged].map(([name, section]) => {
      if (!keysOf.has(name)) return [name, section];
      const children = new Map([...section.children].filter(([key]) => !orphans.has(`${name} ${key}`)));
      return [name, { ...section, children }];
    }),
  );
}

export const pnpm: LockFormat = {
  name: "pnpm",
  tool: "pnpm",
  matches: (path) => isNamed(path, "pnpm-lock.yaml"),
  merge: mergePnpmLock,
};
