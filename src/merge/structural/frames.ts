// What a fragment needs before and behind it to be a whole: the brackets that it closes and does not open, and the other way round.
import { splitLines } from "../lines.ts";

/** Text before and behind a fragment that makes it parse. */
export interface Frame {
  readonly before: string;
  readonly after: string;
}

/** How a language opens its brackets. */
export interface Openers {
  /** Ways to open nested braces, from the outermost in; the last is repeated. None where indentation nests. */
  readonly chains: readonly (readonly string[])[];
  /** Ways to open a brace inside parentheses or square brackets. */
  readonly nested: readonly string[];
  /** Ways to stand inside a larger whole when no bracket says so. */
  readonly flat: readonly Frame[];
  /** Comments, strings and brackets. */
  readonly tokens: RegExp;
}

/** Frames tried for one fragment at most: each costs a parse. */
const mostFrames = 5;
/** Brackets left open or closed too often that a frame is made for. */
const deepest = 12;

/** The frames that may make a fragment whole, likeliest first. */
export function framesFor(fragment: string, openers: Openers): readonly Frame[] {
  const { closers, open, isInComment } = unbalanced(fragment, openers.tokens);
  if (closers.length > deepest || open.length > deepest) return [{ before: "", after: "" }];
  const end = open.toReversed().map((bracket) => closing[bracket] ?? "");
  const after = `${isInComment ? "*/" : ""}\n${end.join("")}`;
  if (openers.chains.length === 0) return [indentedFrame(fragment, closers, after)];
  const comment = startsInComment(fragment) ? "/*" : "";
  if (closers.length === 0) {
    const flat = [{ before: "", after: "" }, ...openers.flat].slice(0, mostFrames);
    return flat.map((frame) => ({ before: frame.before + comment, after: after + frame.after }));
  }
  const befores = openers.nested.flatMap((nested) =>
    openers.chains.map((chain) => openingOf(closers.toReversed(), chain, nested)),
  );
  return [...new Set(befores)]
    .slice(0, mostFrames)
    .map((before) => ({ before: `${before}\n${comment}`, after }));
}

const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

function startsInComment(fragment: string): boolean {
  const end = fragment.indexOf("*/");
  const start = fragment.indexOf("/*");
  return end !== -1 && (start === -1 || start > end);
}

/** A bracket that a fragment closes without opening it. */
interface Closer {
  readonly bracket: string;
  /** The text right behind it. */
  readonly next: string;
}

interface Unbalanced {
  readonly closers: readonly Closer[];
  /** Brackets never closed, in order. */
  readonly open: readonly string[];
  /** Whether the fragment ends within a block comment. */
  readonly isInComment: boolean;
}

function unbalanced(fragment: string, tokens: RegExp): Unbalanced {
  const closers: Closer[] = [];
  const open: string[] = [];
  let last = "";
  for (const match of fragment.matchAll(tokens)) {
    const [token] = match;
    last = token;
    if (closing[token] !== undefined) open.push(token);
    else if (/^[)\]}]$/.test(token) && open.pop() === undefined)
      closers.push({ bracket: token, next: fragment.slice(match.index + 1, match.index + 20).trimStart() });
  }
  return { closers, open, isInComment: last.startsWith("/*") && fragment.endsWith(last) };
}

/** Text that opens these closers, given from the outermost in. */
function openingOf(closers: readonly Closer[], chain: readonly string[], nested: string): string {
  let level = 0;
  let isNested = false;
  return closers
    .map(({ bracket, next }) => {
      const wasNested = isNested;
      isNested = bracket !== "}";
      if (bracket === ")") return "f(";
      if (bracket === "]") return wasNested || level > 0 ? "[" : "x = [";
      if (/^from\b/.test(next)) return "import {";
      if (wasNested) return nested;
      return chain[Math.min(level++, chain.length - 1)] ?? "{";
    })
    .join("");
}

/** Headers for the indentation that a fragment begins with, one for each level that it comes back to, and its unopened brackets. */
function indentedFrame(fragment: string, closers: readonly Closer[], after: string): Frame {
  const inner = closers.toReversed().map(bracketBefore).join("");
  const levels = levelsOf(fragment);
  const first = levels[0]?.indent ?? "";
  if (first === "" || levels.length > deepest) return { before: inner, after };
  const outward = levels.toReversed().slice(0, -1);
  const headers = outward.map(({ indent, word }, index) => `${indent}${headerOf(word, index === 0)}\n`);
  return { before: headers.join("") + (inner === "" ? "" : `${first}${inner}\n`), after };
}

function bracketBefore({ bracket, next }: Closer): string {
  if (bracket !== ")") return bracket === "]" ? "[" : "{";
  return /^(?:->|:)/.test(next) ? "def f(" : "f(";
}

interface Level {
  readonly indent: string;
  /** The first word of the line that comes back to it. */
  readonly word: string;
}

/** The indentations that a fragment's lines come out to, from its first line's to none. */
function levelsOf(fragment: string): Level[] {
  const levels: Level[] = [];
  for (const line of splitLines(fragment)) {
    const level = levelOf(line);
    if (level === null) continue;
    const least = levels.at(-1)?.indent.length ?? Number.POSITIVE_INFINITY;
    if (level.indent.length < least) levels.push(level);
    if (level.indent === "") return levels;
  }
  return [...levels, { indent: "", word: "" }];
}

function levelOf(line: string): Level | null {
  const [, indent = "", word = ""] = /^([ \t]*)(\S\w*)/.exec(line) ?? [];
  return word === "" ? null : { indent, word };
}

function headerOf(word: string, isOutermost: boolean): string {
  if (word === "except" || word === "finally") return "try:";
  if (word === "else" || word === "elif") return "if x:";
  return isOutermost ? "class A:" : "def f():";
}
