// go.sum: a sorted set of lines, each the checksum of one version of a module.
import semver from "semver";
import type { Lines, LockSides } from "./lock-text.ts";
import { byCodeUnit, mergeEntries, orderKeys, type Compare } from "./entries.ts";
import { isNamed, type LockFormat, type MergedLock } from "./lock-driver.ts";

/** A module's path, its version, "/go.mod" where only that file is meant, and the checksum; the name of the checksum's kind is part of it. */
const lineForm = /^(\S+ v[^\s/]+(?:\/go\.mod)?) (h\d+:\S+)$/;

/** "module version" to checksum; `null` if a line is no checksum, or a version has two. */
function readSums(lines: Lines): Map<string, string> | null {
  const sums = new Map<string, string>();
  for (const line of lines) {
    const [, key, sum] = lineForm.exec(line) ?? [];
    if (key === undefined || sum === undefined || sums.has(key)) return null;
    sums.set(key, sum);
  }
  return sums;
}

/** As go sorts: by path, then by version, and the whole module before its go.mod alone. */
const byModule: Compare = (one, other) => {
  const [path = "", version = ""] = one.split(" ");
  const [otherPath = "", otherVersion = ""] = other.split(" ");
  return byCodeUnit(path, otherPath) || byVersion(version, otherVersion) || byCodeUnit(version, otherVersion);
};

function byVersion(one: string, other: string): number {
  const [left, right] = [one, other].map((version) => semver.parse(version.replace(/\/go\.mod$/, "")));
  return left && right ? semver.compare(left, right) : 0;
}

function mergeGoSum(sides: LockSides): MergedLock | null {
  const base = readSums(sides.base ?? []);
  const [ours, theirs] = [readSums(sides.ours), readSums(sides.theirs)];
  if (base === null || ours === null || theirs === null) return null;
  // Two checksums for one version: one of them is wrong, and no merge can know which.
  const merged = mergeEntries({ base, ours, theirs }, { same: (a, b) => a === b, choose: () => null });
  const rewritten = [ours, theirs].some((side) =>
    [...side].some(([key, sum]) => (base.get(key) ?? sum) !== sum),
  );
  if (merged === null || rewritten) return null;
  const keys = { base: base.keys(), ours: ours.keys(), theirs: theirs.keys() };
  const order = orderKeys(merged.keys(), keys, [byModule, byCodeUnit]);
  if (order === null) return null;
  const lines = order.map((key) => `${key} ${merged.get(key) ?? ""}`);
  const removedByOne = [...base.keys()].some((key) => ours.has(key) !== theirs.has(key));
  if (removedByOne) return { lines, kind: "one-removes" };
  return { lines, kind: haveRivals([ours, theirs], base) ? "several-versions" : "union" };
}

/** Whether both sides add whole modules of one path in different versions: go will use only one of them. */
function haveRivals(
  sides: readonly ReadonlyMap<string, string>[],
  base: ReadonlyMap<string, string>,
): boolean {
  const [own, other] = sides.map(
    (sums) =>
      new Map(
        [...sums.keys()].filter((key) => !base.has(key) && !key.endsWith("/go.mod")).map(pathAndVersion),
      ),
  );
  return [...(own ?? [])].some(([path, version]) => (other?.get(path) ?? version) !== version);
}

function pathAndVersion(key: string): [path: string, version: string] {
  const [path = "", version = ""] = key.split(" ");
  return [path, version];
}

export const goSum: LockFormat = {
  name: "go-sum",
  tool: "go",
  matches: (path) => isNamed(path, "go.sum"),
  merge: mergeGoSum,
};
