// A hunk of imports as three sets of whole statements, and their merge.
import type { Hunk } from "../../core/conflict.ts";
import { splitLines } from "../lines.ts";
import { compareSets, unionOrdered } from "../lists/ordered-union.ts";
import type { HunkContext } from "../tier.ts";
import { splitStatements, statementLength, withNames } from "./statement.ts";
import type { ImportLanguage, ListedName, Statement } from "./statement.ts";

export interface Sides<T> {
  readonly base: T;
  readonly ours: T;
  readonly theirs: T;
}

/** The three sides as whole statements: what the hunk cuts off is taken from the clean text around it. */
export interface Block {
  /** The lines of `context.before` that begin a statement the hunk goes on with. */
  readonly head: string;
  /** The lines of `context.after` that finish the last statement. */
  readonly tail: string;
  readonly sides: Sides<readonly Statement[]>;
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
  const all = [...lines, ...after];
  let index = 0;
  while (index < lines.length) {
    const line = lines[index] ?? "";
    const skip = line.trim() === "" || language.isComment(line);
    const count = skip ? 1 : statementLength(all, index, language);
    if (count === null) return 0;
    index += count;
  }
  return index - lines.length;
}

/** Reads a hunk as import statements; `null` when any line of any side is something else. */
export function readBlock(hunk: Hunk, context: HunkContext, language: ImportLanguage): Block | null {
  const head = openStatement(context.before, language);
  const after = splitLines(context.after);
  const missing = [hunk.base, hunk.ours, hunk.theirs].map((side) =>
    linesToFinish(head + side, after, language),
  );
  const tail = after.slice(0, Math.max(...missing)).join("");
  const base = splitStatements(head + hunk.base + tail, language);
  const ours = splitStatements(head + hunk.ours + tail, language);
  const theirs = splitStatements(head + hunk.theirs + tail, language);
  return base && ours && theirs && { head, tail, sides: { base, ours, theirs } };
}

/** Everything the statements import. */
export function atomsOf(statements: readonly Statement[]): string[] {
  return statements.flatMap(({ atoms }) => atoms);
}

function sameAtoms(one: Statement, other: Statement): boolean {
  const change = compareSets([], one.atoms, other.atoms);
  return [...change.oursAdds].sort().join("\n") === [...change.theirsAdds].sort().join("\n");
}

type Versions = Sides<Statement | undefined>;

/** A statement that both sides have: their lists of names merged in ours' layout. `null` when anything but the list differs. */
function mergeStatement(base: Statement | undefined, ours: Statement, theirs: Statement): string | null {
  if (ours.text === theirs.text || theirs.text === base?.text) return ours.text;
  if (ours.text === base?.text) return theirs.text;
  if (!ours.list || !theirs.list) return sameAtoms(ours, theirs) ? ours.text : null;
  const names = [...theirs.list.names, ...ours.list.names];
  const byKey = new Map<string, ListedName>(names.map((name) => [name.key, name]));
  const keys = (statement: Statement | undefined) => statement?.list?.names.map(({ key }) => key) ?? [];
  const merged = unionOrdered(keys(base), keys(ours), keys(theirs));
  return withNames(
    ours.text,
    ours.list,
    merged.flatMap((key) => byKey.get(key) ?? []),
  );
}

function mergeVersions({ base, ours, theirs }: Versions): string | null {
  if (ours && theirs) {
    const merged = mergeStatement(base, ours, theirs);
    return merged === null ? null : ours.lead + merged;
  }
  const only = ours ?? theirs;
  return only ? only.lead + only.text : null;
}

function byStatement(statements: readonly Statement[]): ReadonlyMap<string, Statement> | null {
  const map = new Map(statements.map((statement) => [statement.key, statement]));
  return map.size === statements.length ? map : null;
}

/** The union's text, statement by statement; `null` where a statement occurs twice in a side or its versions do not merge. */
function unionText(sides: Sides<readonly Statement[]>): string | null {
  const base = byStatement(sides.base);
  const ours = byStatement(sides.ours);
  const theirs = byStatement(sides.theirs);
  if (!base || !ours || !theirs) return null;
  let text = "";
  for (const key of unionOrdered([...base.keys()], [...ours.keys()], [...theirs.keys()])) {
    const merged = mergeVersions({ base: base.get(key), ours: ours.get(key), theirs: theirs.get(key) });
    if (merged === null) return null;
    text += merged;
  }
  return text;
}

/**
 * Merges a block; the result's statements and the text that replaces the hunk. Checks itself: the result must read as exactly what a side added or kept,
 * without what a side removed, and leave the clean text around the hunk as it is. `null` otherwise.
 */
export function mergeBlock(
  block: Block,
  language: ImportLanguage,
): { readonly text: string; readonly statements: readonly Statement[] } | null {
  const { head, tail, sides } = block;
  const merged = unionText(sides);
  if (merged === null || merged.length < head.length + tail.length) return null;
  if (!merged.startsWith(head) || !merged.endsWith(tail)) return null;
  const statements = splitStatements(merged, language);
  if (!statements) return null;
  const expected = unionOrdered(atomsOf(sides.base), atomsOf(sides.ours), atomsOf(sides.theirs));
  const found = [...new Set(atomsOf(statements))];
  if (found.sort().join("\n") !== expected.sort().join("\n")) return null;
  return { text: merged.slice(head.length, merged.length - tail.length), statements };
}
