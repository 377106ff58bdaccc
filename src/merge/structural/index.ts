// Structural merge of code: edits that lines show as a conflict, and a grammar as changes of different nodes.
import type { Hunk, Settlement } from "../../core/conflict.ts";
import { grammarOf } from "../../syntax/index.ts";
import { loadGrammar } from "../../syntax/tree-sitter.ts";
import type { HunkContext } from "../tier.ts";
import { classOf } from "./classify.ts";
import { mergeFragment } from "./fragment.ts";
import type { Choice, Outcome } from "./fragment.ts";
import { structuralLanguageOf } from "./languages.ts";
import type { Parsing } from "./parsing.ts";

/** A possible resolution that structure suggests and does not prove. */
interface StructuralCandidate {
  /** What made it, as `choices` and `nameOf` have it. */
  readonly name: string;
  /** One sentence for a person. */
  readonly why: string;
  /** Whole lines that would replace the hunk. */
  readonly text: string;
}

/**
 * Structural merge for one language, its grammar loaded. Pure, deterministic, total. Every text it answers is made of spans of the sides, parses no worse than
 * they do, and defines nothing twice that they do not.
 */
export interface StructuralMerger {
  /** Settles a hunk among its clean lines. */
  readonly settle: (hunk: Hunk, context: HunkContext) => Settlement | null;
  /** Sound merges of a hunk that are neither side, most likely first. */
  readonly candidates: (hunk: Hunk, context: HunkContext) => readonly StructuralCandidate[];
}

/** The merger for a path, by its name alone; `null` where no grammar knows the language. Rejects only if the grammar cannot be loaded. */
export async function prepareStructural(path: string): Promise<StructuralMerger | null> {
  const name = grammarOf(path);
  const language = name && structuralLanguageOf(name);
  if (name === null || language === null) return null;
  const parsing: Parsing = { grammar: await loadGrammar(name), language };
  const outcomesOf = rememberingLast((hunk, context) => mergeFragment(hunk, context, choices, parsing));
  return {
    settle: (hunk, context) => {
      const [outcome] = outcomesOf(hunk, context);
      return outcome ? settlementOf(hunk, outcome, parsing) : null;
    },
    candidates: (hunk, context) => candidatesOf(hunk, outcomesOf(hunk, context)),
  };
}

type Outcomes = readonly (Outcome | null)[];

/** Asked twice for the same hunk, first to settle it and then for its candidates, answers from memory: parsing is most of the work. */
function rememberingLast(
  outcomesOf: (hunk: Hunk, context: HunkContext) => Outcomes,
): (hunk: Hunk, context: HunkContext) => Outcomes {
  let last: { readonly hunk: Hunk; readonly context: HunkContext; readonly outcomes: Outcomes } | null = null;
  return (hunk, context) => {
    if (last?.hunk !== hunk || last.context !== context)
      last = { hunk, context, outcomes: outcomesOf(hunk, context) };
    return last.outcomes;
  };
}

/**
 * What is settled and why: classes that were right in at least four of five hunks of development data. Others are candidates: where both sides made the same
 * kind of change to different nodes, developers keep both in two of three hunks.
 */
const settled: Readonly<Record<string, string>> = {
  "one-sided/ours":
    "Node by node, this branch has every change that the other branch made to these lines, and more.",
};

function settlementOf(hunk: Hunk, { text, deeds }: Outcome, { language }: Parsing): Settlement | null {
  const name = classOf(hunk, text, deeds);
  const why = Object.hasOwn(settled, name) ? settled[name] : undefined;
  if (why === undefined) return null;
  return { tier: "structural", class: `structural/${name}/${language.name}`, text, why };
}

const choices: readonly (Choice & Omit<StructuralCandidate, "text">)[] = [
  {
    first: "ours",
    name: "structural",
    why: "The sides changed different nodes of the code: both changes are kept.",
  },
  {
    first: "theirs",
    name: "structural-theirs-first",
    why: "Both sides added members whose order means nothing: the other branch's come first.",
  },
];

function candidatesOf(hunk: Hunk, outcomes: readonly (Outcome | null)[]): StructuralCandidate[] {
  const known = new Set([hunk.ours, hunk.theirs]);
  return choices.flatMap(({ name, why, first }, index) => {
    const outcome = outcomes[index];
    if (!outcome || known.has(outcome.text)) return [];
    known.add(outcome.text);
    const isDoubtful = classOf(hunk, outcome.text, outcome.deeds) === "brings-back";
    if (!isDoubtful) return [{ name, why, text: outcome.text }];
    return first === "theirs" ? [] : [{ ...doubtful, text: outcome.text }];
  });
}

const doubtful: Omit<StructuralCandidate, "text"> = {
  name: "structural-doubtful",
  why: "The sides changed different nodes, but one uses what the other renamed or took out.",
};
