// Constants in code: which a test has, side by side, and which an edit copies.
import { withoutComments } from "./code.ts";

export interface Token {
  readonly kind: "number" | "string" | "pattern" | "word" | "sign";
  /** Of strings and patterns without their quotes. */
  readonly text: string;
}

const tokenPattern =
  /"(?:[^"\\\n]|\\[\s\S]){0,2000}"|'(?:[^'\\\n]|\\[\s\S]){0,2000}'|`(?:[^`\\]|\\[\s\S]){0,4000}`|\/\^(?:[^/\\\n]|\\.){1,500}\/[a-z]*|\d[\w.]*|[A-Za-z_$][\w$]*|[!=]==?|=>|&&|\|\||[^\s\w]/g;

/** UTF-16 units of code that are looked at. */
const mostCode = 400_000;

export function tokensOf(path: string, code: string): readonly Token[] {
  return (withoutComments(path, code.slice(0, mostCode)).match(tokenPattern) ?? []).map(tokenOf);
}

function tokenOf(raw: string): Token {
  if (/^["'`]/.test(raw)) return { kind: "string", text: raw.slice(1, -1) };
  if (raw.startsWith("/^"))
    return {
      kind: "pattern",
      text: raw
        .slice(2, raw.lastIndexOf("/"))
        .replace(/\$$/, "")
        .replaceAll(/\\(?=\W)/g, ""),
    };
  if (/^\d/.test(raw)) return { kind: "number", text: raw };
  return { kind: /^[\w$]/.test(raw) ? "word" : "sign", text: raw };
}

export function isLiteral({ kind }: Token): boolean {
  return kind === "number" || kind === "string" || kind === "pattern";
}

/** Values that any code has: where recursion ends, what nothing is. */
export function isBase({ kind, text }: Token): boolean {
  return kind === "number" ? /^[012]$/.test(text) : text.length <= 1;
}

/** Values that code and test hardly have both by chance. */
export function isTelling({ kind, text }: Token): boolean {
  return kind === "number" ? text.replace(/\D/g, "").length >= 2 && !/^10+$/.test(text) : text.length >= 3;
}

/** What tests say: single constants, and which of them stand together. */
export interface TestWords {
  readonly has: (literal: Token) => boolean;
  /** Whether both stand within a few lines of each other. */
  readonly together: (one: Token, other: Token) => boolean;
}

/** Lines that one assertion may take. */
const assertionLines = 4;
/** Places of one constant that are remembered: what stands on more lines than that tells nothing. */
const mostPlaces = 1_000;

function notePlaces(places: Map<string, number[]>, text: string, line: number): void {
  const literals = (text.match(tokenPattern) ?? []).map(tokenOf).filter(isLiteral);
  for (const name of new Set(literals.map((token) => token.text))) {
    const known = places.get(name) ?? [];
    if (known.length < mostPlaces) known.push(line);
    places.set(name, known);
  }
}

export function testWords(sources: readonly string[]): TestWords {
  const places = new Map<string, number[]>();
  let line = 0;
  for (const source of sources) {
    for (const text of source.slice(0, mostCode).split("\n")) {
      line++;
      notePlaces(places, text, line);
    }
    line += assertionLines;
  }
  const linesOf = ({ text }: Token) => places.get(text) ?? [];
  return {
    has: (literal) => places.has(literal.text),
    together: (one, other) => {
      const others = linesOf(other);
      return linesOf(one).some((place) => others.some((far) => Math.abs(far - place) < assertionLines));
    },
  };
}
