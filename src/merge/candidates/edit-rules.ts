// What one side did to the base, as rules "this text becomes that" which can be carried over to another text.
import { inverse } from "./align.ts";
import type { Alignment } from "./align.ts";

/** One side's edits in place: base tokens, the side's tokens, and which of the side's are the base's. */
export interface Edited {
  readonly base: readonly string[];
  readonly side: readonly string[];
  readonly toBase: Alignment;
}

/** What stood there, and what stands there now. */
type Rules = ReadonlyMap<string, string>;

/** Rules beyond which the shortest are left out. */
const mostRules = 200;

const word = /[\p{L}\p{N}_]/u;

interface Edit {
  /** Indexes into the base. */
  readonly from: number;
  readonly to: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

function editsOf({ base, side, toBase }: Edited): Edit[] {
  const inSide = inverse(toBase, base.length);
  const edits: Edit[] = [];
  let [from, place] = [0, 0];
  for (let index = 0; index <= base.length; index++) {
    const match = index === base.length ? side.length : (inSide[index] ?? -1);
    if (match < 0) continue;
    if (index > from || match > place)
      edits.push({ from, to: index, removed: base.slice(from, index), added: side.slice(place, match) });
    [from, place] = [index + 1, match + 1];
  }
  return edits;
}

/** Replacements of a few words by others, wherever they stand; what was replaced in two ways is no rule. */
export function renamings(edited: Edited): Rules {
  const rules = new Map<string, string | null>();
  for (const { removed, added } of editsOf(edited)) {
    if (removed.length === 0 || added.length === 0 || removed.length > 8 || added.length > 12) continue;
    const [old, now] = [removed.join(""), added.join("")];
    if (old.trim().length >= 2 && word.test(old) && !(old + now).includes("\n")) addRule(rules, old, now);
  }
  return consistent(rules);
}

/** Small edits together with the nearest word on their left, their right, or both. */
export function editsInContext(edited: Edited): Rules {
  const rules = new Map<string, string | null>();
  for (const { from, to, removed, added } of editsOf(edited)) {
    if (removed.length > 10 || added.length > 14) continue;
    const [old, now] = [removed.join(""), added.join("")];
    if ((old + now).includes("\n")) continue;
    const left = contextOf(edited.base, from - 1, -1);
    const right = contextOf(edited.base, to, 1);
    for (const [before, after] of [
      [left, right],
      [left, ""],
      ["", right],
    ] as const) {
      const key = before + old + after;
      if (key.trim().length < 3 || !word.test(key)) continue;
      const isBareInsertion = old === "" && (before === "" || after === "");
      if (isBareInsertion && (before + after).trim().length < 4) continue;
      addRule(rules, key, before + now + after);
    }
  }
  return consistent(rules);
}

/** The tokens of the same line up to and with the nearest word, from an index in one direction. */
function contextOf(tokens: readonly string[], start: number, step: -1 | 1): string {
  let context = "";
  for (let index = start; index >= 0 && index < tokens.length; index += step) {
    const token = tokens[index] ?? "";
    if (token.includes("\n")) break;
    context = step < 0 ? token + context : context + token;
    if (word.test(token)) break;
  }
  return context;
}

function addRule(rules: Map<string, string | null>, old: string, now: string): void {
  rules.set(old, (rules.get(old) ?? now) === now && rules.get(old) !== null ? now : null);
}

function consistent(rules: ReadonlyMap<string, string | null>): Rules {
  const kept = [...rules].filter((rule): rule is [string, string] => rule[1] !== null);
  kept.sort(([one], [other]) => other.length - one.length);
  return new Map(kept.slice(0, mostRules));
}

/**
 * Applies the rules to a text from left to right, at each place the longest that fits; words are only replaced whole. `null` where there are no rules.
 * No regular expression: rules are text of the repository.
 */
export function applyRules(text: string, rules: Rules): string | null {
  if (rules.size === 0) return null;
  const byFirst = rulesByFirstUnit(rules);
  let result = "";
  let copied = 0;
  for (let index = 0; index < text.length;) {
    const old = byFirst.get(text.charCodeAt(index))?.find((key) => fits(text, index, key));
    if (old === undefined) {
      index++;
      continue;
    }
    result += text.slice(copied, index) + (rules.get(old) ?? "");
    index += old.length;
    copied = index;
  }
  return result + text.slice(copied);
}

/** Longest first, as the rules are. */
function rulesByFirstUnit(rules: Rules): Map<number, string[]> {
  const byFirst = new Map<number, string[]>();
  for (const key of rules.keys()) {
    const known = byFirst.get(key.charCodeAt(0));
    if (known) known.push(key);
    else byFirst.set(key.charCodeAt(0), [key]);
  }
  return byFirst;
}

function fits(text: string, index: number, key: string): boolean {
  if (!text.startsWith(key, index)) return false;
  const end = index + key.length;
  return !isInsideWord(text, index) && !isInsideWord(text, end);
}

function isInsideWord(text: string, place: number): boolean {
  return word.test(text.charAt(place - 1)) && word.test(text.charAt(place));
}
