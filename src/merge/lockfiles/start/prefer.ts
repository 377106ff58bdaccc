// One entry of two that both sides changed: the higher version where that can be told, else the pull request's.
import semver from "semver";
import { mergeEntries, type Trio } from "../entries.ts";
import type { Sides } from "../../json/merge.ts";

export interface RoughRules<T> {
  readonly same: (one: T, other: T) => boolean;
  /** `undefined` for what has no version. */
  readonly versionOf: (entry: T) => string | undefined;
}

/** Three-way, entry by entry; what one side removed and the other changed stays as it was changed. */
export function mergeRoughly<T>(
  sides: Sides<ReadonlyMap<string, T>>,
  { same, versionOf }: RoughRules<T>,
): Map<string, T> {
  const choose = (_key: string, { ours, theirs }: Trio<T>): { readonly value: T | undefined } => {
    if (ours === undefined || theirs === undefined) return { value: ours ?? theirs };
    return { value: isHigher(versionOf(theirs), versionOf(ours)) ? theirs : ours };
  };
  return mergeEntries(sides, { same, choose }) ?? new Map<string, T>(sides.ours);
}

/** Loosely, so that Python's "23.1" is a version too; what is none is not higher. */
export function isHigher(one: string | undefined, other: string | undefined): boolean {
  const [left, right] = [one, other].map((version) => semver.parse(version) ?? semver.coerce(version));
  return (
    left !== null && left !== undefined && right !== null && right !== undefined && semver.gt(left, right)
  );
}
