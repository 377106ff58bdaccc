// What can be done with one fork: a side, both, neither, or only what is new in them.
import { mergeItems } from "./list-items.ts";
import { modes, spell } from "./pieces.ts";
import { mergeTokens, tokenPieces } from "./token-merge.ts";
import type { Fork } from "./blocks.ts";

export type ChoiceName =
  | "ours"
  | "theirs"
  | "ours-theirs"
  | "theirs-ours"
  | "neither"
  | "ours-blank-theirs"
  | "theirs-blank-ours"
  | "new-ours-theirs"
  | "new-theirs-ours"
  | "new-ours"
  | "new-theirs"
  | "words-ours"
  | "words-theirs"
  | "words-both"
  | "words-reversed"
  | "pairs";

export interface Choice {
  readonly name: ChoiceName;
  readonly text: string;
}

/** What can be done with a fork of tokens. No two choices have the same text. */
export function tokenChoices(fork: Fork): Choice[] {
  return distinct(plainChoices(fork));
}

/** What can be done with a fork of lines; `base` is the whole hunk's. No two choices have the same text. */
export function lineChoices(fork: Fork, base: string): Choice[] {
  return distinct([
    ...plainChoices(fork),
    ...spacedChoices(fork),
    ...newChoices(fork),
    ...mergedChoices(fork, base),
  ]);
}

function distinct(choices: readonly Choice[]): Choice[] {
  const seen = new Set<string>();
  return choices.filter(({ text }) => !seen.has(text) && seen.add(text));
}

function plainChoices({ ours, theirs }: Fork): Choice[] {
  const own = ours.join("");
  const other = theirs.join("");
  const sides: Choice[] = [
    { name: "ours", text: own },
    { name: "theirs", text: other },
  ];
  if (own === "" || other === "") return sides;
  return [
    ...sides,
    { name: "ours-theirs", text: own + other },
    { name: "theirs-ours", text: other + own },
    { name: "neither", text: "" },
  ];
}

const isBlank = (line: string | undefined): boolean => line === undefined || line.trim() === "";

function spacedChoices({ ours, theirs }: Fork): Choice[] {
  const choices: Choice[] = [];
  const ending = ours[0]?.endsWith("\r\n") ? "\r\n" : "\n";
  if (!isBlank(ours.at(-1)) && !isBlank(theirs[0]))
    choices.push({ name: "ours-blank-theirs", text: ours.join("") + ending + theirs.join("") });
  if (!isBlank(theirs.at(-1)) && !isBlank(ours[0]))
    choices.push({ name: "theirs-blank-ours", text: theirs.join("") + ending + ours.join("") });
  return choices;
}

function newChoices({ ours, theirs, oursOld, theirsOld }: Fork): Choice[] {
  const own = ours.filter((_, index) => oursOld[index] === false);
  const other = theirs.filter((_, index) => theirsOld[index] === false);
  if (own.length === ours.length && other.length === theirs.length) return [];
  const choices: Choice[] = [];
  const [ownText, otherText] = [own.join(""), other.join("")];
  if (own.length > 0 && other.length > 0) {
    choices.push(
      { name: "new-ours-theirs", text: ownText + otherText },
      { name: "new-theirs-ours", text: otherText + ownText },
    );
  }
  if (own.length > 0 && own.length < ours.length) choices.push({ name: "new-ours", text: ownText });
  if (other.length > 0 && other.length < theirs.length) choices.push({ name: "new-theirs", text: otherText });
  return choices;
}

/** Lines of one side of a fork beyond which its words are not merged. */
const mostLines = 30;
/** UTF-16 units of a fork beyond which its words are not merged. */
const longestFork = 4_000;

function mergedChoices({ ours, theirs, oursOld, theirsOld }: Fork, base: string): Choice[] {
  if ([ours, theirs].some(({ length }) => length === 0 || length > mostLines)) return [];
  if ([oursOld, theirsOld].some((old) => old.every(Boolean))) return [];
  const own = ours.join("");
  const other = theirs.join("");
  if (own.length + other.length > longestFork || base.length > longestFork || !alike(own, other)) return [];
  const pieces = tokenPieces(base, own, other);
  const merged = pieces
    ? modes.map((mode): Choice => ({ name: `words-${mode}`, text: spell(pieces, mode) }))
    : [];
  const pairs = ours.length === theirs.length ? mergePairs(ours, theirs, base) : null;
  return pairs === null ? merged : [...merged, { name: "pairs", text: pairs }];
}

/** Share of words two texts must have in common for a merge of their words to make sense. */
const leastAlike = 0.35;

function alike(one: string, other: string): boolean {
  const words = (text: string): Set<string> => new Set(text.match(/\w+|[^\w\s]/g));
  const [own, others] = [words(one), words(other)];
  const shared = [...own].filter((word) => others.has(word)).length;
  return 2 * shared >= leastAlike * (own.size + others.size);
}

/** Line by line with its counterpart: the items of a list in it, else its words. */
function mergePairs(ours: readonly string[], theirs: readonly string[], base: string): string | null {
  const lines = base.split("\n").map((line) => `${line}\n`);
  const merged = ours.map((own, index) => {
    const other = theirs[index] ?? "";
    if (own === other) return own;
    const old = nearestLine(own, lines);
    return mergeItems(own, old, other) ?? mergeTokens(old, own, other, "ours") ?? own;
  });
  return merged.join("");
}

/** The line that shares most of its words with this one; "" where none shares any. */
function nearestLine(line: string, lines: readonly string[]): string {
  const words = new Set(line.match(/\w+/g));
  let nearest = "";
  let most = 0;
  for (const each of lines.slice(0, mostLines)) {
    const own = each.match(/\w+/g) ?? [];
    const shared = own.filter((word) => words.has(word)).length / Math.max(1, own.length + words.size);
    if (shared > most) [nearest, most] = [each, shared];
  }
  return nearest;
}
