// YAML read without ever printing it back: errors, values, and on which lines its entries stand.
import { CST, isScalar, parseAllDocuments, parseDocument, Parser, visit } from "yaml";
import type { Document, YAMLMap } from "yaml";

/** Number of syntax errors over all documents of a text, names that a map has twice among them; 0 means that it parses. Total. */
export function countErrors(text: string): number {
  if (isTooDeep(text)) return 1;
  try {
    // The parser's own check of names compares every two: minutes for a map of many thousands.
    const documents = Array.from(parseAllDocuments(text, { logLevel: "silent", uniqueKeys: false }));
    return documents.reduce((sum, document) => sum + document.errors.length + countRepeats(document), 0);
  } catch {
    return 1;
  }
}

/** Brackets, or dashes on one line, or steps of indentation, inside each other: the parser stands several times as many. */
const deepestNesting = 300;

/**
 * Whether a text nests so deep that the parser, which is recursive, may run out of stack. That cannot always be caught: where a pattern is compiled with
 * little stack left, the process ends. Brackets in strings count too, so that nothing nests deeper than this says.
 */
function isTooDeep(text: string): boolean {
  let brackets = 0;
  for (const [bracket] of text.matchAll(/[[{\]}]/g)) {
    brackets = bracket === "[" || bracket === "{" ? brackets + 1 : Math.max(0, brackets - 1);
    if (brackets > deepestNesting) return true;
  }
  const indents: number[] = [];
  for (const line of text.split("\n")) {
    const indent = line.length - line.trimStart().length;
    if (indent === line.length) continue;
    while ((indents.at(-1) ?? -1) >= indent) indents.pop();
    indents.push(indent);
    if (indents.length > deepestNesting || line.split(NESTING).length > deepestNesting) return true;
  }
  return false;
}

/** What opens a block inside a line. */
const NESTING = /[-?:][ \t]/;

function countRepeats(document: Document): number {
  let repeats = 0;
  visit(document, {
    Map: (_, map) => {
      repeats += repeatsIn(map);
    },
  });
  return repeats;
}

/** Scalar names beyond the first of each value. */
function repeatsIn({ items }: YAMLMap): number {
  const names = items.flatMap(({ key }) => (isScalar(key) ? [key.value] : []));
  return names.length - new Set(names).size;
}

/** What the one document of a text means: maps as `Map`, so that a name is never taken for another; `undefined` where it has errors. Total. */
export function valueOf(text: string): unknown {
  if (isTooDeep(text)) return undefined;
  try {
    const document = parseDocument(text, { logLevel: "silent", uniqueKeys: false });
    return document.errors.length > 0 ? undefined : document.toJS({ mapAsMap: true, maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

/** A pair of a block map, or an item of a block sequence. It stands on its own lines, but for the first pair of a map that is an item. */
export interface YamlEntry {
  /** The decoded name; `null` of an item. */
  readonly key: string | null;
  /** From 0. */
  readonly line: number;
  /** UTF-16 units before the name or the dash. */
  readonly column: number;
  /** The value is a block map or sequence below, or anything else. */
  readonly kind: "map" | "seq" | "leaf";
  readonly entries: readonly YamlEntry[];
  /** The source of a scalar that is the value; `null` of anything else, and where there is none. */
  readonly scalar: string | null;
}

export interface YamlOutline {
  readonly kind: "map" | "seq";
  readonly entries: readonly YamlEntry[];
  /** Anchors, aliases, tags and merge keys, in order. */
  readonly marks: readonly string[];
}

/** Deeper nesting than any real file has; what is deeper is a leaf. */
const deepest = 100;

/** The entries of a text of one document; `null` where it has directives, several documents, or no block map or sequence. Total. */
export function outlineOf(text: string): YamlOutline | null {
  if (isTooDeep(text)) return null;
  try {
    const tokens = [...new Parser().parse(text)];
    const documents = tokens.filter((token) => token.type === "document");
    const [document] = documents;
    const isPlain = tokens.every(({ type }) => BETWEEN.has(type));
    if (!isPlain || documents.length !== 1 || document?.value === undefined) return null;
    const block = readBlock(document.value, { text, starts: lineStarts(text), depth: 0 });
    return block && { ...block, marks: marksIn(document) };
  } catch {
    // The parser is recursive: nesting of many thousands overflows the stack.
    return null;
  }
}

const BETWEEN: ReadonlySet<string> = new Set(["document", "comment", "newline", "space", "byte-order-mark"]);

interface Source {
  readonly text: string;
  /** Offset of each line. */
  readonly starts: readonly number[];
  readonly depth: number;
}

type Block = Pick<YamlOutline, "kind" | "entries">;

function readBlock(token: CST.Token, source: Source): Block | null {
  if (source.depth > deepest || (token.type !== "block-map" && token.type !== "block-seq")) return null;
  const kind = token.type === "block-map" ? "map" : "seq";
  const entries: YamlEntry[] = [];
  for (const item of token.items) {
    if (isTrivia(item)) continue;
    const entry = kind === "map" ? readPair(item, source) : readItem(item, source);
    if (entry === null) return null;
    entries.push(entry);
  }
  return entries.length === 0 ? null : { kind, entries };
}

type CollectionItem = (CST.BlockMap | CST.BlockSequence)["items"][number];

/** Comments and blank lines behind the last entry. */
function isTrivia({ start, key, sep, value }: CollectionItem): boolean {
  const plain = start.every(({ type }) => type === "space" || type === "comment" || type === "newline");
  return plain && !key && sep === undefined && value === undefined;
}

function readPair({ start, key, value }: CollectionItem, source: Source): YamlEntry | null {
  if (!CST.isScalar(key ?? null) || start.some(({ type }) => !TRIVIA.has(type))) return null;
  const name = key && CST.resolveAsScalar(key)?.value;
  if (!key || name === undefined || name === null) return null;
  const at = placeOf(key.offset, source);
  return { key: name, ...at, ...readValue(value, at.line, source) };
}

const TRIVIA: ReadonlySet<string> = new Set(["space", "comment", "newline"]);

function readItem({ start, value }: CollectionItem, source: Source): YamlEntry | null {
  const dash = start.find(({ type }) => type === "seq-item-ind");
  if (dash === undefined) return null;
  const at = placeOf(dash.offset, source);
  const read = readValue(value, at.line, source, true);
  return { key: null, ...at, ...read };
}

type Value = Pick<YamlEntry, "kind" | "entries" | "scalar">;

/** `inItem`: a map may begin behind the dash; nothing else may be a block on its entry's own line. */
function readValue(token: CST.Token | null | undefined, line: number, source: Source, inItem = false): Value {
  const leaf: Value = { kind: "leaf", entries: [], scalar: null };
  if (!token) return leaf;
  if (CST.isScalar(token) && token.type !== "block-scalar") return { ...leaf, scalar: sourceOf(token) };
  const block = readBlock(token, { ...source, depth: source.depth + 1 });
  const [first] = block?.entries ?? [];
  if (block === null || first === undefined) return leaf;
  const isBeside = first.line === line;
  const isAllowed = inItem ? isBeside && block.kind === "map" : !isBeside;
  return isAllowed ? { ...block, scalar: null } : leaf;
}

function sourceOf(token: CST.Token): string | null {
  return "source" in token ? token.source : null;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** By bisection. */
function placeOf(offset: number, { starts }: Source): { line: number; column: number } {
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return { line: low, column: offset - (starts[low] ?? 0) };
}

const MARKS: ReadonlySet<string> = new Set(["anchor", "alias", "tag"]);

function marksIn(token: unknown): string[] {
  if (Array.isArray(token)) return token.flatMap(marksIn);
  if (typeof token !== "object" || token === null) return [];
  const { type, source } = token as { type?: unknown; source?: unknown };
  if (typeof source === "string" && (MARKS.has(String(type)) || source === "<<")) return [source];
  return Object.values(token).flatMap(marksIn);
}
