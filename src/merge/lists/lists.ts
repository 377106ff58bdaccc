// Lists of entries in code and text: reading them line by line, with brackets kept together.
import type { CutLimits } from "../hunks.ts";
import { collapsed, splitLines, withoutEnding } from "../lines.ts";

/** What a list is made of; each form has its own precision. */
export type ListForm =
  /** One entry a line, nothing else: ignore files, word lists. */
  | "lines"
  /** Bullets of prose, items of a YAML sequence. */
  | "bullets"
  /** Rows of a Markdown table. */
  | "rows"
  /** Separated by commas: elements of arrays, members of objects and enumerations, match arms. */
  | "elements"
  /** Lines that say the same of different things, like the line next to them. */
  | "alike";

export interface ListEntry {
  /** What it is: its name where it has one, else its text. Two entries of one key are rivals. */
  readonly key: string;
  /** All of it with single spaces, without the separator behind it. */
  readonly flat: string;
  /** Blank lines before it. */
  readonly lead: string;
  /** Its whole lines. */
  readonly text: string;
}

/** A line's text with single spaces and without the separator behind it. */
export function entryKey(line: string): string {
  return collapsed(line).replace(/[,;]$/, "").trimEnd();
}

const lineFiles =
  /(?:^|\/)(?:\.\w*ignore|\.gitattributes|\.mailmap|codeowners|authors|contributors|maintainers|requirements[\w-]*\.txt|[\w.-]*(?:words?|dictionary|wordlist)[\w.-]*\.txt)$/i;

/** Whether every line of a file of this name is an entry by itself. */
export function isLineFile(path: string): boolean {
  return lineFiles.test(path);
}

/** What an entry of such a file is about: a requirement's project, the pattern that owners or attributes are given for; `null` for its own name. */
export function lineName(path: string, flat: string): string | null {
  if (flat.startsWith("#")) return null;
  const project = /requirements[^/]*\.txt$/i.test(path) && /^[A-Za-z0-9][\w.-]*/.exec(flat)?.[0];
  if (project) return project.toLowerCase().replace(/[-_.]+/g, "-");
  return /(?:codeowners|\.gitattributes)$/i.test(path) ? (flat.split(" ")[0] ?? null) : null;
}

/** The number that an entry is given (`A = 3`, `string a = 3`): of an enumeration's members or a message's fields no two may have one. */
export function numberOf({ flat }: Pick<ListEntry, "flat">): string | null {
  return /^[\w .<>,]{1,200}? = (0x[\da-f]+|\d+)\b/i.exec(flat)?.[1] ?? null;
}

/** A line without its strings and comments, roughly: good enough to count brackets. */
function bareCode(line: string): string {
  return line
    .replace(/\\./g, "")
    .replace(/"[^"\n]*"|'[^'\n]*'|`[^`\n]*`/g, "")
    .replace(/\/\/[^\n]*|\/\*[^*\n]*\*\//g, "");
}

/** How many brackets are open after the line when `depth` were before it; `null` when it closes one that was not open. */
function depthAfter(line: string, depth: number): number | null {
  for (const character of bareCode(line)) {
    if ("([{".includes(character)) depth++;
    if (")]}".includes(character)) depth--;
    if (depth < 0) return null;
  }
  return depth;
}

/** Cuts only where brackets are balanced in what is cut off, so that no block is cut in two. */
export const wholeBlocks: CutLimits = {
  head: (added) => {
    let depth: number | null = 0;
    let most = 0;
    for (const [index, line] of added.entries()) {
      depth = depthAfter(line, depth);
      if (depth === null) break;
      if (depth === 0) most = index + 1;
    }
    return most;
  },
  tail: (added) => {
    let closed = 0;
    let most = 0;
    for (const [index, line] of added.toReversed().entries()) {
      const brackets = bareCode(line).match(/[()[\]{}]/g) ?? [];
      for (const bracket of brackets) closed += ")]}".includes(bracket) ? 1 : -1;
      if (closed < 0) break;
      if (closed === 0) most = index + 1;
    }
    return most;
  },
};

/** The bracket that the end of the text stands in, "" for none in sight. */
export function openBracket(text: string): string {
  let depth = 0;
  const lines = splitLines(text).reverse();
  for (const line of lines) {
    const brackets = bareCode(line).match(/[()[\]{}]/g) ?? [];
    for (const bracket of brackets.reverse()) {
      if (")]}".includes(bracket)) depth++;
      else if (depth === 0) return bracket;
      else depth--;
    }
  }
  return "";
}

/** The name an element has: `name: value`, `name = value`, `pattern => arm`, `"key": value`; `null` when it is its own name. */
function nameOf(flat: string): string | null {
  const match =
    /^(?:(?:pub|public|private|readonly|static|final|async|const|get|set) )*(["'`]?)([\w$.@/ :*-]{1,200}?)\1\??\s?(?:=>|:(?!:)|=(?!=)|\()/.exec(
      flat,
    );
  return match?.[2] ?? null;
}

/** Whether a line ends an element: with a comma, a comment may follow. */
export function endsElement(line: string): boolean {
  const bare = withoutEnding(line);
  if (bare.trimEnd().endsWith(",")) return true;
  // A comment ends at a lone CR too: what stands behind it is code again.
  const last = bare.split(/[\r\u2028\u2029]/).at(-1) ?? "";
  return /,\s*(?:\/\/|#)/.test(last);
}

const indentOf = (line: string) => /^[ \t]*/.exec(line)?.[0].length ?? 0;

/** Whether the bullet at `indent` goes on in this line. */
function goesOn(line: string | undefined, indent: number): boolean {
  return line !== undefined && line.trim() !== "" && indentOf(line) > indent;
}

/** Where each entry's lines end: at a line with no bracket open, and for bullets with nothing deeper below. `null` when brackets do not pair up. */
function entryEnds(lines: readonly string[], form: ListForm): number[] | null {
  const ends: number[] = [];
  let depth: number | null = 0;
  let indent: number | null = null;
  for (const [index, line] of lines.entries()) {
    if (indent === null && line.trim() === "") continue;
    depth = depthAfter(line, depth);
    if (depth === null) return null;
    indent ??= indentOf(line);
    if (depth > 0 || (form === "bullets" && goesOn(lines[index + 1], indent))) continue;
    ends.push(index + 1);
    indent = null;
  }
  return depth === 0 ? ends : null;
}

function entryOf(lines: readonly string[], form: ListForm): ListEntry {
  const start = lines.findIndex((line) => line.trim() !== "");
  const text = lines.slice(start).join("");
  const flat = entryKey(text);
  const named = form === "elements" || form === "alike";
  return { key: named ? (nameOf(flat) ?? flat) : flat, flat, lead: lines.slice(0, start).join(""), text };
}

/** Entries of whole lines, brackets kept together, and the blank lines behind the last. */
export interface ListText {
  readonly entries: readonly ListEntry[];
  readonly tail: string;
}

/** Splits a text into entries. `null` when brackets do not pair up or an element has no separator. */
export function readEntries(text: string, form: ListForm): ListText | null {
  const lines = splitLines(text);
  const ends = entryEnds(lines, form);
  if (!ends) return null;
  const separated = ends
    .slice(0, -1)
    .every((end) => form !== "elements" || endsElement(lines[end - 1] ?? ""));
  if (!separated) return null;
  const entries = ends.map((end, index) => entryOf(lines.slice(ends[index - 1] ?? 0, end), form));
  return { entries, tail: lines.slice(ends.at(-1) ?? 0).join("") };
}

/** A line's form with names, strings and numbers left out: two lines of one skeleton say the same of different things. */
export function skeleton(line: string): string {
  return entryKey(line)
    .replace(/"[^"]*"|'[^']*'|`[^`]*`/g, '"')
    .replace(/[\p{L}\p{N}_$./@-]+/gu, "w");
}
