// One hunk among clean lines, merged by structure: the fragments are framed, parsed and merged, and the hunk's part is cut out of the result.
import type { Hunk } from "../../core/conflict.ts";
import { splitLines } from "../lines.ts";
import { countErrors, faultsOf, isSound } from "./check.ts";
import type { Faults } from "./check.ts";
import { framesFor } from "./frames.ts";
import type { Frame } from "./frames.ts";
import { mergeTrees } from "./merge.ts";
import { longestText, readSides, readText } from "./parsing.ts";
import type { Parsing } from "./parsing.ts";
import type { Deed, Merging, Triple } from "./pieces.ts";
import { layOut } from "./lay-out.ts";
import type { TreeNode } from "./tree.ts";

/** Clean lines that are looked at on each side: as good as 30, measured on development data, and parsed in half the time. */
const contextLines = 10;

/** How the merge decides what it need not know: whose additions come first. */
export interface Choice {
  readonly first: "ours" | "theirs";
}

/** One way in which the merge could come out. */
export interface Outcome {
  /** What stands in place of the hunk. */
  readonly text: string;
  readonly deeds: readonly Deed[];
}

/** Clean text on both sides of a hunk. */
interface Around {
  readonly before: string;
  readonly after: string;
}

/**
 * Merges a hunk once for each choice, in order. `null` for a choice where two changes meet; where the result is not sound; and where the clean text around the hunk did not come through whole. Empty where a text is too long, or takes too long to parse.
 */
export function mergeFragment(
  hunk: Hunk,
  context: Around,
  choices: readonly Choice[],
  parsing: Parsing,
): (Outcome | null)[] {
  const before = splitLines(context.before).slice(-contextLines).join("");
  const after = splitLines(context.after).slice(0, contextLines).join("");
  if (before.length + after.length + hunk.ours.length > longestText) return [];
  const frame = chooseFrame(before + hunk.ours + after, parsing);
  if (frame === null) return [];
  const around = { before: frame.before + before, after: after + frame.after };
  const whole = (text: string) => around.before + text + around.after;
  const texts: Triple<string> = {
    base: whole(hunk.base),
    ours: whole(hunk.ours),
    theirs: whole(hunk.theirs),
  };
  const faults = (root: TreeNode, text: string): Faults =>
    faultsOf(
      root,
      { start: around.before.length, end: around.before.length + text.length },
      parsing.language,
    );
  const outcomes = readSides(texts, parsing, (roots) => {
    const merges = mergesOf(roots, texts, parsing);
    let parents: readonly Faults[] | undefined;
    return choices.map(({ first }) => {
      const merging = merges(first);
      const outcome = merging && outcomeOf(merging, around);
      if (!outcome || outcome.text === hunk.ours || outcome.text === hunk.theirs) return outcome;
      parents ??= [faults(roots.ours, hunk.ours), faults(roots.theirs, hunk.theirs)];
      const own = readText(whole(outcome.text), parsing, (root) => faults(root, outcome.text));
      return own !== null && isSound(own, parents) ? outcome : null;
    });
  });
  return outcomes ?? [];
}

/** The merge with either side first, each made once; `null` with theirs first where that makes no difference. */
function mergesOf(
  roots: Triple<TreeNode>,
  texts: Triple<string>,
  { language }: Parsing,
): (first: Choice["first"]) => Merging | null {
  const oursFirst = mergeTrees(roots, { language, texts, first: "ours" });
  let theirsFirst: Merging | null | undefined;
  return (first) => {
    if (first === "ours") return oursFirst;
    const hasMembers = oursFirst.deeds.some(({ members }) => members !== null);
    theirsFirst ??= hasMembers ? mergeTrees(roots, { language, texts, first }) : null;
    return theirsFirst;
  };
}

function outcomeOf(merging: Merging, { before, after }: Around): Outcome | null {
  if (merging.pieces.some(({ kind }) => kind === "conflict")) return null;
  const text = layOut(merging);
  const end = text.length - after.length;
  if (end < before.length || !text.startsWith(before) || !text.endsWith(after)) return null;
  return { text: text.slice(before.length, end), deeds: merging.deeds };
}

/** The frame with which the fragment has the fewest errors, the first of equals; `null` where the text is too long or takes too long to parse. */
function chooseFrame(fragment: string, parsing: Parsing): Frame | null {
  let best: Frame | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const frame of framesFor(fragment, parsing.language.openers)) {
    const errors = readText(frame.before + fragment + frame.after, parsing, countErrors);
    if (errors === null) return null;
    if (errors < least) {
      best = frame;
      least = errors;
    }
    if (errors === 0) break;
  }
  return best;
}
