// The tier for import blocks: a set of imports, whatever the order and the layout.
import type { Hunk, Settlement } from "../../core/conflict.ts";
import { splitLines } from "../lines.ts";
import { compareSets, kindOf } from "../lists/ordered-union.ts";
import type { SetChangeKind } from "../lists/ordered-union.ts";
import type { HunkContext, HunkTier } from "../tier.ts";
import { atomsOf, mergeBlock, readBlock } from "./block.ts";
import type { Block, Sides } from "./block.ts";
import { importLanguageOf } from "./languages.ts";
import { splitStatements, statementLength } from "./statement.ts";
import type { ImportLanguage, Statement } from "./statement.ts";

/** Whether a name is imported twice: a compile error, or one silently hiding the other. */
function namesClash(statements: readonly Statement[]): boolean {
  const seen = new Set<string>();
  for (const { binds } of statements) {
    for (const name of binds) {
      if (seen.has(name)) return true;
      seen.add(name);
    }
  }
  return false;
}

/** Import statements of one line in the clean text around the hunk, whatever else is there. */
function neighbours({ before, after }: HunkContext, language: ImportLanguage): Statement[] {
  return splitLines(before + after).flatMap((line) =>
    language.starts(line) ? (splitStatements(line, language) ?? []) : [],
  );
}

/** The words of a name in camel case or snake case, in lower case. */
function nameWords(name: string): ReadonlySet<string> {
  const words = name.match(/[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])/g) ?? [];
  return new Set(words.map((word) => word.toLowerCase()));
}

/** The most new names compared pair by pair; hunks with more are no hand's work. */
const mostNames = 400;

/** Whether one side's new name is the other's with a word more: likelier one thing renamed than two things. */
function tellsOfRename(ours: readonly string[], theirs: readonly string[]): boolean {
  const others = theirs.map((name) => ({ name, words: nameWords(name) }));
  return ours.some((mine) => {
    const one = [...nameWords(mine)];
    return others.some(({ name, words }) => {
      const shared = one.filter((word) => words.has(word)).length;
      return mine !== name && shared > 1 && shared === Math.min(one.length, words.size);
    });
  });
}

/** Names that only `side` introduces. */
function newNames(sides: Sides<readonly Statement[]>, side: "ours" | "theirs"): string[] {
  const binds = (statements: readonly Statement[]) => statements.flatMap((statement) => statement.binds);
  const known = new Set([...binds(sides.base), ...binds(sides[side === "ours" ? "theirs" : "ours"])]);
  return binds(sides[side]).filter((name) => !known.has(name));
}

/** Whether the text ends with a whole import statement of several lines. */
function endsStatement(before: string, language: ImportLanguage): boolean {
  const lines = splitLines(before.trimEnd());
  const start = lines.findLastIndex((line) => language.starts(line));
  return start >= 0 && statementLength(lines, start, language) === lines.length - start;
}

/** A line that speaks of the next statement only: what both sides wrote it above are two statements. */
const ofNextLine =
  /^\s*#\[|^\s*(?:\/\/|\/\*|#).*(?:@ts-(?:ignore|expect-error)|(?:disable|NOLINT)-?next-?line|(?:prettier|biome|deno-lint|istanbul|v8|c8)[- ]ignore|noinspection)/i;

/** Python wants `from __future__` before any other statement. */
function futureIsLate(statements: readonly Statement[]): boolean {
  const code = statements.filter(({ key }) => !key.startsWith("comment "));
  const isFuture = ({ key }: Statement) => key === "from __future__";
  return code.some(
    (statement, index) => index > 0 && isFuture(statement) && !code.slice(0, index).every(isFuture),
  );
}

/** Whether the hunk stands among imports: elsewhere the same lines could be a function's body, or a text. */
function standsAmongImports(block: Block, context: HunkContext, language: ImportLanguage): boolean {
  if (block.head !== "" || endsStatement(context.before, language)) return true;
  const solid = (line: string) => line.trim() !== "";
  const before = splitLines(context.before).findLast(solid);
  const after = splitLines(context.after.slice(block.tail.length)).find(solid);
  if (before !== undefined && ofNextLine.test(before)) return false;
  const follows = before === undefined || language.starts(before) || language.isPreamble(before);
  return follows || (after !== undefined && language.starts(after));
}

/** Delimiters of texts over several lines; an odd number of one in sight means that the hunk may stand in such a text. */
const textDelimiters = ["`", '"""', "'''"];

/** Whether the hunk may be inside a string or a block comment, where an import is only text. */
function mayBeText({ before, after }: HunkContext): boolean {
  const odd = (text: string, delimiter: string) => text.split(delimiter).length % 2 === 0;
  return (
    inComment(before) || textDelimiters.some((delimiter) => odd(before, delimiter) || odd(after, delimiter))
  );
}

/** Whether a block comment that opens at the start of a line does not close again. */
function inComment(text: string): boolean {
  let open = false;
  for (const line of text.split(/[\n\r\u2028\u2029]/)) {
    const start = line.trimStart();
    const opens = start.startsWith("/*");
    if (opens || open) open = !(opens ? start.slice(2) : line).includes("*/");
  }
  return open;
}

const whys: Readonly<Record<SetChangeKind, string>> = {
  "both-add": "Both sides only add imports: the result has all of them.",
  "one-removes": "One side removes imports: the result has what was added and not what was removed.",
  "both-remove": "Both sides remove imports: the result has what was added and not what was removed.",
};

/** Settles hunks of whole import statements, or of names within one, where the result's set of imports is certain. */
export const importsTier: HunkTier = {
  name: "imports",
  settle(hunk: Hunk, context: HunkContext): Settlement | null {
    const language = importLanguageOf(context.path);
    const block = language && readBlock(hunk, context, language);
    if (!block || !standsAmongImports(block, context, language) || mayBeText(context)) return null;
    const merged = mergeBlock(block, language);
    if (
      !merged ||
      futureIsLate(merged.statements) ||
      namesClash([...neighbours(context, language), ...merged.statements])
    )
      return null;
    const { base, ours, theirs } = block.sides;
    const kind = kindOf(compareSets(atomsOf(base), atomsOf(ours), atomsOf(theirs)));
    const [mine, other] = [newNames(block.sides, "ours"), newNames(block.sides, "theirs")];
    if (mine.length + other.length > mostNames) return null;
    if (kind === "both-add" && tellsOfRename(mine, other)) return null;
    const company = context.hunks === 1 ? "only-conflict" : "among-conflicts";
    return {
      tier: "semantic",
      class: `imports/${kind}/${company}/${language.name}`,
      text: merged.text,
      why: whys[kind],
    };
  },
};
