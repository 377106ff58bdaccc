// Lists of entries in code and text: reading them line by line, with brackets kept together.
import type { CutLimits } from "./hunks.ts";
import { collapsed, splitLines, withoutEnding } from "./lines.ts";

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

/** Splits into entries of whole lines, brackets kept together. `null` when brackets do not pair up or an entry has no separator. */
export function readEntries(text: string, form: ListForm): ListEntry[] | null {
  const separated = form === "elements";
  const entries: ListEntry[] = [];
  let lead = "";
  let open = "";
  let depth: number | null = 0;
  const lines = splitLines(text);
  const lastSolid = lines.findLastIndex((line) => line.trim() !== "");
  for (const [index, line] of lines.entries()) {
    if (open === "" && line.trim() === "") {
      lead += line;
      continue;
    }
    open += line;
    depth = depthAfter(line, depth);
    if (depth === null) return null;
    if (depth > 0 || (form === "bullets" && continues(open, lines[index + 1]))) continue;
    if (separated && index < lastSolid && !/,\s*(?:\/\/.*|#.*)?$/.test(withoutEnding(line))) return null;
    const flat = entryKey(open);
    entries.push({
      key: separated || form === "alike" ? (nameOf(flat) ?? flat) : flat,
      flat,
      lead,
      text: open,
    });
    lead = "";
    open = "";
  }
  return open === "" ? entries : null;
}

/** Whether the next line belongs to the bullet: deeper, and no bullet at its level. */
function continues(open: string, next: string | undefined): boolean {
  if (next === undefined || next.trim() === "") return false;
  const indent = (line: string) => /^[ \t]*/.exec(line)?.[0].length ?? 0;
  return indent(next) > indent(open);
}

/** A line's form with names, strings and numbers left out: two lines of one skeleton say the same of different things. */
export function skeleton(line: string): string {
  return entryKey(line)
    .replace(/"[^"]*"|'[^']*'|`[^`]*`/g, '"')
    .replace(/[\p{L}\p{N}_$./@-]+/gu, "w");
}
