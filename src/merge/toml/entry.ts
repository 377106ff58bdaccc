// One named value or one element of a list, and when two of them mean the same.
import type { TomlChild, TomlPair, TomlValue } from "../../syntax/toml-parts.ts";
import { decodeString } from "../../syntax/toml-tokens.ts";

export interface Entry extends TomlChild {
  /** What tells it from its neighbours: its name, for an element its requirement's name or its value. */
  readonly key: string;
  /** What is compared as a version: the value, of a Python requirement what follows its name, in quotes. */
  readonly version: string;
}

/** Which files have which rules. */
export type TomlFile = "cargo" | "pyproject" | "toml";

export function tomlFile(path: string): TomlFile | null {
  const name = path.split("/").at(-1) ?? "";
  if (name === "Cargo.toml") return "cargo";
  if (name === "pyproject.toml") return "pyproject";
  return /\.toml$/i.test(name) ? "toml" : null;
}

/** A dotted name, its parts in quotes where they need them. */
export function nameOf(path: readonly string[]): string {
  return path.map((part) => (/^[\w-]+$/.test(part) ? part : JSON.stringify(part))).join(".");
}

export function pairEntry(pair: TomlPair, lead: readonly string[]): Entry {
  const { path, before, value, after, last } = pair;
  const first = pair.first - lead.length;
  return {
    key: nameOf(path),
    version: value.raw,
    path,
    lead,
    before,
    value,
    after,
    comma: false,
    first,
    last,
  };
}

/** The children of a list or table that stands on the lines of `at`; `null` where two have one key. */
export function childEntries(
  children: readonly TomlChild[],
  at: { readonly first: number; readonly last: number } | null,
  file: TomlFile,
): Entry[] | null {
  const lines = at === null ? {} : { first: at.first, last: at.last };
  const entries = children.map((child) => ({ ...child, ...lines, ...identify(child, file) }));
  if (isDistinct(entries)) return entries;
  const byValue = entries.map((entry) => ({
    ...entry,
    key: canonical(entry.value),
    version: entry.value.raw,
  }));
  return entries.every(({ path }) => path === null) && isDistinct(byValue) ? byValue : null;
}

export function isDistinct(entries: readonly Entry[]): boolean {
  return new Set(entries.map(({ key }) => key)).size === entries.length;
}

/** A Python requirement's distribution, extras and all, and what follows: pieces that no other piece can begin with, so nothing is tried twice. */
const REQUIREMENT =
  /^["']([A-Za-z0-9](?:[A-Za-z0-9._-]*(?:\[[A-Za-z0-9,._ -]{0,200}\])?))\s*((?:[=<>!~^@(;]|\s\d).*)?["']$/;

function identify({ path, value }: TomlChild, file: TomlFile): Pick<Entry, "key" | "version"> {
  if (path !== null) return { key: nameOf(path), version: value.raw };
  const [, name, rest] = (file === "cargo" ? null : REQUIREMENT.exec(value.raw)) ?? [];
  if (name === undefined || /["'\\\n]/.test(rest ?? "")) return { key: canonical(value), version: value.raw };
  return { key: JSON.stringify(name), version: `"${rest?.trim() ?? ""}"` };
}

/** The name of the requirement in a string; the string itself where it is none. */
export function requirementName(text: string, file: TomlFile): string {
  const raw = JSON.stringify(text);
  const [, name] = (file === "cargo" ? null : REQUIREMENT.exec(raw)) ?? [];
  return name ?? text;
}

/** The same for two values of one meaning: strings decoded, layout aside; numbers and dates as they are written. */
export function canonical(value: TomlValue): string {
  switch (value.kind) {
    case "scalar":
      return /^["']/.test(value.raw) ? stringOf(value.raw) : value.raw;
    case "array":
      return `[${value.children.map((child) => canonical(child.value)).join(",")}]`;
    case "table": {
      const members = value.children.map((child) => `${nameOf(child.path ?? [])}=${canonical(child.value)}`);
      return `{${members.sort().join(",")}}`;
    }
  }
}

function stringOf(raw: string): string {
  const plain = /^(?:"([^"\\\n]*)"|'([^'\n]*)')$/.exec(raw);
  return JSON.stringify(plain?.[1] ?? plain?.[2] ?? decodeString(raw) ?? raw);
}

/** The comments in a value; the whole text where they are not kept apart. */
function remarks(value: TomlValue): string {
  if (value.layout === "other" && value.raw.includes("#")) return value.raw;
  const inside = value.children.flatMap((child) => [
    said(child.lead),
    child.after.trim(),
    remarks(child.value),
  ]);
  return [...inside, said(value.rest)].filter((text) => text !== "").join("\n");
}

/** The comments among lines of trivia. */
export function said(lines: readonly string[]): string {
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join("\n");
}

/** Whether two values mean the same and say the same in their comments; layout aside. */
export function sameValue(one: TomlValue | undefined, other: TomlValue | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  if (one.raw === other.raw) return true;
  return canonical(one) === canonical(other) && remarks(one) === remarks(other);
}

/** The same of two entries, with the comments above and behind them. */
export function sameEntry(one: Entry | undefined, other: Entry | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  const beside = (entry: Entry): string => `${said(entry.lead)}\n${entry.after.trim()}`;
  return sameValue(one.value, other.value) && beside(one) === beside(other);
}

/** The entry's lines without their endings. */
export function linesOf(entry: Entry, comma: boolean): string[] {
  const { lead, before, value, after } = entry;
  return [...lead, ...`${before}${value.raw}${comma ? "," : ""}${after}`.split("\n")];
}
