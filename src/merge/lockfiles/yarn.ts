// yarn.lock: descriptors and resolutions merged one by one, then every dependency followed.
import type { Sides } from "../json/merge.ts";
import { mergeEntries, type Chosen, type Trio } from "./entries.ts";
import { higherSide } from "./higher.ts";
import { isNamed, type LockFormat, type LockMergeKind, type MergedLock } from "./lock-driver.ts";
import { sameLines, type Lines, type LockSides } from "./lock-text.ts";
import { completed, isWorkspace, withoutOrphans } from "./yarn-graph.ts";
import { withoutRivals } from "./yarn-manifest.ts";
import { readYarnLock, resolvedVersion, writeYarnLock, type YarnLock } from "./yarn-read.ts";
import { mergeWorkspace } from "./yarn-workspace.ts";

function mergeYarnLock(sides: LockSides): MergedLock | null {
  const [ours, theirs] = [readYarnLock(sides.ours), readYarnLock(sides.theirs)];
  if (ours === null || theirs === null) return null;
  if (!sameLines(ours.head, theirs.head)) return null;
  const base = sides.base === undefined ? { ...ours, ...nothing } : readYarnLock(sides.base);
  if (base?.dialect !== ours.dialect) return null;
  const choices = new Set<string>();
  const merged = mergeWhole({ base, ours, theirs }, choices);
  if (merged === null) return null;
  const lines = writeYarnLock(merged);
  // What cannot be read back would not be a lockfile.
  if (readYarnLock(lines) === null) return null;
  return { lines, kind: choices.size > 0 ? "higher-version" : kindOf(merged, [ours, theirs]) };
}

const nothing: Pick<YarnLock, "descriptors" | "bodies"> = { descriptors: new Map(), bodies: new Map() };

function kindOf({ descriptors, bodies }: YarnLock, sides: readonly YarnLock[]): LockMergeKind {
  const isOneSides = (resolution: string) =>
    sides.some((side) => sameLines(bodies.get(resolution), side.bodies.get(resolution)));
  return [...descriptors.values()].every(isOneSides) ? "disjoint-entries" : "edited-entries";
}

function mergeWhole(sides: Sides<YarnLock>, choices: Set<string>): YarnLock | null {
  const merged = mergeLocks(sides, choices);
  const settled = merged && withoutRivals(merged, sides, choices);
  const whole = settled && completed(settled, sides);
  return whole && withoutOrphans(whole, sides, choices.size > 0);
}

/** Entries of all sides merged; `choices` gets what both sides resolved, to different versions. */
function mergeLocks(sides: Sides<YarnLock>, choices: Set<string>): YarnLock | null {
  const { base, ours, theirs } = sides;
  const resolved = { base: base.descriptors, ours: ours.descriptors, theirs: theirs.descriptors };
  const descriptors = mergeEntries(resolved, {
    same: (one, other) => one === other,
    choose: (key, trio) => higherResolution(key, trio, sides, choices),
  });
  const texts = { base: base.bodies, ours: ours.bodies, theirs: theirs.bodies };
  const bodies = mergeEntries(texts, {
    same: sameLines,
    choose: (key, trio) => mergeBody(key, trio, choices),
  });
  if (descriptors === null || bodies === null) return null;
  // A body that one side removed may be what a descriptor of the other side is resolved to.
  for (const resolution of descriptors.values()) {
    const body = bodies.get(resolution) ?? ours.bodies.get(resolution) ?? theirs.bodies.get(resolution);
    if (body !== undefined) bodies.set(resolution, body);
  }
  return { ...ours, descriptors, bodies };
}

function higherResolution(
  descriptor: string,
  trio: Trio<string>,
  { base, ours, theirs }: Sides<YarnLock>,
  choices: Set<string>,
): Chosen<string> {
  if (trio.ours === undefined || trio.theirs === undefined) return null;
  const side = higherSide({
    base: resolvedVersion(base, descriptor),
    ours: resolvedVersion(ours, descriptor),
    theirs: resolvedVersion(theirs, descriptor),
  });
  choices.add(descriptor);
  return side === null ? null : { value: trio[side] };
}

/** Only the repository's own workspaces have bodies that both sides edit. */
function mergeBody(resolution: string, trio: Trio<Lines>, choices: Set<string>): Chosen<Lines> {
  const { base, ours, theirs } = trio;
  if (ours === undefined || theirs === undefined) return { value: undefined };
  if (!isWorkspace(resolution)) return null;
  const merged = mergeWorkspace({ base: base ?? [], ours, theirs });
  if (merged?.chose === true) choices.add(resolution);
  return merged && { value: merged.lines };
}

export const yarn: LockFormat = {
  name: "yarn",
  tool: "yarn",
  matches: (path) => isNamed(path, "yarn.lock"),
  merge: mergeYarnLock,
};
