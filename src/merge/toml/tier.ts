// The tier that settles hunks of TOML manifests in which both sides kept the same names in the same order.
import type { Hunk } from "../../core/conflict.ts";
import { countErrors } from "../../syntax/toml.ts";
import { classOf } from "../json/class.ts";
import type { JsonItem } from "../json/items.ts";
import { mergeItems, type MergedItems } from "../json/merge.ts";
import { explain } from "../json/why.ts";
import { endingOf, splitLines, withoutEnding } from "../lines.ts";
import type { HunkContext, HunkTier } from "../tier.ts";

/** Nothing can be lost: a hunk in which a side adds, drops or moves a name, or which holds more than `name = value` lines, is left alone. */
export const tomlTier: HunkTier = { name: "toml", settle };

/** Of a line without the blanks at its end. */
const PAIR = /^\s*([A-Za-z0-9_-]+|"[^"\\]+"|'[^']+')\s*=\s*(\S.*)$/;
/** An element of a list, a string without quotes in it. */
const ELEMENT = /^\s*"([^"]*)"(,?)\s*$/;
/** A Python requirement's distribution, extras and all, and its version: pieces that no other piece can begin with, so nothing is tried twice. */
const REQUIREMENT =
  /^([A-Za-z0-9._-]+(?![A-Za-z0-9._-])(?:\[[A-Za-z0-9,._ -]+\])?)\s*((?:(?:==|>=|~=|=)\s*)?\d[^,;]*)$/;
/** The same where nothing stands between name and version. */
const JOINED = /^([A-Za-z0-9._-]+)(\d[^,;]*)$/;

function settle(hunk: Hunk, context: HunkContext): ReturnType<HunkTier["settle"]> {
  if (!/\.toml$/i.test(context.path)) return null;
  const merged = mergePairs(hunk, tableOf(context.before));
  if (merged === null) return null;
  const ending = endingOf(hunk.ours);
  const text = merged.items.map((item) => item.head.body + ending).join("");
  return { tier: "semantic", class: classOf(merged.changes, "toml"), text, why: explain(merged.changes) };
}

function mergePairs(hunk: Hunk, table: string): MergedItems | null {
  const texts = [hunk.base, hunk.ours, hunk.theirs];
  if (texts.some((text) => text === "" || !text.endsWith("\n") || endingOf(text) !== endingOf(hunk.ours)))
    return null;
  const [base, ours, theirs] = texts.map(readPairs);
  if (!base || !ours || !theirs) return null;
  const names = [base, ours, theirs].map((items) => items.map((item) => item.key).join("\n"));
  if (new Set(names).size > 1) return null;
  const container = { keys: [table], rooted: true, file: "toml" } as const;
  const merged = mergeItems({ base, ours, theirs }, container);
  if (merged?.items.length !== ours.length) return null;
  // The merge may sort what was sorted by chance; here every name keeps its place.
  const byName = new Map(merged.items.map((item) => [item.key, item]));
  return { ...merged, items: ours.flatMap((item) => byName.get(item.key) ?? []) };
}

function readPairs(text: string): JsonItem[] | null {
  const items = splitLines(text).map((line, number) => readPair(withoutEnding(line), number));
  const whole = items.filter((item) => item !== null);
  const names = new Set(whole.map((item) => item.key));
  return whole.length === items.length && names.size === items.length ? whole : null;
}

function readPair(line: string, number: number): JsonItem | null {
  const pair = PAIR.exec(line.trimEnd());
  const element = pair === null ? ELEMENT.exec(line) : null;
  const [, key, value] = pair ?? requirementOf(element?.[1] ?? "") ?? [];
  if (key === undefined || value === undefined) return null;
  if (countErrors(pair === null ? `_ = [${line}]` : line) > 0) return null;
  const quoted = pair === null ? `"${value}"` : value;
  const head = {
    kind: "leaf",
    key,
    value: quoted,
    body: line,
    comma: element?.[2] === ",",
    tail: "",
  } as const;
  return { key, lead: [], head, children: [], rest: [], close: null, first: number, last: number };
}

function requirementOf(text: string): RegExpExecArray | null {
  return REQUIREMENT.exec(text) ?? (/[,;]/.test(text) ? null : JOINED.exec(text));
}

/** The nearest table header above; "" if there is none to be seen. */
function tableOf(before: string): string {
  const headers = splitLines(before).flatMap((line) => /^\s*\[([^[\]]+)\]/.exec(line)?.[1] ?? []);
  return headers.at(-1) ?? "";
}
