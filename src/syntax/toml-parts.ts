// TOML as headers, pairs and what lies between, each with its own text: no value is ever decoded but names.
import { endOfLine, readKey, skipBlanks, startOf, takeString, type Cursor } from "./toml-tokens.ts";

/** A value as it is written. */
export interface TomlValue {
  readonly kind: "scalar" | "array" | "table";
  readonly raw: string;
  readonly children: readonly TomlChild[];
  /** How the children are laid out: all on a line, one a line, or in any other way. */
  readonly layout: "line" | "lines" | "other";
  /** The text before the first child and behind the last: brackets, blanks, in `lines` whole lines. */
  readonly open: string;
  readonly close: string;
  /** Comment and blank lines between the last child and the closing bracket; in `lines` only. */
  readonly rest: readonly string[];
}

/** An element of an array or a member of an inline table. */
export interface TomlChild {
  /** The dotted name; `null` for an element. */
  readonly path: readonly string[] | null;
  /** Comment and blank lines above it; in `lines` only. */
  readonly lead: readonly string[];
  /** The text on its line before the value: indentation, or `name = `. */
  readonly before: string;
  readonly value: TomlValue;
  /** What follows on its line, comma left out: blanks and a comment. */
  readonly after: string;
  readonly comma: boolean;
  /** Line numbers from 0 in the text it was read from, lead included; in `lines` only. */
  readonly first: number;
  readonly last: number;
}

interface Lines {
  readonly first: number;
  readonly last: number;
}

export interface TomlHeader extends Lines {
  readonly kind: "header";
  readonly path: readonly string[];
  /** Whether it is `[[…]]`. */
  readonly isArray: boolean;
  readonly line: string;
}

export interface TomlPair extends Lines {
  readonly kind: "pair";
  readonly path: readonly string[];
  readonly before: string;
  readonly value: TomlValue;
  readonly after: string;
}

interface Trivia extends Lines {
  readonly kind: "trivia";
  readonly line: string;
}

type TomlPart = TomlHeader | TomlPair | Trivia;

interface TomlText<Part> {
  readonly parts: readonly Part[];
  /** Every comment, "#" and all, blanks at its end left out. */
  readonly comments: readonly string[];
}

/** Deeper nesting than any real file has; keeps every recursion shallow. */
const MAX_DEPTH = 40;

/** The parts of a text whose lines end with LF, in order and without a gap; `null` if it is not laid out as TOML. Linear, total. */
export function readTomlParts(text: string): TomlText<TomlPart> | null {
  const cursor = startOf(text);
  const parts: TomlPart[] = [];
  while (cursor.at < text.length) {
    const part = readPart(cursor);
    if (part === null) return null;
    parts.push(part);
  }
  return { parts, comments: cursor.comments };
}

/** The elements of an array that stand one a line, from lines alone; what follows the last one is `rest`. `null` if they do not stand so. */
export function readTomlElements(text: string): {
  readonly children: readonly TomlChild[];
  readonly rest: readonly string[];
  readonly comments: readonly string[];
} | null {
  const cursor = startOf(text);
  const read = readElementLines(cursor, outermost, () => cursor.at >= text.length);
  return read && { ...read, comments: cursor.comments };
}

function readPart(cursor: Cursor): TomlPart | null {
  const { at: start, line: first } = cursor;
  skipBlanks(cursor);
  if (cursor.text.startsWith("[", cursor.at)) return readHeader(cursor, start, first);
  if (endOfLine(cursor)) return { kind: "trivia", line: slice(cursor, start), first, last: first };
  const path = readKey(cursor);
  if (path === null || !take(cursor, "=")) return null;
  skipBlanks(cursor);
  const valueAt = cursor.at;
  const value = readValue(cursor, outermost);
  const afterAt = cursor.at;
  if (value === null || !endOfLine(cursor)) return null;
  const before = cursor.text.slice(start, valueAt);
  return { kind: "pair", path, before, value, after: slice(cursor, afterAt), first, last: lastLine(cursor) };
}

/** The number of the line that was just read to its end. */
function lastLine({ text, at, line }: Cursor): number {
  return text.startsWith("\n", at - 1) ? line - 1 : line;
}

/** What was read since `start`, the line's end left out. */
function slice({ text, at }: Cursor, start: number): string {
  return text.slice(start, at).replace(/\n$/, "");
}

function take(cursor: Cursor, token: string): boolean {
  skipBlanks(cursor);
  if (!cursor.text.startsWith(token, cursor.at)) return false;
  cursor.at += token.length;
  return true;
}

function readHeader(cursor: Cursor, start: number, first: number): TomlHeader | null {
  const isArray = cursor.text.startsWith("[[", cursor.at);
  cursor.at += isArray ? 2 : 1;
  const path = readKey(cursor);
  if (path === null || !take(cursor, isArray ? "]]" : "]") || !endOfLine(cursor)) return null;
  return { kind: "header", path, isArray, line: slice(cursor, start), first, last: first };
}

/** How deep a value stands. What stands in an array is never tried as lines: a text read twice on every level would take for ever. */
interface Within {
  readonly depth: number;
  readonly inArray: boolean;
}

const outermost: Within = { depth: 0, inArray: false };

function readValue(cursor: Cursor, within: Within): TomlValue | null {
  const { text, at } = cursor;
  const character = text[at];
  if (within.depth > MAX_DEPTH || character === undefined) return null;
  if (character === "[") return within.inArray ? readList(cursor, within, "]") : readArray(cursor, within);
  if (character === "{") return readList(cursor, within, "}");
  const found = character === '"' || character === "'" ? takeString(cursor) : takeBare(cursor);
  if (!found) return null;
  return {
    kind: "scalar",
    raw: text.slice(at, cursor.at),
    children: [],
    layout: "line",
    open: "",
    close: "",
    rest: [],
  };
}

/** A number, a truth or a date; a date may have a blank before its time. */
function takeBare(cursor: Cursor): boolean {
  const pattern = /(?:\d{4}-\d\d-\d\d [\d:.+-]+Z?|[^\s,#\]}[{"'=]+)/y;
  pattern.lastIndex = cursor.at;
  if (!pattern.test(cursor.text)) return false;
  cursor.at = pattern.lastIndex;
  return true;
}

/** An array that opens at the end of its line is tried as one element a line. */
function readArray(cursor: Cursor, within: Within): TomlValue | null {
  const { at: start, line, comments } = cursor;
  const known = comments.length;
  cursor.at++;
  if (endOfLine(cursor)) {
    const open = cursor.text.slice(start, cursor.at);
    const body = readElementLines(cursor, within, () => isClosing(cursor));
    if (body !== null && cursor.at < cursor.text.length) {
      const closeAt = cursor.at;
      take(cursor, "]");
      const [raw, close] = [start, closeAt].map((from) => cursor.text.slice(from, cursor.at));
      return { kind: "array", raw: raw ?? "", layout: "lines", open, close: close ?? "", ...body };
    }
  }
  Object.assign(cursor, { at: start, line });
  comments.length = known;
  return readList(cursor, within, "]");
}

function isClosing({ text, at }: Cursor): boolean {
  let next = at;
  while (text[next] === " " || text[next] === "\t") next++;
  return text[next] === "]";
}

type ElementLines = Pick<TomlValue, "children" | "rest">;

function readElementLines(cursor: Cursor, within: Within, isEnd: () => boolean): ElementLines | null {
  const children: TomlChild[] = [];
  let lead: string[] = [];
  let { line: first } = cursor;
  while (!isEnd() && cursor.at < cursor.text.length) {
    const start = cursor.at;
    skipBlanks(cursor);
    if (endOfLine(cursor)) {
      lead.push(slice(cursor, start));
      continue;
    }
    if (children.at(-1)?.comma === false) return null;
    const child = readElement(cursor, within, start);
    if (child === null) return null;
    children.push({ ...child, lead, first, last: lastLine(cursor) });
    lead = [];
    first = cursor.line;
  }
  return { children, rest: lead };
}

function readElement(cursor: Cursor, within: Within, start: number): TomlChild | null {
  const before = cursor.text.slice(start, cursor.at);
  const value = readValue(cursor, { depth: within.depth + 1, inArray: true });
  if (value === null) return null;
  const comma = take(cursor, ",");
  const afterAt = cursor.at;
  if (!endOfLine(cursor)) return null;
  return { path: null, lead: [], before, value, after: slice(cursor, afterAt), comma, first: 0, last: 0 };
}

/** An array or an inline table in any other layout: separators are not kept apart. */
function readList(cursor: Cursor, within: Within, bracket: "]" | "}"): TomlValue | null {
  const { at: start, text } = cursor;
  const children: TomlChild[] = [];
  cursor.at++;
  let isFlat = skipSpace(cursor);
  const open = text.slice(start, cursor.at);
  let end = cursor.at;
  while (!text.startsWith(bracket, cursor.at)) {
    if (children.at(-1)?.comma === false) return null;
    const child = readChild(cursor, within, bracket === "}");
    if (child === null) return null;
    end = cursor.at;
    isFlat = skipSpace(cursor) && isFlat;
    const comma = text.startsWith(",", cursor.at);
    if (comma) cursor.at++;
    isFlat = skipSpace(cursor) && isFlat;
    children.push({ ...child, comma });
  }
  cursor.at++;
  const kind = bracket === "}" ? "table" : "array";
  const layout = isFlat ? "line" : "other";
  return {
    kind,
    raw: text.slice(start, cursor.at),
    children,
    layout,
    open,
    close: text.slice(end, cursor.at),
    rest: [],
  };
}

function readChild(cursor: Cursor, within: Within, isMember: boolean): TomlChild | null {
  const start = cursor.at;
  const path = isMember ? readKey(cursor) : null;
  if (isMember && (path === null || !take(cursor, "="))) return null;
  skipBlanks(cursor);
  const before = cursor.text.slice(start, cursor.at);
  const value = readValue(cursor, { depth: within.depth + 1, inArray: within.inArray || !isMember });
  return value && { path, lead: [], before, value, after: "", comma: false, first: 0, last: 0 };
}

/** Over blanks, line ends and comments; whether there were blanks only. */
function skipSpace(cursor: Cursor): boolean {
  let isFlat = true;
  for (;;) {
    skipBlanks(cursor);
    const character = cursor.text[cursor.at];
    if (character !== "\n" && character !== "#") return isFlat;
    endOfLine(cursor);
    isFlat = false;
  }
}
