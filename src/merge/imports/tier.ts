// The tier for import blocks: a set of imports, whatever the order and the layout.
import type { Hunk, Settlement } from "../../core/conflict.ts";
import { splitLines } from "../lines.ts";
import { compareSets, kindOf, unionOrdered } from "../ordered-union.ts";
import type { SetChangeKind } from "../ordered-union.ts";
import type { HunkContext, HunkTier } from "../tier.ts";
import { importLanguageOf } from "./languages.ts";
import { splitStatements, statementLength, withNames } from "./statement.ts";
import type { ImportLanguage, ListedName, Statement } from "./statement.ts";

interface Sides<T> {
  readonly base: T;
  readonly ours: T;
  readonly theirs: T;
}

/** The lines of a statement that begins in the clean text before the hunk and does not end there. */
function openStatement(before: string, language: ImportLanguage): string {
  const lines = splitLines(before);
  const start = lines.findLastIndex((line) => language.starts(line));
  if (start < 0) return "";
  const open = statementLength(lines, start, language) === null;
  return open ? lines.slice(start).join("") : "";
}

/** How many lines of `after` are needed to finish the last statement of `text`. */
function linesToFinish(text: string, after: readonly string[], language: ImportLanguage): number {
  const lines = splitLines(text);
  let index = 0;
  while (index < lines.length) {
    const line = lines[index] ?? "";
    if (line.trim() === "" || language.isComment(line)) {
      index++;
      continue;
    }
    const count = statementLength([...lines, ...after], index, language);
    if (count === null) return 0;
    index += count;
  }
  return index - lines.length;
}

/** The three sides as whole statements: what the hunk cuts off is taken from the clean text around it. */
interface Block {
  readonly head: string;
  readonly tail: string;
  readonly sides: Sides<readonly Statement[]>;
}

function wholeStatements(hunk: Hunk, context: HunkContext, language: ImportLanguage): Block | null {
  const head = openStatement(context.before, language);
  const after = splitLines(context.after);
  const missing = Math.max(
    ...[hunk.base, hunk.ours, hunk.theirs].map((side) => linesToFinish(head + side, after, language)),
  );
  const tail = after.slice(0, missing).join("");
  const base = splitStatements(head + hunk.base + tail, language);
  const ours = splitStatements(head + hunk.ours + tail, language);
  const theirs = splitStatements(head + hunk.theirs + tail, language);
  return base && ours && theirs && { head, tail, sides: { base, ours, theirs } };
}

const atomsOf = (statements: readonly Statement[]) => statements.flatMap(({ atoms }) => atoms);

function byKey(statements: readonly Statement[]): ReadonlyMap<string, Statement> | null {
  const map = new Map(statements.map((statement) => [statement.key, statement]));
  return map.size === statements.length ? map : null;
}

/** Two versions of one statement: their lists of names merged in ours' layout. `null` when anything but the list differs. */
function mergeStatement({ base, ours, theirs }: Sides<Statement | undefined>): string | null {
  if (!ours || !theirs) return (ours ?? theirs)?.text ?? null;
  if (ours.text === theirs.text || theirs.text === base?.text) return ours.text;
  if (ours.text === base?.text) return theirs.text;
  if (!ours.list || !theirs.list) return sameAtoms(ours, theirs) ? ours.text : null;
  const texts = new Map<string, ListedName>(
    [...theirs.list.names, ...ours.list.names].map((name) => [name.key, name]),
  );
  const keys = (statement: Statement | undefined) => statement?.list?.names.map(({ key }) => key) ?? [];
  const merged = unionOrdered(keys(base), keys(ours), keys(theirs));
  return withNames(
    ours.text,
    ours.list,
    merged.flatMap((key) => texts.get(key) ?? []),
  );
}

function sameAtoms(one: Statement, other: Statement): boolean {
  const change = compareSets([], one.atoms, other.atoms);
  const known = new Set(change.oursAdds);
  return (
    change.oursAdds.length === change.theirsAdds.length && change.theirsAdds.every((atom) => known.has(atom))
  );
}

/** The merged block's text; `null` where the sides do not meet as sets. */
function mergeBlock({ base, ours, theirs }: Sides<readonly Statement[]>): string | null {
  const maps = { base: byKey(base), ours: byKey(ours), theirs: byKey(theirs) };
  if (!maps.base || !maps.ours || !maps.theirs) return null;
  const order = unionOrdered([...maps.base.keys()], [...maps.ours.keys()], [...maps.theirs.keys()]);
  let text = "";
  for (const key of order) {
    const versions = { base: maps.base.get(key), ours: maps.ours.get(key), theirs: maps.theirs.get(key) };
    const merged = mergeStatement(versions);
    if (merged === null) return null;
    text += (versions.ours ?? versions.theirs)?.lead + merged;
  }
  return text;
}

/** What the merged block must import: all that a side added, nothing that a side removed. */
function expectedAtoms({ base, ours, theirs }: Sides<readonly string[]>): string[] {
  return unionOrdered(base, ours, theirs).sort();
}

/** Whether two different imports give one name: a compile error, or one silently hiding the other. */
function namesClash(statements: readonly Statement[]): boolean {
  const seen = new Map<string, string>();
  for (const { binds, key } of statements) {
    for (const name of binds) {
      if (seen.has(name) && seen.get(name) !== key) return true;
      seen.set(name, key);
    }
  }
  return false;
}

/** The words of a name in camel case or snake case, in lower case. */
function nameWords(name: string): ReadonlySet<string> {
  return new Set(name.match(/[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])/g)?.map((word) => word.toLowerCase()) ?? []);
}

/** Whether one side's new name is the other's with a word more: likelier one thing renamed than two things. */
function tellsOfRename(ours: readonly string[], theirs: readonly string[]): boolean {
  return ours.some((mine) =>
    theirs.some((other) => {
      const one = nameWords(mine);
      const two = nameWords(other);
      const shared = [...one].filter((word) => two.has(word)).length;
      return mine !== other && shared > 1 && shared === Math.min(one.size, two.size);
    }),
  );
}

function newNames(sides: Sides<readonly Statement[]>, side: "ours" | "theirs"): string[] {
  const binds = (statements: readonly Statement[]) => statements.flatMap((statement) => statement.binds);
  const known = new Set([...binds(sides.base), ...binds(sides[side === "ours" ? "theirs" : "ours"])]);
  return binds(sides[side]).filter((name) => !known.has(name));
}

/** Complete import statements in the clean text around the hunk, whatever else is there. */
function neighbours(text: string, language: ImportLanguage): Statement[] {
  const lines = splitLines(text);
  return lines.flatMap((line) => (language.starts(line) ? (splitStatements(line, language) ?? []) : []));
}

/** Delimiters of texts over several lines; an odd number of one in sight means that the hunk may stand in such a text. */
const textDelimiters = ["`", '"""', "'''"];

/** Whether the hunk may be inside a string or a block comment, where an import is only text. */
function mayBeText({ before, after }: HunkContext): boolean {
  const odd = (text: string, delimiter: string) => text.split(delimiter).length % 2 === 0;
  const opened = before.search(/^\s*\/\*(?![^]*\*\/)/m) >= 0;
  return opened || textDelimiters.some((delimiter) => odd(before, delimiter) || odd(after, delimiter));
}

/** Whether the hunk stands among imports: code in between could be a string or a function body in which the lines mean something else. */
function standsAmongImports(block: Block, context: HunkContext, language: ImportLanguage): boolean {
  if (block.head !== "") return true;
  const solid = (line: string) => line.trim() !== "";
  const before = splitLines(context.before).findLast(solid);
  const after = splitLines(context.after.slice(block.tail.length)).find(solid);
  const fits = (line: string | undefined) =>
    line !== undefined && (language.starts(line) || language.isPreamble(line));
  return (
    before === undefined ||
    fits(before) ||
    (after !== undefined && language.starts(after)) ||
    endsStatement(context.before, language)
  );
}

/** Whether the text ends with a whole import statement of several lines. */
function endsStatement(before: string, language: ImportLanguage): boolean {
  const lines = splitLines(before.trimEnd());
  const start = lines.findLastIndex((line) => language.starts(line));
  return start >= 0 && statementLength(lines, start, language) === lines.length - start;
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
    const block = language && wholeStatements(hunk, context, language);
    if (!language || !block || !standsAmongImports(block, context, language) || mayBeText(context))
      return null;
    const merged = mergeBlock(block.sides);
    if (merged === null || !merged.startsWith(block.head) || !merged.endsWith(block.tail)) return null;
    if (merged.length < block.head.length + block.tail.length) return null;
    const result = splitStatements(merged, language);
    if (!result) return null;
    const atoms = {
      base: atomsOf(block.sides.base),
      ours: atomsOf(block.sides.ours),
      theirs: atomsOf(block.sides.theirs),
    };
    if (atomsOf(result).sort().join("\n") !== expectedAtoms(atoms).join("\n")) return null;
    if (namesClash([...neighbours(context.before + context.after, language), ...result])) return null;
    const change = compareSets(atoms.base, atoms.ours, atoms.theirs);
    const kind = kindOf(change);
    if (kind === "both-add" && tellsOfRename(newNames(block.sides, "ours"), newNames(block.sides, "theirs")))
      return null;
    const company = context.hunks === 1 ? "only-conflict" : "among-conflicts";
    return {
      tier: "semantic",
      class: `imports/${kind}/${company}/${language.name}`,
      text: merged.slice(block.head.length, merged.length - block.tail.length),
      why: whys[kind],
    };
  },
};
