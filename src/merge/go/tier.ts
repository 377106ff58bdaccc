// The tier that settles hunks of go.mod by key.
import type { Hunk } from "../../core/conflict.ts";
import { joinLines, lineEndings } from "../json/endings.ts";
import { splitLines, withoutEnding } from "../lines.ts";
import type { HunkContext, HunkTier } from "../tier.ts";
import { pickLead } from "../toml/merge.ts";
import { isGoMod } from "./drivers.ts";
import { linesOfStatement, mergeStatements } from "./merge.ts";
import { openVerb, readStatements } from "./read.ts";
import { explainGo } from "./why.ts";

/** A hunk of whole statements of one block, or of none; brackets among them are left to the driver, which sees the whole file. */
export const goModTier: HunkTier = { name: "go-mod", settle };

function settle(hunk: Hunk, context: HunkContext): ReturnType<HunkTier["settle"]> {
  const endings = isGoMod(context.path) ? lineEndings(hunk) : null;
  if (endings === null) return null;
  const verb = verbOf(hunk, context);
  const [base, ours, theirs] = [hunk.base, hunk.ours, hunk.theirs].map((text) =>
    readStatements(linesOf(text), verb),
  );
  if (!base || !ours || !theirs) return null;
  const merged = mergeStatements({ base: base.statements, ours: ours.statements, theirs: theirs.statements });
  const rest = pickLead(base.rest, ours.rest, theirs.rest);
  if (merged === null || rest === null || merged.statements.length === 0) return null;
  const around = `${context.before}${context.after}${cleanText(context)}`;
  if (merged.statements.some(({ key }) => key !== "" && isRequired(around, key))) return null;
  const text = joinLines([...merged.statements.flatMap(linesOfStatement), ...rest], endings);
  return { tier: "semantic", class: `go-mod/${merged.kind}`, text, why: explainGo(merged.kind) };
}

function linesOf(text: string): string[] {
  return splitLines(text).map(withoutEnding);
}

/** The verb of the block that the hunk stands in; where no bracket is in sight, that of modules with versions. */
function verbOf(hunk: Hunk, { before }: HunkContext): string | null {
  const verb = openVerb(linesOf(before));
  if (verb !== null) return verb;
  const lines = linesOf(hunk.ours + hunk.theirs).filter((line) => line.trim() !== "");
  return lines.every((line) => /^\s+\S+\.\S+ v\d/.test(line)) ? "require" : null;
}

function cleanText({ file }: HunkContext): string {
  return (file?.segments ?? []).map((segment) => (segment.kind === "clean" ? segment.text : "")).join("");
}

/** Whether a line of the text begins with the key, behind a verb or none: the module may have moved there. */
function isRequired(text: string, key: string): boolean {
  return splitLines(text).some((line) => {
    const words = line.trim().split(/\s+/);
    return words[0] === key || (words[0] === "require" && words[1] === key);
  });
}
