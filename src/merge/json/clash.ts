// What becomes of a key to which the two sides did different things.
import type { JsonItem } from "./items.ts";
import type { Change, ChangeKind, Container, MergedKey, Pair, Trio } from "./merge.ts";
import { compareRanges, plainRange, sameBreaking, versionStep, type PlainRange } from "./version.ts";

type Named = (kind: ChangeKind) => Change;

/** `null` where no rule says which side is right. */
export function settleClash(trio: Trio, change: Named, container: Container): MergedKey | null {
  const isManifest = container.file === "package-json";
  const { ours, theirs } = trio;
  if (ours === undefined || theirs === undefined) return isManifest ? removal(trio, change) : null;
  if (!areLeaves(trio)) return null;
  const sourced = isManifest ? mergeSources(trio, change) : null;
  // A lockfile copies its ranges from manifests elsewhere: their form is nobody's choice here.
  return sourced ?? mergeVersions(trio, change, container.file === "package-lock");
}

/** What one side removed from a manifest stays away, though the other changed it: most often that only bumped what is no longer needed. */
function removal(trio: Trio, change: Named): MergedKey {
  const bumped = [trio.base, trio.ours ?? trio.theirs].every(
    (item) => isLeaf(item) && plainRange(item.head.value) !== null,
  );
  return { item: undefined, changes: [change(bumped ? "removed-bumped" : "removed-changed")] };
}

/** A dependency that is taken from a place other than the registry. A git URL is not: it may stand in for a release that is still to come. */
const SOURCE = /^"(?:file|link|portal|workspace|npm):/;

/** One side takes a dependency from another place, the other only bumped it: the place is the larger change, and has its own version. */
function mergeSources(pair: Pair, change: Named): MergedKey | null {
  const sides = [pair.ours, pair.theirs];
  const [moved, ...more] = sides.filter((item) => SOURCE.test(item.head.value));
  const bumped = sides.filter((item) => plainRange(item.head.value) !== null);
  const wasPlain = pair.base !== undefined && plainRange(pair.base.head.value) !== null;
  if (moved === undefined || more.length > 0 || bumped.length !== 1 || !wasPlain) return null;
  return taken(moved, pair, change("both-sourced"));
}

/** Both sides wrote another version: the higher wins, with that side's text; of equal ones the side that changed the form of range has it. */
function mergeVersions(pair: Pair, change: Named, anyForm: boolean): MergedKey | null {
  const ours = plainRange(pair.ours.head.value);
  const theirs = plainRange(pair.theirs.head.value);
  if (ours === null || theirs === null) return null;
  const order = compareRanges(ours, theirs);
  if (order === 0) return mergeForms(pair, { ours, theirs }, change);
  const kind = ours.form === theirs.form ? bothBumped(pair, anyForm) : "both-restyled";
  const apart = (kind === "both-bumped" || kind === "both-added") && !sameBreaking(ours, theirs);
  const higher = order > 0 ? pair.ours : pair.theirs;
  return taken(higher, pair, change(apart ? "both-bumped-across-majors" : kind));
}

interface Ranges {
  readonly ours: PlainRange;
  readonly theirs: PlainRange;
}

function mergeForms(pair: Pair, { ours, theirs }: Ranges, change: Named): MergedKey | null {
  const base = pair.base === undefined ? null : plainRange(pair.base.head.value);
  const isSame = ours.version.raw === theirs.version.raw && ours.form !== theirs.form;
  if (base === null || !isSame || (ours.form !== base.form && theirs.form !== base.form)) return null;
  return taken(ours.form === base.form ? pair.theirs : pair.ours, pair, change("both-restyled"));
}

function bothBumped(pair: Pair, anyForm: boolean): ChangeKind {
  const before = pair.base?.head.value;
  if (before === undefined) return "both-added";
  const steps = [pair.ours, pair.theirs].map((item) => versionStep(before, item.head.value, anyForm));
  if (steps.includes("down")) return "both-downgraded";
  return steps.every((step) => step === "up") ? "both-bumped" : "both-restyled";
}

/** The item of one side, with the comments of both; `null` where those differ. */
function taken(item: JsonItem, pair: Pair, change: Change): MergedKey | null {
  const lead = pick(pair.base?.lead, pair.ours.lead, pair.theirs.lead);
  if (lead === null || pair.ours.head.tail !== pair.theirs.head.tail) return null;
  return { item: { ...item, lead }, changes: [change] };
}

function areLeaves(trio: Trio): trio is Pair {
  return isLeaf(trio.ours) && isLeaf(trio.theirs) && (trio.base === undefined || isLeaf(trio.base));
}

/** An item of one line. */
export function isLeaf(item: JsonItem | undefined): item is JsonItem {
  return item?.close === null;
}

/** Three-way merge of a run of trivia lines; `null` where both sides changed it differently. */
export function pick(
  base: readonly string[] | undefined,
  ours: readonly string[],
  theirs: readonly string[],
): readonly string[] | null {
  const text = (lines: readonly string[] | undefined): string | undefined => lines?.join("\n");
  if (text(ours) === text(theirs) || text(theirs) === text(base)) return ours;
  return text(ours) === text(base) ? theirs : null;
}
