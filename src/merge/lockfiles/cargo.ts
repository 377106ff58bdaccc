// Cargo.lock: packages merged one by one, then the graph made whole again and checked.
import semver from "semver";
import type { Sides } from "../json/merge.ts";
import { readCargoLock, writeCargoLock, type CargoLock, type CargoPackage } from "./cargo-read.ts";
import { mergeEntries, type Chosen, type Trio } from "./entries.ts";
import { higherSide, released } from "./higher.ts";
import { isNamed, type LockFormat, type LockMergeKind, type MergedLock } from "./lock-driver.ts";
import { sameLines, threeWayLines, type LockSides } from "./lock-text.ts";
import { reachable } from "./reach.ts";

type Packages = ReadonlyMap<string, CargoPackage>;
type Replaced = ReadonlyMap<string, string>;

const none: CargoLock = { head: [], packages: new Map(), rest: [] };

function mergeCargoLock(sides: LockSides): MergedLock | null {
  const base = sides.base === undefined ? none : readCargoLock(sides.base);
  const [ours, theirs] = [readCargoLock(sides.ours), readCargoLock(sides.theirs)];
  if (base === null || ours === null || theirs === null) return null;
  if (!sameLines(ours.head, theirs.head) || !sameLines(ours.rest.flat(), theirs.rest.flat())) return null;
  const merged = mergePackages({ base: base.packages, ours: ours.packages, theirs: theirs.packages });
  const lines = merged && writeCargoLock({ ...ours, packages: merged.packages });
  // What cannot be read back would not be a lockfile.
  return lines !== null && readCargoLock(lines) !== null
    ? { lines, kind: merged?.kind ?? "disjoint-entries" }
    : null;
}

function mergePackages(sides: Sides<Packages>): { packages: Packages; kind: LockMergeKind } | null {
  const choices = new Set<string>();
  const choose = (name: string, trio: Trio<CargoPackage>) => mergePackage(name, trio, choices);
  const entries = mergeEntries(sides, { same, choose });
  const replaced = entries && higherVersions(entries, sides);
  if (entries === null || replaced === null) return null;
  const chose = choices.size + replaced.size > 0;
  const whole = completed(entries, replaced, sides);
  const packages = whole && withoutOrphans(whole, sides, chose);
  if (packages === null || !isBounded(packages, sides)) return null;
  const edited = [...packages].some(([key, one]) =>
    isEdited(one, sides.ours.get(key), sides.theirs.get(key)),
  );
  return { packages, kind: chose ? "higher-version" : edited ? "edited-entries" : "disjoint-entries" };
}

function same(one: CargoPackage, other: CargoPackage): boolean {
  return sameLines(one.fields, other.fields) && sameLines(one.dependencies, other.dependencies);
}

function isEdited(
  one: CargoPackage,
  ours: CargoPackage | undefined,
  theirs: CargoPackage | undefined,
): boolean {
  return ![ours, theirs].some((side) => side !== undefined && same(one, side));
}

/**
 * Both sides changed it: its fields as a whole, its dependencies as a set. Of a package of the repository itself both may have raised its version, or that of
 * a dependency beyond what is compatible: the higher is taken, and `choices` gets its name. What one side removed and the other changed stays unsettled.
 */
function mergePackage(name: string, trio: Trio<CargoPackage>, choices: Set<string>): Chosen<CargoPackage> {
  const { ours, theirs } = trio;
  if (ours === undefined || theirs === undefined) return mergeRemoved(trio.base, ours ?? theirs);
  const from = fieldsFrom(trio) ?? higherOwn(trio);
  if (from === null) return null;
  if (fieldsFrom(trio) === null) choices.add(name);
  const dependencies = mergeDependencies(trio);
  const isOwn = ours.source === "";
  return {
    value: { ...from, dependencies: isOwn ? withoutLower(dependencies, trio, choices) : dependencies },
  };
}

/** The side whose fields are taken whole. */
function fieldsFrom({ base, ours, theirs }: Trio<CargoPackage>): CargoPackage | null {
  const fields = threeWayLines({ base: base?.fields, ours: ours?.fields, theirs: theirs?.fields });
  if (fields === null || fields === undefined) return null;
  return [ours, theirs].find((side) => sameLines(fields, side?.fields)) ?? null;
}

/** The side that gave a package of the repository itself the higher version, where it has no more than a name and a version. */
function higherOwn({ base, ours, theirs }: Trio<CargoPackage>): CargoPackage | null {
  if (ours?.source !== "" || ours.fields.length !== 2 || theirs?.fields.length !== 2) return null;
  const side = higherSide({ base: base?.version, ours: ours.version, theirs: theirs.version });
  return side === null ? null : { ours, theirs }[side];
}

function mergeDependencies({ base, ours, theirs }: Trio<CargoPackage>): string[] {
  const before = new Set(base?.dependencies);
  const [own, other] = [new Set(ours?.dependencies), new Set(theirs?.dependencies)];
  return [...new Set([...own, ...other])].filter(
    (one) => !before.has(one) || (own.has(one) && other.has(one)),
  );
}

/** Where each side leads a name to one other package of the same source, the lower version goes. */
function withoutLower(
  dependencies: readonly string[],
  { base, ours, theirs }: Trio<CargoPackage>,
  choices: Set<string>,
): string[] {
  const lower = new Set<string>();
  const [old, mine, rest] = [base, ours, theirs].map(singles);
  for (const name of new Set(dependencies.map(nameOf))) {
    const [before, own, other] = [old?.get(name), mine?.get(name), rest?.get(name)];
    if (own === other || own === before || other === before) continue;
    const side = higherOf({ base: before, ours: own, theirs: other });
    const passed = side === "ours" ? other : own;
    if (side === null || passed === undefined) continue;
    lower.add(passed);
    choices.add(name);
  }
  return dependencies.filter((identity) => !lower.has(identity));
}

/** Of three identities of one name, as far as they are of one source. */
function higherOf({ base, ours, theirs }: Trio<string>): "ours" | "theirs" | null {
  const sources = new Set([base ?? ours, ours, theirs].map((identity) => identity?.split(" ")[2]));
  if (sources.size !== 1) return null;
  return higherSide({ base: versionOf(base), ours: versionOf(ours), theirs: versionOf(theirs) });
}

/** Name to identity, for names that a package depends on in one version only; several are `undefined`. */
function singles(one: CargoPackage | undefined): Map<string, string | undefined> {
  const named = new Map<string, string | undefined>();
  for (const identity of one?.dependencies ?? []) {
    named.set(nameOf(identity), named.has(nameOf(identity)) ? undefined : identity);
  }
  return named;
}

function nameOf(identity: string): string {
  return identity.split(" ")[0] ?? "";
}

function versionOf(identity: string | undefined): string | undefined {
  return identity?.split(" ")[1];
}

/** Removed by one side; the other may have followed new versions of its dependencies, no more. */
function mergeRemoved(base: CargoPackage | undefined, left: CargoPackage | undefined): Chosen<CargoPackage> {
  if (base === undefined || left === undefined || base.source === "") return null;
  const names = (one: CargoPackage) => one.dependencies.map(nameOf);
  const untouched = sameLines(base.fields, left.fields) && sameLines(names(base), names(left));
  return untouched ? { value: undefined } : null;
}

/** Versions that one requirement can mean: cargo never locks two of them. `null` where that cannot be told. */
function compatibleKey({ name, version, source }: CargoPackage): string | null {
  const parsed = released(version);
  if (parsed === null || source === "") return null;
  const { major, minor, patch } = parsed;
  const range = major > 0 ? `${major}` : minor > 0 ? `0.${minor}` : `0.0.${patch}`;
  return `${name} ${range} ${source}`;
}

/** The identity of each version by what it is compatible with; `null` where a lockfile has two of those. */
function compatible(packages: Packages): Map<string, string> | null {
  const known = new Map<string, string>();
  for (const [identity, one] of packages) {
    const key = compatibleKey(one);
    if (key === null) continue;
    if (known.has(key)) return null;
    known.set(key, identity);
  }
  return known;
}

/** Takes the lower of two compatible versions out of `merged`, and says what stands in its place. */
function higherVersions(merged: Map<string, CargoPackage>, sides: Sides<Packages>): Replaced | null {
  const base = compatible(sides.base);
  const [ours, theirs] = [compatible(sides.ours), compatible(sides.theirs)];
  if (base === null || ours === null || theirs === null) return null;
  const replaced = new Map<string, string>();
  for (const [key, own] of ours) {
    const other = theirs.get(key);
    if (other === undefined || other === own || !merged.has(own) || !merged.has(other)) continue;
    const side = higherSide({
      base: versionOf(base.get(key)),
      ours: versionOf(own),
      theirs: versionOf(other),
    });
    if (side === null) return null;
    const [high, low] = side === "ours" ? [own, other] : [other, own];
    merged.delete(low);
    replaced.set(low, high);
  }
  return replaced;
}

/** Leads every dependency to a package that is there: the compatible higher version, or the one that only the other side removed. */
function completed(
  merged: ReadonlyMap<string, CargoPackage>,
  replaced: Replaced,
  sides: Sides<Packages>,
): Map<string, CargoPackage> | null {
  const whole = new Map(merged);
  const known = compatible(merged);
  if (known === null) return null;
  // A map that grows while it is gone through hands out what was added too.
  for (const [key, one] of whole) {
    const dependencies: string[] = [];
    for (const wanted of one.dependencies) {
      const found = find(wanted, whole, { replaced, known, sides });
      if (found === null) return null;
      dependencies.push(found);
    }
    whole.set(key, { ...one, dependencies: [...new Set(dependencies)] });
  }
  return whole;
}

interface Search {
  readonly replaced: Replaced;
  readonly known: Map<string, string>;
  readonly sides: Sides<Packages>;
}

function find(
  wanted: string,
  whole: Map<string, CargoPackage>,
  { replaced, known, sides }: Search,
): string | null {
  const instead = replaced.get(wanted) ?? wanted;
  if (whole.has(instead)) return instead;
  const missing = sides.ours.get(wanted) ?? sides.theirs.get(wanted);
  const key = missing === undefined ? null : compatibleKey(missing);
  if (missing === undefined || key === null) return null;
  const locked = known.get(key);
  if (locked !== undefined) {
    return semver.gt(versionOf(locked) ?? "", missing.version) ? locked : null;
  }
  whole.set(wanted, missing);
  known.set(key, wanted);
  return wanted;
}

function orphansOf(packages: Packages): string[] {
  const roots = [...packages].flatMap(([identity, { source }]) => (source === "" ? [identity] : []));
  const used = reachable(roots, (identity) => packages.get(identity)?.dependencies ?? []);
  return [...packages.keys()].filter((identity) => !used.has(identity));
}

/** What nothing asks for any more goes only where a version that asked for it was passed over; else nobody can tell why it is there. */
function withoutOrphans(packages: Packages, sides: Sides<Packages>, mayDrop: boolean): Packages | null {
  const known = new Set([...orphansOf(sides.ours), ...orphansOf(sides.theirs)]);
  const orphans = new Set(orphansOf(packages).filter((identity) => !known.has(identity)));
  if (orphans.size > 0 && !mayDrop) return null;
  return new Map([...packages].filter(([identity]) => !orphans.has(identity)));
}

/** Whether no package depends on more versions of one name than on a side: two in place of one are both sides' choice of it. */
function isBounded(packages: Packages, { ours, theirs }: Sides<Packages>): boolean {
  return [...packages].every(([identity, one]) => {
    const [own, other] = [countNames(ours.get(identity)), countNames(theirs.get(identity))];
    return [...countNames(one)].every(
      ([name, count]) => count <= Math.max(own.get(name) ?? 0, other.get(name) ?? 0),
    );
  });
}

function countNames(one: CargoPackage | undefined): Map<string, number> {
  const counts = new Map<string, number>();
  for (const identity of one?.dependencies ?? []) {
    const name = nameOf(identity);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

export const cargo: LockFormat = {
  name: "cargo",
  tool: "cargo",
  matches: (path) => isNamed(path, "Cargo.lock"),
  merge: mergeCargoLock,
};
