// Whether a merged package-lock.json holds together as well as the two it was made of.
import semver from "semver";
import {
  asObject,
  finderFrom,
  isOwn,
  isTooDeep,
  linkTarget,
  readLock,
  wantedBy,
  type JsonObject,
  type Lock,
  type Wanted,
} from "./package-lock-read.ts";

/**
 * True if every installed entry is one side's, to the letter; and the merged lockfile has no fault that neither side has:
 * a dependency that node would not find or that is out of its range, an entry that nothing asks for or that is marked as less than it is, a root that disagrees with itself,
 * or, in version 2, a legacy tree that disagrees with the entries.
 */
export function isConsistentLock(
  merged: string,
  sides: { readonly ours: string; readonly theirs: string },
): boolean {
  const lock = readLock(merged);
  const ours = readLock(sides.ours);
  const theirs = readLock(sides.theirs);
  if (lock === null || ours === null || theirs === null) return false;
  if (ours.root["lockfileVersion"] !== theirs.root["lockfileVersion"]) return false;
  const ofOneSide = Array.from(lock.packages).every(
    ([location, entry]) =>
      isOwn(location) || [ours, theirs].some((side) => sameEntry(entry, side.packages.get(location))),
  );
  if (!ofOneSide) return false;
  const known = new Set([...faultsOf(ours), ...faultsOf(theirs)]);
  return faultsOf(lock).every((fault) => known.has(fault));
}

function sameEntry(one: JsonObject, other: JsonObject | undefined): boolean {
  return other !== undefined && JSON.stringify(one) === JSON.stringify(other);
}

/** One line for each fault, the same for the same fault in another lockfile. */
function faultsOf(lock: Lock): string[] {
  return [
    ...rootFaults(lock),
    ...dependencyFaults(lock),
    ...orphans(lock),
    ...markFaults(lock),
    ...legacyFaults(lock),
  ];
}

function rootFaults(lock: Lock): string[] {
  const root = lock.packages.get("");
  if (root === undefined) return ["no entry for the root"];
  return ["name", "version"].filter((key) => lock.root[key] !== root[key]).map((key) => `root: ${key}`);
}

function dependencyFaults(lock: Lock): string[] {
  return Array.from(lock.packages).flatMap(([location, entry]) => {
    const find = finderFrom(lock, location);
    return wantedBy(location, entry).flatMap((wanted) => {
      const found = find(wanted.name);
      if (found === null)
        return wanted.optional ? [] : [`${location} > ${wanted.name} ${wanted.range}: missing`];
      const version = lock.packages.get(found)?.["version"];
      return satisfies(version, wanted)
        ? []
        : [`${location} > ${wanted.name} ${wanted.range}: ${String(version)}`];
    });
  });
}

/** Tags, URLs, paths and git references say nothing about versions and are taken as met. */
function satisfies(version: unknown, wanted: Wanted): boolean {
  const alias = /^npm:.+@([^@]+)$/.exec(wanted.range)?.[1];
  const range = alias ?? wanted.range;
  if (typeof version !== "string" || semver.validRange(range, { loose: true }) === null) return true;
  return semver.satisfies(version, range, { loose: true });
}

/** The locations that the repository's own packages lead to, themselves included, by the wishes that are followed. */
function reachable(lock: Lock, follow: (wanted: Wanted) => boolean): Set<string> {
  const queue = ["", ...Array.from(lock.packages.keys()).filter(isOwn)];
  const reached = new Set(queue);
  for (let location = queue.pop(); location !== undefined; location = queue.pop()) {
    const entry = lock.packages.get(location);
    const find = finderFrom(lock, location);
    for (const { name } of entry === undefined ? [] : wantedBy(location, entry).filter(follow)) {
      const found = find(name);
      if (found === null || reached.has(found)) continue;
      reached.add(found);
      queue.push(found);
    }
  }
  return reached;
}

function orphans(lock: Lock): string[] {
  const reached = reachable(lock, () => true);
  // A link stands in node_modules without anybody asking for it: npm links every workspace.
  return Array.from(lock.packages).flatMap(([location, entry]) =>
    reached.has(location) || linkTarget(lock, entry) !== null ? [] : [`orphan: ${location}`],
  );
}

/** Entries that an install would leave out although it needs them: `npm ci --omit=dev` trusts these marks. */
function markFaults(lock: Lock): string[] {
  const needed: Readonly<Record<string, ReadonlySet<string>>> = {
    dev: reachable(lock, ({ dev }) => !dev),
    optional: reachable(lock, ({ optional }) => !optional),
    devOptional: reachable(lock, ({ dev, optional }) => !dev && !optional),
  };
  return Array.from(lock.packages).flatMap(([location, entry]) =>
    Object.entries(needed).flatMap(([mark, locations]) =>
      entry[mark] === true && locations.has(location) ? [`${mark}, but needed: ${location}`] : [],
    ),
  );
}

/** Version 2 repeats every entry in a nested tree for npm 6; both must name the same versions. */
function legacyFaults(lock: Lock): string[] {
  if (lock.root["lockfileVersion"] !== 2) return [];
  const legacy = new Map<string, unknown>();
  collect(asObject(lock.root["dependencies"]), "", legacy);
  const installed = Array.from(lock.packages).filter(([location]) => !isOwn(location));
  const faults = installed.flatMap(([location, entry]) =>
    entry["link"] === true || legacy.get(location) === entry["version"] ? [] : [`legacy tree: ${location}`],
  );
  const unknown = Array.from(legacy.keys()).filter((location) => !lock.packages.has(location));
  return [...faults, ...unknown.map((location) => `legacy tree: ${location}`)];
}

/** Stops where no location can be as deep. */
function collect(tree: JsonObject | null, above: string, into: Map<string, unknown>): void {
  if (isTooDeep(above)) return;
  for (const [name, value] of Object.entries(tree ?? {})) {
    const entry = asObject(value);
    const location = `${above}node_modules/${name}`;
    into.set(location, entry?.["version"]);
    collect(asObject(entry?.["dependencies"]), `${location}/`, into);
  }
}
