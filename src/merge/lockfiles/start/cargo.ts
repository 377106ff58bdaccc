// Cargo.lock: both sides' packages; of versions that are compatible, cargo has room for one, and that is the highest.
import type { Sides } from "../../json/merge.ts";
import { readCargoLock, writeCargoLock, type CargoPackage } from "../cargo-read.ts";
import { sameLines } from "../lock-text.ts";
import { isHigher, mergeRoughly } from "./prefer.ts";

type Packages = ReadonlyMap<string, CargoPackage>;

export function roughCargo(texts: Sides<string>): string | null {
  const [base, ours, theirs] = [texts.base, texts.ours, texts.theirs].map((text) =>
    readCargoLock(text.replace(/\r?\n$/, "").split(/\r?\n/)),
  );
  if (!ours || !theirs) return null;
  const merged = mergeRoughly<CargoPackage>(
    { base: base?.packages ?? new Map<string, CargoPackage>(), ours: ours.packages, theirs: theirs.packages },
    {
      same: (one, other) =>
        sameLines(one.fields, other.fields) && sameLines(one.dependencies, other.dependencies),
      versionOf: ({ version }) => version,
    },
  );
  return `${writeCargoLock({ ...ours, packages: relinked(merged, [ours.packages, theirs.packages]) }).join("\n")}\n`;
}

/** Each dependency led to the highest version that is compatible with what it was; one that is not there any more is left out. */
function relinked(merged: Packages, sides: readonly Packages[]): Packages {
  const highest = new Map<string, string>();
  for (const [identity, one] of merged) {
    const known = merged.get(highest.get(rangeOf(one)) ?? "");
    if (known === undefined || isHigher(one.version, known.version)) highest.set(rangeOf(one), identity);
  }
  const kept = (identity: string): string[] => {
    const one = merged.get(identity) ?? sides.flatMap((side) => side.get(identity) ?? [])[0];
    const found = one && highest.get(rangeOf(one));
    return found === undefined ? [] : [found];
  };
  const used = new Set(highest.values());
  return new Map(
    [...merged]
      .filter(([identity]) => used.has(identity))
      .map(([identity, one]) => [
        identity,
        { ...one, dependencies: [...new Set(one.dependencies.flatMap(kept))] },
      ]),
  );
}

/** Versions of one range stand for each other: the first number that is not 0 is the same. */
function rangeOf({ name, version, source }: CargoPackage): string {
  const [, compatible = version] = /^((?:0\.){0,2}[1-9]\d*)/.exec(version) ?? [];
  return source === "" ? name : `${name} ${compatible} ${source.split("#")[0] ?? ""}`;
}
