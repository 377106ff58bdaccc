// Versions that one side had raised and the result has not: what starting from one side alone would take back without a word.
import type { LockSides } from "../../../core/lockfile.ts";
import { isHigher } from "../start/prefer.ts";
import { lockedVersions } from "./verify-lockfile.ts";

type Versions = ReadonlyMap<string, readonly string[]>;

/** "name 1.2.0, not 1.3.0" for each package of one version a side that a side raised above the result's; a manifest may be the reason, a person has to tell. */
export function loweredVersions(path: string, result: string, { base, ours, theirs }: LockSides): string[] {
  const before = lockedVersions(path, base ?? "");
  const sides = [lockedVersions(path, ours), lockedVersions(path, theirs)];
  return [...lockedVersions(path, result)].flatMap(([name, versions]) => {
    const [version, ...more] = versions;
    if (version === undefined || more.length > 0) return [];
    const raised = sides
      .flatMap((side) => raisedIn(name, side, before))
      .filter((one) => isHigher(one, version));
    const highest = raised.reduce<string | undefined>(
      (known, one) => (known !== undefined && isHigher(known, one) ? known : one),
      undefined,
    );
    return highest === undefined ? [] : [`${name} ${version}, not ${highest}`];
  });
}

function raisedIn(name: string, side: Versions, before: Versions): string[] {
  const [version, ...more] = side.get(name) ?? [];
  const [old] = before.get(name) ?? [];
  return version !== undefined && more.length === 0 && old !== undefined && isHigher(version, old)
    ? [version]
    : [];
}
