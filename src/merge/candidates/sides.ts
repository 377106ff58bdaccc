// One hunk's three sides as lines and tokens, with what aligns with what: made once, used by every family of candidates.
import type { Hunk } from "../../core/conflict.ts";
import { splitLines } from "../lines.ts";
import type { HunkContext } from "../tier.ts";
import type { Alignment } from "./align.ts";
import { cutOf } from "./token-cut.ts";
import { tokenize } from "./tokens.ts";

/** What sort of text it is: the same edit means different things in each. */
export type Register = "code" | "data" | "prose";

/** The three sides cut into elements (lines or tokens), and how the elements align. */
export interface Cut {
  readonly base: readonly string[];
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
  readonly oursToBase: Alignment;
  readonly theirsToBase: Alignment;
  readonly oursToTheirs: Alignment;
}

/** A hunk of whole lines, in its context. The cuts are made when first asked for, and kept. */
export interface Sides {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  /** Clean lines before the hunk, nearest last. */
  readonly before: string;
  /** Clean lines after it, nearest first. */
  readonly after: string;
  readonly path: string;
  readonly register: Register;
  lines(): Cut;
  /** `null` where the sides are too long to be compared token by token. */
  tokens(): Cut | null;
}

/** UTF-16 units of ours and theirs together beyond which no token is looked at. */
const longestForTokens = 16_000;
/** Pairs of tokens of two sides beyond which no token is looked at: takes some 20 ms. */
const mostTokenPairs = 3_000_000;

const dataFile =
  /\.(?:json[c5]?|ya?ml|toml|lock|xml|ini|cfg|properties)$|(?:^|\/)(?:go\.(?:mod|sum)|\.[a-z]+rc)$/i;
const proseFile = /\.(?:md|mdx|rst|txt|adoc|markdown)$|(?:^|\/)(?:changelog|changes|news|readme|history)$/i;

function registerOf(path: string): Register {
  if (dataFile.test(path)) return "data";
  return proseFile.test(path) ? "prose" : "code";
}

function tokenCut(texts: readonly [string, string, string]): Cut | null {
  const [, ours, theirs] = texts;
  if (ours.length + theirs.length > longestForTokens || texts[0].length > longestForTokens) return null;
  const [base, own, other] = texts.map(tokenize);
  if (!base || !own || !other) return null;
  if (
    Math.max(own.length * other.length, own.length * base.length, other.length * base.length) > mostTokenPairs
  )
    return null;
  return cutOf(base, own, other);
}

/** The hunk's sides; each must be whole lines, as the ladder gives them. */
export function sidesOf({ base, ours, theirs }: Hunk, { path, before, after }: HunkContext): Sides {
  let lines: Cut | undefined;
  let tokens: Cut | null | undefined;
  return {
    base,
    ours,
    theirs,
    before,
    after,
    path,
    register: registerOf(path),
    lines: () => (lines ??= cutOf(splitLines(base), splitLines(ours), splitLines(theirs))),
    tokens: () => (tokens === undefined ? (tokens = tokenCut([base, ours, theirs])) : tokens),
  };
}
