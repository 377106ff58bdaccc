// What one language's reader of tests has to tell of a node.
import type { SyntaxNode } from "../../syntax/tree-sitter.ts";
import { squeeze } from "./text.ts";

/** A test, or a suite of them. */
export interface FoundTest {
  readonly title: string;
  readonly group: boolean;
  readonly off: string | null;
  /** Where its checks are looked for. */
  readonly inner: readonly SyntaxNode[];
  /** Squeezed rows of its table; `null` where it has none. */
  readonly rows: readonly string[] | null;
  readonly retries: number;
}

export interface FoundCheck {
  readonly subject: SyntaxNode | string;
  readonly expected: SyntaxNode | string | null;
  readonly matcher: string;
  readonly negated: boolean;
  /** Arguments behind the two. */
  readonly extra: readonly SyntaxNode[];
  /** Where further checks may stand: functions that are handed over. */
  readonly inner: readonly SyntaxNode[];
}

export interface Dialect {
  readonly test: (node: SyntaxNode, read: Read) => FoundTest | null;
  /** `condition`: of the nearest `if` around it. */
  readonly check: (node: SyntaxNode, read: Read, condition: string | null) => FoundCheck | null;
  /** The name of a function that a node defines. */
  readonly helper: (node: SyntaxNode, read: Read) => string | null;
  /** A call that turns the test it stands in off: its name. */
  readonly skip: (node: SyntaxNode, read: Read) => string | null;
  /** How many checks the test announces. */
  readonly plan: (node: SyntaxNode, read: Read) => number | null;
}

/** The text of a node, without comments, and what is known of names so far. */
export interface Read {
  readonly text: (node: SyntaxNode) => string;
  readonly squeezed: (node: SyntaxNode) => string;
  /** Squeezed values of constants. */
  readonly values: ReadonlyMap<string, string>;
}

/** The name under which `Read.values` keeps Rust's attributes for the item that comes next: no name of a constant. */
export const attributesAhead = "#";

export function readOf(code: string, values: ReadonlyMap<string, string>): Read {
  const text = (node: SyntaxNode) => code.slice(node.start, node.end);
  return { text, squeezed: (node) => squeeze(text(node)), values };
}

export function named(node: SyntaxNode | null): readonly SyntaxNode[] {
  return (node?.children ?? []).filter((child) => child.named && !child.type.includes("comment"));
}

/** `a.b.c` of a call `a.b(…).c(…)`: names joined, arguments left out; "" where it is no chain of names. */
export function calleeName(node: SyntaxNode | null, read: Read): string {
  if (node === null) return "";
  const call = node.field("function");
  if (call !== null) return calleeName(call, read);
  const property = node.field("property") ?? node.field("attribute") ?? node.field("field");
  const object = node.field("object") ?? node.field("operand");
  if (property !== null && object !== null) {
    const before = calleeName(object, read);
    return `${before === "" ? "?" : before}.${read.text(property)}`;
  }
  return ["identifier", "this", "self"].includes(node.type) ? read.text(node) : "";
}

const emptyTable = /^(?:\[\]|\[\](?:struct\{[^{}]*\}|[\w.*]+)\{\}|newArray\(\))$/;

/** Squeezed elements of a list: its own, or those of the constant that it names; `null` where it is not to be known. */
export function rowsOf(node: SyntaxNode, read: Read): readonly string[] | null {
  if (["array", "list", "tuple"].includes(node.type)) return named(node).map(read.squeezed);
  const value = read.values.get(read.text(node));
  return value !== undefined && emptyTable.test(value) ? [] : null;
}
