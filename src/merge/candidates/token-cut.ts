// Three texts, not a whole hunk's, cut into tokens and aligned.
import { align, intern } from "./align.ts";
import type { Cut } from "./sides.ts";
import { tokenize } from "./tokens.ts";

/** Aligns three sequences with each other. */
export function cutOf(base: readonly string[], ours: readonly string[], theirs: readonly string[]): Cut {
  const [b = none, o = none, t = none] = intern([base, ours, theirs]);
  return {
    base,
    ours,
    theirs,
    oursToBase: align(o, b),
    theirsToBase: align(t, b),
    oursToTheirs: align(o, t),
  };
}

const none = new Int32Array(0);

/** The texts' tokens, aligned; `null` where there are more than `longest` UTF-16 units of them. */
export function cutTokens(base: string, ours: string, theirs: string, longest: number): Cut | null {
  if (base.length + ours.length + theirs.length > longest) return null;
  return cutOf(tokenize(base), tokenize(ours), tokenize(theirs));
}
