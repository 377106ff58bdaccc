// What the features of one hunk look at: the three sides and every candidate as words and lines over one vocabulary each.
import { splitLines } from "../../lines.ts";
import { tokenize } from "../../candidates/tokens.ts";
import type { Candidate } from "../../candidates/candidate.ts";
import type { Sides } from "../../candidates/sides.ts";
import { bagsOf } from "../bags.ts";
import type { Bag } from "../bags.ts";
import { brackets } from "./text-measures.ts";

/** One text, cut and counted. */
export interface View {
  readonly text: string;
  /** Lines without their ends, blank ones too. */
  readonly rows: readonly string[];
  /** Lines that are not blank, trimmed. */
  readonly filled: readonly string[];
  readonly lines: Bag;
  readonly words: Bag;
  readonly brackets: readonly number[];
}

export interface Views {
  readonly base: View;
  readonly ours: View;
  readonly theirs: View;
  /** The clean words around the hunk. */
  readonly around: Bag;
  readonly candidates: readonly View[];
}

/** UTF-16 units of a text whose words are counted. */
const longestText = 12_000;

const wordsOf = (text: string): string[] =>
  tokenize(text.slice(0, longestText)).filter((token) => token.trim() !== "");

export function viewsOf(sides: Sides, candidates: readonly Candidate[]): Views {
  const texts = [sides.base, sides.ours, sides.theirs, ...candidates.map(({ text }) => text)];
  const rows = texts.map((text) => splitLines(text).map((line) => line.trimEnd()));
  const filled = rows.map((lines) => lines.map((line) => line.trim()).filter((line) => line !== ""));
  const lineBags = bagsOf(filled);
  const wordBags = bagsOf([
    ...texts.map(wordsOf),
    wordsOf(sides.before.slice(-longestText / 4) + sides.after),
  ]);
  const views = texts.map((text, index): View => ({
    text,
    rows: rows[index] ?? [],
    filled: filled[index] ?? [],
    lines: lineBags[index] ?? noBag,
    words: wordBags[index] ?? noBag,
    brackets: brackets(text),
  }));
  const [base = noView, ours = noView, theirs = noView, ...rest] = views;
  return { base, ours, theirs, around: wordBags.at(-1) ?? noBag, candidates: rest };
}

const noBag: Bag = { counts: new Uint16Array(0), bits: new Int32Array(0), total: 0 };
const noView: View = { text: "", rows: [], filled: [], lines: noBag, words: noBag, brackets: [0, 0, 0] };
