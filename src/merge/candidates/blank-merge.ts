// Candidates by merging words apart from the blanks between them, so that a change of layout does not clash with a change of words.
import type { Family } from "./candidate.ts";
import { modes, spell } from "./pieces.ts";
import type { Piece } from "./pieces.ts";
import { proposal } from "./proposals.ts";
import { tokenize } from "./tokens.ts";
import { cutOf } from "./token-cut.ts";
import { mergeAlong } from "./token-merge.ts";

/** UTF-16 units of ours and theirs together, and of the base, beyond which nothing is merged. */
const longestSides = 12_000;

export const blankMerge: Family = (sides) => {
  const { base, ours, theirs } = sides;
  if (ours.length + theirs.length > longestSides || base.length > longestSides) return [];
  const pieces = mergeSpaced(spacedWords(base), spacedWords(ours), spacedWords(theirs));
  return modes.flatMap((mode) => proposal(sides, `blank-merge-${mode}`, spell(pieces, mode)));
};

interface SpacedWords {
  readonly words: readonly string[];
  /** The blanks before each word, and after the last. */
  readonly blanks: readonly string[];
}

function spacedWords(text: string): SpacedWords {
  const words: string[] = [];
  const blanks: string[] = [];
  let blank = "";
  for (const token of tokenize(text)) {
    if (token.trim() === "") {
      blank += token;
      continue;
    }
    words.push(token);
    blanks.push(blank);
    blank = "";
  }
  blanks.push(blank);
  return { words, blanks };
}

function mergeSpaced(base: SpacedWords, ours: SpacedWords, theirs: SpacedWords): Piece[] {
  const cut = cutOf(base.words, ours.words, theirs.words);
  const sides = { ours, theirs };
  const shared = (own: number, other: number): Piece[] => {
    const old = base.blanks[cut.oursToBase[own] ?? -1];
    return [mergeBlanks(old, ours.blanks[own] ?? "", theirs.blanks[other] ?? ""), ours.words[own] ?? ""];
  };
  const pieces = mergeAlong(
    cut,
    (side, from, to) => {
      let text = "";
      for (let index = from; index < to; index++)
        text += (sides[side].blanks[index] ?? "") + (sides[side].words[index] ?? "");
      return text;
    },
    shared,
  );
  const [oldEnd, ownEnd, otherEnd] = [base, ours, theirs].map(({ blanks }) => blanks.at(-1) ?? "");
  return [...pieces, (ownEnd === oldEnd ? otherEnd : ownEnd) ?? ""];
}

/** The blanks of the side that changed them; `base` is unknown before a word that is new. */
function mergeBlanks(base: string | undefined, ours: string, theirs: string): Piece {
  if (theirs === base || ours === theirs) return ours;
  return ours === base ? theirs : { ours, theirs, once: true };
}
