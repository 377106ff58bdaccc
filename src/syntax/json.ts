// JSON and JSONC read without ever printing it back: errors, and what stands on one line.
import { createScanner, parse, visit, type ParseError } from "jsonc-parser";

/** Number of syntax errors of a text read as JSONC (comments and trailing commas allowed); 0 means that it parses. Total. */
export function countErrors(text: string): number {
  const errors: ParseError[] = [];
  try {
    parse(text.replace(/^\uFEFF/, ""), errors, { allowTrailingComma: true });
    return errors.length;
  } catch {
    // The parser is recursive: nesting of many thousands overflows the stack.
    return errors.length + 1;
  }
}

/** Keys that stand twice in one object, each time they do; none where the text nests too deep to be read. Total. */
export function repeatedKeys(text: string): string[] {
  const twice: string[] = [];
  const objects: Set<string>[] = [];
  try {
    visit(text.replace(/^\uFEFF/, ""), {
      onObjectBegin: () => {
        objects.push(new Set());
      },
      onObjectEnd: () => {
        objects.pop();
      },
      onObjectProperty: (key) => {
        const known = objects.at(-1);
        if (known?.has(key)) twice.push(key);
        known?.add(key);
      },
    });
  } catch {
    return [];
  }
  return twice;
}

/** One line of a JSON text that is laid out one property, element or bracket a line. */
export interface JsonLine {
  /** `open`: ends with a bracket it does not close; `close`: only a closing bracket; `leaf`: one whole value; `trivia`: blank or comment. */
  readonly kind: "open" | "close" | "leaf" | "trivia";
  /** The decoded property name; `null` for elements, brackets and trivia. */
  readonly key: string | null;
  /** The raw text of the value: a whole value, or the one bracket. */
  readonly value: string;
  /** The line up to where its comma stands or would stand. */
  readonly body: string;
  readonly comma: boolean;
  /** What follows the comma: blanks, a comment. No line ending. */
  readonly tail: string;
}

interface Token {
  /** A `SyntaxKind` of jsonc-parser: a const enum, which isolated modules cannot read, so its numbers are named here. */
  readonly kind: number;
  readonly start: number;
  readonly end: number;
}

const COMMA = 5;
const COLON = 6;
const STRING = 10;
const UNKNOWN = 16;
const END = 17;
const OPENERS: ReadonlySet<number> = new Set([1, 3]);
const CLOSERS: ReadonlySet<number> = new Set([2, 4]);
const COMMENTS: ReadonlySet<number> = new Set([12, 13]);
const BLANKS: ReadonlySet<number> = new Set([14, 15]);

/** What a line holds, or `null` where it holds more than one thing, half a thing, or no JSON. `line` is without its line ending. */
export function readJsonLine(line: string): JsonLine | null {
  const tokens = tokensOf(line);
  if (tokens === null) return null;
  const first = tokens.findIndex((token) => COMMENTS.has(token.kind));
  const words = first === -1 ? tokens : tokens.slice(0, first);
  if (tokens.slice(words.length).some((token) => !COMMENTS.has(token.kind))) return null;
  if (words.length === 0) return { kind: "trivia", key: null, value: "", body: line, comma: false, tail: "" };
  const comma = words.at(-1)?.kind === COMMA;
  const value = comma ? words.slice(0, -1) : words;
  return readValue(line, value, comma ? words.at(-1) : undefined);
}

function readValue(line: string, words: readonly Token[], comma: Token | undefined): JsonLine | null {
  const keyed = isKeyed(words);
  const value = keyed ? words.slice(2) : words;
  const [from, to] = [value[0], value.at(-1)];
  const kind = kindOf(value);
  const key = keyed ? decode(line, words[0]) : null;
  if (from === undefined || to === undefined || kind === null || (keyed && key === null)) return null;
  const read = { key, value: line.slice(from.start, to.end), comma: comma !== undefined };
  if (!isAllowed(kind, read)) return null;
  const { start, end } = comma ?? { start: to.end, end: to.end };
  return { kind, ...read, body: line.slice(0, start), tail: line.slice(end) };
}

function isKeyed(words: readonly Token[]): boolean {
  return words[0]?.kind === STRING && words[1]?.kind === COLON;
}

type Read = Pick<JsonLine, "key" | "value" | "comma">;

/** No name before a closing bracket, no comma after an opening one, and every value well formed. */
function isAllowed(kind: "open" | "close" | "leaf", { key, value, comma }: Read): boolean {
  if (kind === "open") return !comma;
  if (kind === "close") return key === null;
  // A scalar is one token, which the scanner has judged.
  return !/^[[{]/.test(value) || countErrors(value) === 0;
}

function decode(line: string, token: Token | undefined): string | null {
  if (token === undefined) return null;
  try {
    const name: unknown = JSON.parse(line.slice(token.start, token.end));
    return typeof name === "string" ? name : null;
  } catch {
    return null;
  }
}

function kindOf(value: readonly Token[]): "open" | "close" | "leaf" | null {
  const [only] = value;
  if (only === undefined) return null;
  if (value.length === 1 && OPENERS.has(only.kind)) return "open";
  if (value.length === 1 && CLOSERS.has(only.kind)) return "close";
  return isWholeValue(value) ? "leaf" : null;
}

/** One scalar, or one bracketed value that ends with the last token. */
function isWholeValue(value: readonly Token[]): boolean {
  let depth = 0;
  for (const [index, token] of value.entries()) {
    if (OPENERS.has(token.kind)) depth += 1;
    if (CLOSERS.has(token.kind)) depth -= 1;
    if (depth < 0 || (depth === 0 && index < value.length - 1)) return false;
  }
  return depth === 0;
}

function tokensOf(line: string): Token[] | null {
  const scanner = createScanner(line, false);
  const tokens: Token[] = [];
  for (;;) {
    const kind: number = scanner.scan();
    // 0 is ScanError.None.
    if (kind === UNKNOWN || (scanner.getTokenError() as number) !== 0) return null;
    if (kind === END) return tokens;
    const start = scanner.getTokenOffset();
    if (!BLANKS.has(kind)) tokens.push({ kind, start, end: start + scanner.getTokenLength() });
  }
}
