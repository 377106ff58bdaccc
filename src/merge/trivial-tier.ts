// The tier for hunks that are no conflict at all once layout is left out.
import type { Hunk, Settlement } from "../core/conflict.ts";
import { indentationSpeaks } from "./indentation.ts";
import { collapsed, endingOf, splitLines } from "./lines.ts";
import type { HunkContext, HunkTier } from "./tier.ts";

interface View {
  readonly name: string;
  readonly of: (text: string) => string;
}

const exact: View = { name: "exact", of: (text) => text };

/** How texts are compared, from strict to loose: to the letter, but for line endings and blanks at line ends, but for all blanks. */
const views: readonly View[] = [
  exact,
  {
    name: "line-ends",
    of: (text) =>
      splitLines(text)
        .map((line) => line.trimEnd())
        .join("\n")
        .trimEnd(),
  },
  {
    name: "blanks",
    of: (text) =>
      splitLines(text)
        .map(collapsed)
        .filter((line) => line !== "")
        .join("\n"),
  },
];

const apart: Readonly<Record<string, string>> = {
  exact: "",
  "line-ends": " but for line endings and blanks at line ends",
  blanks: " but for indentation and blank lines",
};

function deedOf(base: string, changed: string): string {
  return base.trim() === "" ? "adds" : changed.trim() === "" ? "removes" : "edits";
}

function settleIn(view: View, { base, ours, theirs }: Hunk): Settlement | null {
  const seen = { base: view.of(base), ours: view.of(ours), theirs: view.of(theirs) };
  const but = apart[view.name] ?? "";
  if (seen.ours === seen.theirs) {
    // Where only the layout differs, the side that kept the base's layout did not mean to change it.
    const text = base === ours ? theirs : ours;
    return {
      tier: "trivial",
      class: `same/${view.name}`,
      text,
      why: `Both sides made the same change${but}.`,
    };
  }
  const changed = seen.theirs === seen.base ? ours : seen.ours === seen.base ? theirs : null;
  if (changed === null) return null;
  const who = changed === ours ? "this branch" : "the other branch";
  return {
    tier: "trivial",
    class: `one-side/${deedOf(base, changed)}/${view.name}`,
    text: changed,
    why: `Beyond what both sides did, only ${who} changed these lines${but}.`,
  };
}

/** Settles hunks on which both sides agree to the letter. */
export const sameTier: HunkTier = {
  name: "same change",
  settle: (hunk) => (hunk.ours === hunk.theirs ? settleIn(exact, hunk) : null),
};

/** Settles hunks on which the sides agree but for layout, or of which one side is the base, exactly or but for layout. */
export const oneSideTier: HunkTier = {
  name: "one-sided change",
  settle(hunk: Hunk, { path }: HunkContext): Settlement | null {
    for (const view of views) {
      if (view.name === "blanks" && indentationSpeaks.test(path)) continue;
      // A file that one side converted to other line endings has to end up with one kind.
      if (view !== exact && endingOf(hunk.ours) !== endingOf(hunk.theirs)) continue;
      const settlement = settleIn(view, hunk);
      if (settlement) return settlement;
    }
    return null;
  },
};
