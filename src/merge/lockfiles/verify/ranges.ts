// Whether a version is in a range, as npm, cargo and Python write ranges. What says nothing about versions is taken as met.
import semver from "semver";

/** Longer than any range that a person writes; a longer one is taken as met. */
const longestRange = 200;

/** Tags, URLs, paths and git references are met by any version. */
export function meetsNpm(version: string, range: string): boolean {
  const plain = /^(?:npm|workspace):(?:@?[^@]+@)?([^@]*)$/.exec(range)?.[1] ?? range;
  if (plain.length > longestRange || semver.validRange(plain, { loose: true }) === null) return true;
  return semver.satisfies(version, plain, { loose: true });
}

/** "1.2" is a caret range in cargo; parts are joined by commas. */
export function meetsCargo(version: string, requirement: string): boolean {
  if (requirement.length > longestRange) return true;
  const parts = requirement.split(",").map((part) => {
    const trimmed = part.trim();
    return /^\d/.test(trimmed) && !trimmed.includes("*") ? `^${trimmed}` : trimmed;
  });
  const range = parts.join(" ");
  return semver.validRange(range) === null || semver.satisfies(version, range);
}

/**
 * PEP 440, of plain releases: a version with more than numbers (a pre-release, a local part), and a clause that is not written with numbers alone, are taken as
 * met, because their order has rules that are not followed here.
 */
export function meetsPython(version: string, specifier: string): boolean {
  const release = releaseOf(version);
  if (release === null || specifier.length > longestRange) return true;
  return specifier.split(",").every((clause) => meetsClause(release, clause.trim()));
}

type Release = readonly number[];

function releaseOf(text: string): Release | null {
  return /^\d{1,9}(?:\.\d{1,9}){0,9}$/.test(text) ? text.split(".").map(Number) : null;
}

function meetsClause(release: Release, clause: string): boolean {
  const [, operator = "", written = ""] = /^(~=|===?|!=|<=?|>=?)\s*(\S+)$/.exec(clause) ?? [];
  const isPrefix = written.endsWith(".*");
  const wanted = releaseOf(isPrefix ? written.slice(0, -2) : written);
  if (wanted === null) return true;
  if (isPrefix) return startsWith(release, wanted) !== (operator === "!=");
  return compareWith[operator]?.(compareReleases(release, wanted), release, wanted) ?? true;
}

const compareWith: Readonly<Record<string, (order: number, release: Release, wanted: Release) => boolean>> = {
  "==": (order) => order === 0,
  "===": (order) => order === 0,
  "!=": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
  "~=": (order, release, wanted) => order >= 0 && startsWith(release, wanted.slice(0, -1)),
};

/** A missing number is 0. */
function compareReleases(one: Release, other: Release): number {
  const length = Math.max(one.length, other.length);
  for (let at = 0; at < length; at++) {
    const order = (one[at] ?? 0) - (other[at] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}

function startsWith(release: Release, prefix: Release): boolean {
  return prefix.every((part, at) => (release[at] ?? 0) === part);
}
