// What the entries of a yarn.lock ask for, what of it is not there, and what nothing asks for.
import type { Sides } from "../json/merge.ts";
import type { Lines } from "./lock-text.ts";
import { reachable } from "./reach.ts";
import { dependenciesOf, type Dependency, type YarnLock } from "./yarn-read.ts";

/** Whether a resolution is one of the repository's own packages. */
export function isWorkspace(resolution: string): boolean {
  return resolution.includes("@workspace:");
}

/** Each dependency of a resolution: the descriptor it is found under, or the name and range that are missing. */
function followed(lock: YarnLock, resolution: string): { found: string[]; missing: Dependency[] } {
  const found: string[] = [];
  const missing: Dependency[] = [];
  for (const dependency of dependenciesOf(lock.bodies.get(resolution) ?? [], lock.dialect)) {
    const descriptor = find(lock, dependency);
    if (descriptor === undefined) missing.push(dependency);
    else found.push(descriptor);
  }
  return { found, missing };
}

function find({ dialect, descriptors }: YarnLock, { name, range }: Dependency): string | undefined {
  return dialect.found(name, range).find((one) => descriptors.has(one));
}

/** Puts back what only one side removed and the other's additions need; `null` where something is missing that no side lacks. */
export function completed(merged: YarnLock, { ours, theirs }: Sides<YarnLock>): YarnLock | null {
  const descriptors = new Map(merged.descriptors);
  const bodies = new Map(merged.bodies);
  const whole = { ...merged, descriptors, bodies };
  const known = new Set([...missingOf(ours), ...missingOf(theirs)]);
  const used = new Set(descriptors.values());
  // A set that grows while it is gone through hands out what was added too.
  for (const resolution of used) {
    for (const wanted of followed(whole, resolution).missing) {
      const back = entryFor(ours, wanted) ?? entryFor(theirs, wanted);
      if (back === null && !known.has(fault(resolution, wanted))) return null;
      if (back === null) continue;
      descriptors.set(back.descriptor, back.resolution);
      if (!used.has(back.resolution)) bodies.set(back.resolution, back.body);
      used.add(back.resolution);
    }
  }
  return whole;
}

interface Entry {
  readonly descriptor: string;
  readonly resolution: string;
  readonly body: Lines;
}

function entryFor(lock: YarnLock, wanted: Dependency): Entry | null {
  const descriptor = find(lock, wanted);
  const resolution = lock.descriptors.get(descriptor ?? "");
  const body = lock.bodies.get(resolution ?? "");
  if (descriptor === undefined || resolution === undefined || body === undefined) return null;
  return { descriptor, resolution, body };
}

function missingOf(lock: YarnLock): string[] {
  return [...lock.bodies.keys()].flatMap((resolution) =>
    followed(lock, resolution).missing.map((wanted) => fault(resolution, wanted)),
  );
}

function fault(resolution: string, { name, range }: Dependency): string {
  return `${resolution} > ${name}@${range}`;
}

/** Descriptors that no entry asks for: what the manifests ask for, as far as the lockfile says so. */
export function unasked(lock: YarnLock): Set<string> {
  const asked = new Set([...lock.bodies.keys()].flatMap((resolution) => followed(lock, resolution).found));
  return new Set([...lock.descriptors.keys()].filter((descriptor) => !asked.has(descriptor)));
}

function reachedFrom(lock: YarnLock, roots: Iterable<string>): Set<string> {
  return reachable(roots, (descriptor) => followed(lock, lock.descriptors.get(descriptor) ?? "").found);
}

/**
 * What nothing asks for any more goes only where that is certain: later yarns name their workspaces, and a version that asked for it was passed over.
 * `null` where nobody can tell.
 */
export function withoutOrphans(
  merged: YarnLock,
  { ours, theirs }: Sides<YarnLock>,
  chose: boolean,
): YarnLock | null {
  const sides = [ours, theirs].map((lock) => ({ lock, roots: unasked(lock) }));
  const known = new Set(
    sides.flatMap(({ lock, roots }) => {
      const reached = reachedFrom(lock, roots);
      return [...lock.descriptors.keys()].filter((descriptor) => !reached.has(descriptor));
    }),
  );
  const isRoot = (descriptor: string) =>
    isWorkspace(merged.descriptors.get(descriptor) ?? "") || sides.some(({ roots }) => roots.has(descriptor));
  const reached = reachedFrom(merged, [...merged.descriptors.keys()].filter(isRoot));
  const orphans = [...merged.descriptors.keys()].filter((one) => !reached.has(one) && !known.has(one));
  if (orphans.length === 0) return merged;
  if (merged.dialect.name === "classic" || !chose) return null;
  const gone = new Set(orphans);
  return { ...merged, descriptors: new Map([...merged.descriptors].filter(([one]) => !gone.has(one))) };
}
