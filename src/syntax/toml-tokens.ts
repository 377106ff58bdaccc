// The smallest pieces of TOML: blanks, line ends, strings and names.
import { readToml } from "./toml.ts";

/** A place in a text that is read from its beginning to its end. */
export interface Cursor {
  readonly text: string;
  at: number;
  /** The number of the line, from 0. */
  line: number;
  readonly comments: string[];
}

/** At the beginning of a text, behind a byte order mark. */
export function startOf(text: string): Cursor {
  return { text, at: text.startsWith("\uFEFF") ? 1 : 0, line: 0, comments: [] };
}

export function skipBlanks(cursor: Cursor): void {
  while (cursor.text[cursor.at] === " " || cursor.text[cursor.at] === "\t") cursor.at++;
}

/** Takes blanks, a comment and the line's end, or the text's; takes nothing if anything else is there. */
export function endOfLine(cursor: Cursor): boolean {
  const { text } = cursor;
  let { at } = cursor;
  while (text[at] === " " || text[at] === "\t") at++;
  if (at < text.length && text[at] !== "#" && text[at] !== "\n") return false;
  const lineEnd = text.indexOf("\n", at);
  const end = lineEnd === -1 ? text.length : lineEnd;
  if (text[at] === "#") cursor.comments.push(text.slice(at, end).trimEnd());
  cursor.at = Math.min(end + 1, text.length);
  if (lineEnd !== -1) cursor.line++;
  return true;
}

/** Takes a string of any of the four kinds; counts the lines it goes over. */
export function takeString(cursor: Cursor): boolean {
  const { text, at } = cursor;
  const quote = text[at] ?? "";
  const isLong = text.startsWith(quote.repeat(3), at);
  const end = isLong ? longEnd(text, at + 3, quote) : shortEnd(text, at + 1, quote);
  if (end === null) return false;
  if (isLong) cursor.line += text.slice(at, end).split("\n").length - 1;
  cursor.at = end;
  return true;
}

function shortEnd(text: string, from: number, quote: string): number | null {
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === quote) return at + 1;
    if (character === "\n") return null;
    if (character === "\\" && quote === '"') at++;
  }
  return null;
}

/** Up to two quotes may stand right before the three that close. */
function longEnd(text: string, from: number, quote: string): number | null {
  const close = quote.repeat(3);
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\" && quote === '"') at++;
    else if (text.startsWith(close, at)) {
      let end = at + 3;
      while (end < at + 5 && text[end] === quote) end++;
      return end;
    }
  }
  return null;
}

/** A bare, quoted or dotted name, its parts decoded. */
export function readKey(cursor: Cursor): string[] | null {
  const path: string[] = [];
  do {
    skipBlanks(cursor);
    const part = readKeyPart(cursor);
    if (part === null) return null;
    path.push(part);
    skipBlanks(cursor);
  } while (cursor.text[cursor.at] === "." && ++cursor.at > 0);
  return path;
}

function readKeyPart(cursor: Cursor): string | null {
  const { text, at } = cursor;
  const quote = text[at];
  if (quote === '"' || quote === "'") {
    if (text.startsWith(quote.repeat(3), at) || !takeString(cursor)) return null;
    return decodeString(text.slice(at, cursor.at));
  }
  const pattern = /[A-Za-z0-9_-]+/y;
  pattern.lastIndex = at;
  const [name] = pattern.exec(text) ?? [];
  if (name === undefined) return null;
  cursor.at += name.length;
  return name;
}

/** What a quoted string says; `null` if it is none. */
export function decodeString(raw: string): string | null {
  const value = readToml(`_ = ${raw}`)?.["_"];
  return typeof value === "string" ? value : null;
}
