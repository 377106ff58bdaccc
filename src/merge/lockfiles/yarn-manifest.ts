// What the manifests ask for, as far as a yarn 1 lockfile tells: ranges that both sides changed.
import type { Sides } from "../json/merge.ts";
import { higherSide } from "./higher.ts";
import { sameLines } from "./lock-text.ts";
import { unasked } from "./yarn-graph.ts";
import { nameOf, resolvedVersion, type YarnLock } from "./yarn-read.ts";

/**
 * Both sides gave a manifest's dependency a new range: the one that is resolved to the higher version stays. `null` where that cannot be told, or where
 * several manifests may be meant. Later yarns name their workspaces: there the ranges themselves are merged.
 */
export function withoutRivals(
  merged: YarnLock,
  sides: Sides<YarnLock>,
  choices: Set<string>,
): YarnLock | null {
  if (merged.dialect.name === "berry") return merged;
  const descriptors = new Map(merged.descriptors);
  const replaced = byName([...unasked(sides.base)]);
  const [ours, theirs] = [freshIn(sides.ours, sides.base), freshIn(sides.theirs, sides.base)];
  for (const [name, own] of ours) {
    const other = theirs.get(name);
    if (other === undefined || sameLines(own, other)) continue;
    const passed = lowerOf({ base: replaced.get(name) ?? [], ours: own, theirs: other }, sides, descriptors);
    if (passed === null) return null;
    descriptors.delete(passed);
    choices.add(name);
  }
  return { ...merged, descriptors };
}

type Descriptors = readonly string[];

/** Of one descriptor a side, in place of at most one that both took away, the one that is resolved to the lower version. */
function lowerOf(
  { base, ours, theirs }: Sides<Descriptors>,
  locks: Sides<YarnLock>,
  merged: ReadonlyMap<string, string>,
): string | null {
  const [[before], [own, ...mine], [other, ...rest]] = [base, ours, theirs];
  if (own === undefined || other === undefined || base.length + mine.length + rest.length > 1) return null;
  if (mine.length + rest.length > 0 || base.some((descriptor) => merged.has(descriptor))) return null;
  const side = higherSide({
    base: before === undefined ? undefined : resolvedVersion(locks.base, before),
    ours: resolvedVersion(locks.ours, own),
    theirs: resolvedVersion(locks.theirs, other),
  });
  if (side === null) return null;
  return side === "ours" ? other : own;
}

/** Name to the descriptors that the base lacks and only a manifest can have asked for. */
function freshIn(lock: YarnLock, base: YarnLock): Map<string, Descriptors> {
  return byName([...unasked(lock)].filter((descriptor) => !base.descriptors.has(descriptor)));
}

function byName(descriptors: Descriptors): Map<string, Descriptors> {
  const names = new Map<string, string[]>();
  for (const one of descriptors) {
    const others = names.get(nameOf(one));
    if (others === undefined) names.set(nameOf(one), [one]);
    else others.push(one);
  }
  return names;
}
