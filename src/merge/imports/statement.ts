// Import statements as data: what they name, where their list of names stands in the text, and how a block splits into them.
import { collapsed, splitLines } from "../lines.ts";

/** One name in a statement's list: `key` is what it imports, `text` how it is written. */
export interface ListedName {
  readonly key: string;
  readonly text: string;
}

/** The list of names in a statement's text, between `start` and `end` (offsets into the text, delimiters outside). */
export interface NameList {
  readonly start: number;
  readonly end: number;
  readonly names: readonly ListedName[];
}

/** What a language's parser says of one complete statement. */
export interface ParsedImport {
  /** Statements of one key are one statement: same module, same form. */
  readonly key: string;
  /** Everything it imports, one string each, whatever the layout: two blocks are equal when these sets are. */
  readonly atoms: readonly string[];
  /** Names it introduces in the file. */
  readonly binds: readonly string[];
  readonly list: NameList | null;
}

export interface Statement extends ParsedImport {
  /** Blank lines before it. */
  readonly lead: string;
  /** Its whole lines. */
  readonly text: string;
}

export interface ImportLanguage {
  /** Part of the class's name. */
  readonly name: string;
  readonly matches: (path: string) => boolean;
  readonly isComment: (line: string) => boolean;
  /** Lines that stand right before a block of imports: a package clause, a directive, the end of a header comment. */
  readonly isPreamble: (line: string) => boolean;
  /** Whether a statement can start with this line. Cheap; `parse` decides. */
  readonly starts: (line: string) => boolean;
  /** Whether these lines end a statement that `starts` began. */
  readonly isComplete: (text: string) => boolean;
  /** `null` for anything that is not exactly one import statement. */
  readonly parse: (text: string) => ParsedImport | null;
}

/** Statements longer than this are not worth the risk of a slow pattern on hostile text. */
const longestStatement = 8_000;
const mostLines = 120;

/** Splits a block into statements; comments count as statements of their own. `null` when any line belongs to something else or is unfinished. */
export function splitStatements(text: string, language: ImportLanguage): Statement[] | null {
  const statements: Statement[] = [];
  const lines = splitLines(text);
  let lead = "";
  for (let index = 0; index < lines.length;) {
    const line = lines[index] ?? "";
    if (line.trim() === "") {
      lead += line;
      index++;
      continue;
    }
    const taken = takeStatement(lines, index, language);
    if (taken === null) return null;
    statements.push({ ...taken.parsed, lead, text: taken.text });
    lead = "";
    index += taken.count;
  }
  return statements;
}

function takeStatement(
  lines: readonly string[],
  from: number,
  language: ImportLanguage,
): { parsed: ParsedImport; text: string; count: number } | null {
  const first = lines[from] ?? "";
  if (language.isComment(first)) {
    const key = `comment ${collapsed(first)}`;
    return { parsed: { key, atoms: [key], binds: [], list: null }, text: first, count: 1 };
  }
  const count = statementLength(lines, from, language);
  if (count === null) return null;
  const text = lines.slice(from, from + count).join("");
  const parsed = language.parse(text);
  return parsed && { parsed, text, count };
}

/** How many lines the statement at `from` has; `null` when none starts there or it does not end. */
export function statementLength(
  lines: readonly string[],
  from: number,
  language: ImportLanguage,
): number | null {
  if (!language.starts(lines[from] ?? "")) return null;
  let text = "";
  for (let count = 1; count <= mostLines && from + count <= lines.length; count++) {
    text += lines[from + count - 1] ?? "";
    if (text.length > longestStatement) return null;
    if (language.isComplete(text)) return count;
  }
  return null;
}

/** Reads `a, b as c,` between two offsets. `null` when an element is not a name. */
export function readNames(
  text: string,
  range: { start: number; end: number },
  keyOf: (element: string) => string | null,
): NameList | null {
  const elements = text
    .slice(range.start, range.end)
    .split(",")
    .map(collapsed)
    .filter((element) => element !== "");
  const names: ListedName[] = [];
  for (const element of elements) {
    const key = keyOf(element);
    if (key === null) return null;
    names.push({ key, text: element });
  }
  return { ...range, names };
}

/** The statement's text with another list of names, in the layout it has: one line, or one name a line. */
export function withNames(text: string, list: NameList, names: readonly ListedName[]): string {
  const inner = text.slice(list.start, list.end);
  const before = text.slice(0, list.start);
  const after = text.slice(list.end);
  if (!inner.includes("\n")) {
    const pad = /^\s/.test(inner) ? " " : "";
    const ends = /\s$/.test(inner) ? " " : "";
    const comma = inner.trim().endsWith(",") ? "," : "";
    return `${before}${pad}${names.map((name) => name.text).join(", ")}${comma}${ends}${after}`;
  }
  const ending = inner.includes("\r\n") ? "\r\n" : "\n";
  const indent = /\n([ \t]*)\S/.exec(inner)?.[1] ?? "  ";
  const comma = inner.trim().endsWith(",") || names.length === 0 ? "," : "";
  const closing = /\n([ \t]*)$/.exec(inner)?.[1] ?? "";
  return `${before}${ending}${names.map((name) => indent + name.text).join(`,${ending}`)}${comma}${ending}${closing}${after}`;
}
