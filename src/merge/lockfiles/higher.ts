// Which of two sides has the higher version of a thing, where that can be told.
import semver from "semver";
import type { Sides } from "../json/merge.ts";

/** The side with the higher version; `null` where the order is not certain: no versions, pre-releases, equal ones, or a side that went down. */
export function higherSide({ base, ours, theirs }: Sides<string | undefined>): "ours" | "theirs" | null {
  const [one, other] = [released(ours), released(theirs)];
  if (one === null || other === null) return null;
  const before = base === undefined ? null : released(base);
  if (base !== undefined && before === null) return null;
  if (before !== null && [one, other].some((version) => semver.lt(version, before))) return null;
  const order = semver.compare(one, other);
  if (order === 0) return null;
  return order > 0 ? "ours" : "theirs";
}

/** A version that is no pre-release; `null` for anything else. */
export function released(version: string | undefined): semver.SemVer | null {
  const parsed = semver.parse(version);
  return parsed !== null && parsed.prerelease.length === 0 ? parsed : null;
}
