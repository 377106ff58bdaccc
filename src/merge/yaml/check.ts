// Whether a merged YAML text still means what each side alone made of it.
import { valueOf } from "../../syntax/yaml.ts";
import type { Sides } from "../json/merge.ts";

/**
 * Whether every value that both sides left, that both changed alike, or that one side alone added, changed or removed, is so in the merged text.
 * Names of maps are followed as deep as they go; lists that both sides changed are not judged.
 */
export function keepsBoth(sides: Sides<string>, merged: string): boolean {
  const values = [sides.base, sides.ours, sides.theirs, merged].map(valueOf);
  const [base, ours, theirs, result] = values;
  return !values.includes(undefined) && keeps({ base, ours, theirs }, result);
}

function keeps({ base, ours, theirs }: Sides<unknown>, result: unknown): boolean {
  if (equalValues(ours, theirs) || equalValues(base, theirs)) return equalValues(result, ours);
  if (equalValues(base, ours)) return equalValues(result, theirs);
  if (!(ours instanceof Map) || !(theirs instanceof Map)) return true;
  if (!(result instanceof Map)) return false;
  const old = base instanceof Map ? base : new Map<unknown, unknown>();
  const names = new Set([...old.keys(), ...ours.keys(), ...theirs.keys(), ...result.keys()]);
  return [...names].every((name) =>
    keeps({ base: old.get(name), ours: ours.get(name), theirs: theirs.get(name) }, result.get(name)),
  );
}

/** Values as the parser makes them: scalars, lists, maps whose order does not count. */
function equalValues(one: unknown, other: unknown): boolean {
  if (one instanceof Map && other instanceof Map)
    return (
      one.size === other.size &&
      [...one].every(([name, value]) => other.has(name) && equalValues(value, other.get(name)))
    );
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((value, index) => equalValues(value, other[index]));
  if (one instanceof Date && other instanceof Date) return one.getTime() === other.getTime();
  return Object.is(one, other);
}
