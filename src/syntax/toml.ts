// TOML read without ever printing it back: errors, and values.
import { parse } from "smol-toml";

/** 0 if the text parses, 1 if not: the parser stops at the first error. Total. */
export function countErrors(text: string): number {
  return readToml(text) === null ? 1 : 0;
}

/** A table of the values that a text holds. */
type TomlTable = Readonly<Record<string, unknown>>;

/** What a text means; `null` if it does not parse. Total. */
export function readToml(text: string): TomlTable | null {
  try {
    return parse(text, { integersAsBigInt: true });
  } catch {
    return null;
  }
}

/** A name for a value, the same for two texts of one meaning; tables in any order of their keys. Deeper than 100 tables is `null`. */
export function canonicalToml(value: unknown, depth = 0): string | null {
  if (depth > 100) return null;
  if (typeof value !== "object" || value === null) return canonicalScalar(value);
  if (value instanceof Date) return `date ${value.toISOString()}`;
  const parts: string[] = [];
  const entries = Object.entries(value);
  const isList = Array.isArray(value);
  for (const [key, child] of isList ? entries : entries.sort(byName)) {
    const text = canonicalToml(child, depth + 1);
    if (text === null) return null;
    parts.push(isList ? text : `${JSON.stringify(key)}:${text}`);
  }
  return isList ? `[${parts.join(",")}]` : `{${parts.join(",")}}`;
}

/** Whole numbers are read as BigInt, so that 1 and 1.0 are told apart. */
function canonicalScalar(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number") return Object.is(value, -0) ? "-0.0" : String(value);
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}
