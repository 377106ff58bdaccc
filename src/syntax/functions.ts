// The functions of a file, cut by tree-sitter.
import { functionReader } from "./function-names.ts";
import type { NamedFunction } from "./function-names.ts";
import { lineAt, linesAround, lineTable } from "./lines.ts";
import type { LineTable } from "./lines.ts";
import type { SyntaxNode } from "./tree-sitter.ts";
import { onOneLine, readFileTree, visitsOf } from "./visits.ts";

export interface FunctionSpan {
  /** "parse", "Parser.parse", "export default", "anonymous at line 12". */
  readonly name: string;
  readonly path: string;
  /** UTF-16 offsets of whole lines, decorators and the comment right above left out; `end` is exclusive and behind the line's end. */
  readonly start: number;
  readonly end: number;
  /** 1-based, inclusive. */
  readonly firstLine: number;
  readonly lastLine: number;
  /** All of the lines. */
  readonly text: string;
  /** The first lines up to the body, on one line, at most 300 characters. */
  readonly signature: string;
}

const longestSignature = 300;
const mostFunctions = 5_000;
const mostCalls = 50;

/**
 * Every function of a file, those inside of others too, by where they begin and the outer one first; of those that stand on the same lines, one. `[]` where no
 * grammar knows the language, or the file is too long or takes too long to parse. Rejects only if the grammar cannot be loaded.
 */
export async function functionsIn(path: string, text: string): Promise<readonly FunctionSpan[]> {
  const found = await readFileTree(path, text, (root, grammar) => {
    const read = functionReader(grammar);
    const table = lineTable(text);
    const spans: FunctionSpan[] = [];
    if (read === null) return spans;
    for (const visit of visitsOf(root)) {
      const seen = read(visit, text);
      if (seen !== null) spans.push(spanOf(path, table, seen, visit.node));
      if (spans.length >= mostFunctions) break;
    }
    return spans;
  });
  return onePerLines(found ?? []);
}

function spanOf(
  path: string,
  table: LineTable,
  { name, whole }: NamedFunction,
  node: SyntaxNode,
): FunctionSpan {
  const lines = linesAround(table, whole.start, whole.end);
  const body = node.field("body")?.start ?? node.end;
  return {
    name: name ?? `anonymous at line ${lineAt(table, node.start)}`,
    path,
    ...lines,
    text: table.text.slice(lines.start, lines.end),
    signature: onOneLine(table.text, lines.start, body, longestSignature),
  };
}

/** A function without a name, by what it is called. */
export function isAnonymous({ name }: FunctionSpan): boolean {
  return name.startsWith("anonymous at line ");
}

/** Of functions on the same lines the outermost that has a name; nothing else of them could be written anew. */
function onePerLines(spans: readonly FunctionSpan[]): readonly FunctionSpan[] {
  const byLines = new Map<string, FunctionSpan>();
  for (const span of spans) {
    const key = `${span.firstLine}-${span.lastLine}`;
    const known = byLines.get(key);
    if (known === undefined || (isAnonymous(known) && !isAnonymous(span))) byLines.set(key, span);
  }
  return [...byLines.values()].sort((one, other) => one.start - other.start || other.end - one.end);
}

/** The top-level statements of a file, comments left out, as spans of whole lines: tables, classes, lists of exports, functions. */
export async function topLevelRegions(path: string, text: string): Promise<readonly FunctionSpan[]> {
  const found = await readFileTree(path, text, (root) => {
    const table = lineTable(text);
    const statements = root.children.filter(({ named, type }) => named && !type.includes("comment"));
    return statements.slice(0, mostFunctions).map((node) => {
      const lines = linesAround(table, node.start, node.end);
      const whole = text.slice(lines.start, lines.end);
      const signature = onOneLine(text, lines.start, lines.end, longestSignature);
      return { name: regionName(node, text, lines), path, ...lines, text: whole, signature };
    });
  });
  return found ?? [];
}

/**
 * The smallest top-level statement around a 1-based line, as a span. `null` where there is none: a blank line, a comment, a language that no grammar knows.
 */
export async function topLevelRegionAt(
  path: string,
  text: string,
  line: number,
): Promise<FunctionSpan | null> {
  const regions = await topLevelRegions(path, text);
  const around = regions.filter(({ firstLine, lastLine }) => firstLine <= line && line <= lastLine);
  return around.sort((one, other) => one.text.length - other.text.length)[0] ?? null;
}

/** "const table", "class Parser"; "lines 3 to 9" where the words say nothing. */
function regionName(node: SyntaxNode, text: string, lines: { firstLine: number; lastLine: number }): string {
  const words = onOneLine(text, node.start, node.end, 200);
  const declared =
    /^(?:export )?(?:default )?(?:pub )?((?:abstract class|class|const|let|var|enum|interface|type|struct|impl|trait|static) [\w$]+)/.exec(
      words,
    );
  return declared?.[1] ?? `lines ${lines.firstLine} to ${lines.lastLine}`;
}

const called: ReadonlyMap<string, string> = new Map([
  ["call_expression", "function"],
  ["new_expression", "constructor"],
  ["call", "function"],
  ["method_invocation", "name"],
  ["object_creation_expression", "type"],
  ["jsx_opening_element", "name"],
  ["jsx_self_closing_element", "name"],
]);

/** The frames in which a piece of a file may be whole: a method alone is none. */
const frames: readonly (readonly [string, string])[] = [
  ["", ""],
  ["class X {\n", "\n}"],
  ["({\n", "\n})"],
  ["if 1:\n", ""],
  ["impl X {\n", "\n}"],
];

/** The names that a function calls, itself left out, each once and in order: the last word of `a.b.c()`. At most 50. */
export async function callsIn(
  span: Pick<FunctionSpan, "name" | "path" | "text">,
): Promise<readonly string[]> {
  const own = span.name.slice(span.name.lastIndexOf(".") + 1);
  for (const [before, after] of frames) {
    const text = before + span.text + after;
    const names = await readFileTree(span.path, text, (root) =>
      root.broken ? null : calledNames(root, text),
    );
    if (names !== null) return names.filter((name) => name !== own).slice(0, mostCalls);
  }
  const names = await readFileTree(span.path, span.text, (root) => calledNames(root, span.text));
  return (names ?? []).filter((name) => name !== own).slice(0, mostCalls);
}

function calledNames(root: SyntaxNode, text: string): readonly string[] {
  const names = new Set<string>();
  for (const { node } of visitsOf(root)) {
    const role = called.get(node.type);
    const callee = role === undefined ? null : node.field(role);
    const words = callee === null ? "" : text.slice(Math.max(callee.start, callee.end - 200), callee.end);
    const [name] = /#?[\p{L}_$][\p{L}\p{N}_$]*$/u.exec(words) ?? [];
    if (name !== undefined) names.add(name);
    // One more than is kept, so that the function's own name can be left out.
    if (names.size > mostCalls) break;
  }
  return [...names];
}
