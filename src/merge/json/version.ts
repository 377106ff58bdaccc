// Versions and version ranges as manifests write them: which of two is higher, and whether one is a bump of the other.
import semver from "semver";

/** A range of one plain comparator: `1.2.3`, `^1.2.3`, `~1.2`, `>=1`. Ranges of several, tags, aliases and URLs are no such thing. */
export interface PlainRange {
  /** The operator in front: "", "^", "~", ">=", "=", and Python's "==" and "~=". */
  readonly form: string;
  /** The lowest version in the range. */
  readonly version: semver.SemVer;
}

/** A quoted string with an operator or at least one dot: `"8080"` and `2.0` are numbers of something else. */
const PLAIN =
  /^["'](?=\D|\d+\.)(\^|~|>=|==|~=|=|)\s*(v?\d{1,9}(?:\.\d{1,12}){0,2}(?:-[0-9A-Za-z.-]{1,80})?(?:\+[0-9A-Za-z.-]{1,80})?)["']$/;

/** `value` is the raw text of a value, quotes and all; `null` if it is not a plain range. */
export function plainRange(value: string): PlainRange | null {
  const [, form, text] = PLAIN.exec(value) ?? [];
  const version = text === undefined ? null : lowest(text);
  return version === null || form === undefined ? null : { form, version };
}

function lowest(version: string): semver.SemVer | null {
  try {
    return semver.minVersion(version);
  } catch {
    return null;
  }
}

/** The order in which pre-releases of one version come out; of any other words nobody knows. */
const STAGES = ["alpha", "beta", "rc"];

/** Whether the order of two pre-releases says which is newer: `rc.9` and `rc.10` do, `rc9` and `rc10`, hashes and dates behind hashes do not. */
function areOrdered(one: semver.SemVer, other: semver.SemVer): boolean {
  if (one.compareMain(other) !== 0 || one.prerelease.length === 0 || other.prerelease.length === 0)
    return true;
  const at = one.prerelease.findIndex((part, index) => part !== other.prerelease[index]);
  const parts = at === -1 ? [] : [one.prerelease[at], other.prerelease[at]];
  return (
    parts.every((part) => part === undefined || typeof part === "number") ||
    parts.every((part) => typeof part === "string" && STAGES.includes(part))
  );
}

/** Negative or positive as `one` is lower or higher than `other`; zero where they are equal or nobody can tell. */
export function compareRanges(one: PlainRange, other: PlainRange): number {
  return areOrdered(one.version, other.version) ? semver.compare(one.version, other.version) : 0;
}

/** Whether two versions promise to be compatible: the same major; below 1.0 the same minor, below 0.1 the same patch, as `^` reads them. */
export function sameBreaking(one: PlainRange, other: PlainRange): boolean {
  const promise = ({ version: { major, minor, patch } }: PlainRange): string =>
    major > 0 ? `${major}` : minor > 0 ? `0.${minor}` : `0.0.${patch}`;
  return promise(one) === promise(other);
}

/**
 * What a change from one value to another is: `up`: to a higher version in the same form of range; `restyled`: higher or equal, in another form;
 * `down`: to a lower version; `other`: at least one of them is not a plain range.
 */
export type VersionStep = "up" | "restyled" | "down" | "other";

/** `anyForm`: a higher version is `up` in whatever form of range. */
export function versionStep(from: string, to: string, anyForm = false): VersionStep {
  const before = plainRange(from);
  const after = plainRange(to);
  if (before === null || after === null) return "other";
  const order = compareRanges(after, before);
  if (order < 0) return "down";
  return order > 0 && (anyForm || before.form === after.form) ? "up" : "restyled";
}
