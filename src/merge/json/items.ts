// A JSON text, or a run of lines cut out of one, as items that keep their own lines.
import { readJsonLine, type JsonLine } from "../../syntax/json.ts";
import { splitLines, withoutEnding } from "../lines.ts";

/** A property or an element: one line, or a block with children. */
export interface JsonItem {
  readonly key: string | null;
  /** Comment and blank lines above it. */
  readonly lead: readonly string[];
  /** The line it is on, or the line that opens its block. */
  readonly head: JsonLine;
  readonly children: readonly JsonItem[];
  /** Comment and blank lines between the last child and the closing bracket. */
  readonly rest: readonly string[];
  /** The line that closes the block; `null` for an item of one line. */
  readonly close: JsonLine | null;
  /** Line numbers from 0 in the text it was read from, lead included. */
  readonly first: number;
  readonly last: number;
}

/** Items of one container, side by side, and the trivia after the last. */
export interface JsonRun {
  readonly items: readonly JsonItem[];
  readonly rest: readonly string[];
}

/**
 * `runs[0] bridges[0] runs[1] bridges[1] … runs[n]`: a bridge is a line that closes a block opened before the fragment,
 * or opens one that closes after it.
 */
export interface JsonFragment {
  readonly runs: readonly JsonRun[];
  readonly bridges: readonly JsonLine[];
}

/** Deeper nesting than any real file has; keeps every recursion over items shallow. */
const MAX_DEPTH = 100;

interface Block {
  readonly items: JsonItem[];
  readonly lead: readonly string[];
  readonly head: JsonLine | null;
  readonly first: number;
}

/** Reads whole lines. `null` where a line holds more or less than one thing, where a name repeats, or where nesting is too deep. */
export function readFragment(text: string): JsonFragment | null {
  const reader: Reader = { runs: [], bridges: [], stack: [openBlock()], lead: [], first: 0 };
  for (const [number, raw] of splitLines(text).entries()) {
    const line = readJsonLine(withoutEnding(raw));
    if (line === null || reader.stack.length > MAX_DEPTH) return null;
    if (line.kind === "trivia") {
      reader.lead.push(line.body);
      continue;
    }
    take(reader, line, number);
    reader.lead = [];
    reader.first = number + 1;
  }
  for (const [index, block] of reader.stack.entries()) {
    if (block.head !== null) reader.bridges.push(block.head);
    reader.runs.push({ items: block.items, rest: reader.stack[index + 1]?.lead ?? reader.lead });
  }
  const { runs, bridges } = reader;
  const sound = runs.every((run) => isPlain(run.items) && run.items.every(isBalanced));
  return sound ? { runs, bridges } : null;
}

interface Reader {
  readonly runs: JsonRun[];
  readonly bridges: JsonLine[];
  /** Never empty: at the bottom is what the fragment itself stands in. */
  readonly stack: Block[];
  lead: string[];
  first: number;
}

function openBlock(): Block {
  return { items: [], lead: [], head: null, first: 0 };
}

function take(reader: Reader, line: JsonLine, number: number): void {
  const { stack, lead, first } = reader;
  const block = stack.at(-1) ?? openBlock();
  if (line.kind === "open") stack.push({ items: [], lead, head: line, first });
  else if (line.kind === "leaf") block.items.push(leaf(line, lead, first, number));
  else if (block.head !== null) {
    stack.pop();
    stack.at(-1)?.items.push(closed(block, block.head, lead, { line, number }));
  } else {
    reader.runs.push({ items: block.items.splice(0), rest: lead });
    reader.bridges.push(line);
  }
}

/** The one value that a whole text holds, with its lines; `null` if it is not laid out a thing a line. */
export function readDocument(text: string): JsonRun | null {
  const fragment = readFragment(text);
  const [run] = fragment?.runs ?? [];
  return fragment?.runs.length === 1 && run?.items.length === 1 ? run : null;
}

/** The lines of an item without their endings. `comma`: whether one follows it. */
export function linesOf(item: JsonItem, comma: boolean): string[] {
  if (item.close === null) return [...item.lead, print(item.head, comma)];
  const last = item.children.at(-1);
  // JSONC allows a comma after the last child: it stays as it was written.
  const children = linesOfItems(item.children, last !== undefined && hasComma(last));
  return [...item.lead, print(item.head, false), ...children, ...item.rest, print(item.close, comma)];
}

/** The lines of neighbours in one container: commas between them, and after the last where asked. */
export function linesOfItems(items: readonly JsonItem[], commaAtEnd: boolean): string[] {
  return items.flatMap((item, index) => linesOf(item, index < items.length - 1 || commaAtEnd));
}

export function hasComma(item: JsonItem): boolean {
  return (item.close ?? item.head).comma;
}

/** The item as if a comma followed it, or none. */
export function withComma(item: JsonItem, comma: boolean): JsonItem {
  if (item.close === null) return { ...item, head: { ...item.head, comma } };
  return { ...item, close: { ...item.close, comma } };
}

export function print(line: JsonLine, comma: boolean): string {
  return `${line.body}${comma ? "," : ""}${line.tail}`;
}

/** Whether two items have the same lines; the comma after them, and blank lines above them, do not count. */
export function sameItem(one: JsonItem | undefined, other: JsonItem | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return sameLine(one.head, other.head) && sameLead(one.lead, other.lead) && sameInside(one, other);
}

function sameInside(one: JsonItem, other: JsonItem): boolean {
  if (one.close === null || other.close === null) return one.close === other.close;
  const { children, rest } = other;
  return (
    sameLine(one.close, other.close) &&
    one.rest.join("\n") === rest.join("\n") &&
    one.children.length === children.length &&
    one.children.every((child, index) => sameItem(child, children[index]))
  );
}

function sameLine(one: JsonLine, other: JsonLine): boolean {
  return one.body === other.body && one.tail === other.tail;
}

function sameLead(one: readonly string[], other: readonly string[]): boolean {
  if (one.length === 0 && other.length === 0) return true;
  const said = (lines: readonly string[]): string => lines.filter((line) => line.trim() !== "").join("\n");
  return said(one) === said(other);
}

function leaf(head: JsonLine, lead: readonly string[], first: number, last: number): JsonItem {
  return { key: head.key, lead, head, children: [], rest: [], close: null, first, last };
}

function closed(
  block: Block,
  head: JsonLine,
  rest: readonly string[],
  end: { readonly line: JsonLine; readonly number: number },
): JsonItem {
  const { items: children, lead, first } = block;
  return { key: head.key, lead, head, children, rest, close: end.line, first, last: end.number };
}

/** All named and no name twice, or none named; a comma between any two. */
function isPlain(items: readonly JsonItem[]): boolean {
  const names = items.flatMap((item) => (item.key === null ? [] : [item.key]));
  const named = names.length === 0 || (names.length === items.length && new Set(names).size === names.length);
  return named && items.slice(0, -1).every(hasComma);
}

/** Every block closes with its own kind of bracket and holds what that kind may hold. */
function isBalanced(item: JsonItem): boolean {
  if (item.close === null) return true;
  const named = item.head.value === "{";
  if (item.close.value !== (named ? "}" : "]") || !isPlain(item.children)) return false;
  return item.children.every((child) => (child.key !== null) === named && isBalanced(child));
}
