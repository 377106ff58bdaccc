// The tests, imports and names of a test file, found by tree-sitter.
import { grammarOf } from "../../syntax/index.ts";
import { loadGrammar } from "../../syntax/tree-sitter.ts";
import type { SyntaxNode } from "../../syntax/tree-sitter.ts";
import { longestFile, longestTitle } from "./limits.ts";
import { importsOfNode } from "./imports.ts";
import type { Import } from "./imports.ts";
import type { TestCase } from "./types.ts";
import { familyOf, parseTime, walk } from "./walk.ts";
import type { Family } from "./walk.ts";

export interface Stretch {
  /** UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
}

export interface TestFile {
  readonly family: Family;
  readonly broken: boolean;
  readonly tests: readonly TestCase[];
  /** Suites, with what is in them: `describe` and classes. */
  readonly suites: readonly Stretch[];
  /** Statements at the top that hold at least one test. */
  readonly blocks: readonly Stretch[];
  readonly imports: readonly Import[];
  /** The end of the last import, or of what has to stay above all else; 0 where there is none. */
  readonly importsEnd: number;
  /** Names that are declared at the top. */
  readonly declared: ReadonlySet<string>;
  /** Every name that occurs. */
  readonly names: ReadonlySet<string>;
}

/** `null` where no language is known by the path, or the text is too long. */
export async function readTestFile(path: string, text: string): Promise<TestFile | null> {
  const name = grammarOf(path);
  const family = familyOf(name);
  if (name === null || family === null || text.length > longestFile) return null;
  const grammar = await loadGrammar(name);
  return grammar.readTrees([text], parseTime, ([root]) =>
    root === undefined ? null : readRoot(root, text, family),
  );
}

interface Found {
  readonly tests: TestCase[];
  readonly suites: Stretch[];
  readonly names: Set<string>;
}

function readRoot(root: SyntaxNode, text: string, family: Family): TestFile {
  const textOf = ({ start, end }: Stretch) => text.slice(start, end);
  const found: Found = { tests: [], suites: [], names: new Set() };
  walk(root, (node, above) => {
    if (isName(node.type)) found.names.add(textOf(node));
    const test = testAt(node, above, { family, textOf });
    if (test !== null) found.tests.push(test);
    else if (isSuite(node, textOf, family)) found.suites.push({ start: node.start, end: node.end });
    return true;
  });
  const imports = root.children.flatMap((node) => importsOfNode(node, textOf));
  const holds = ({ start, end }: Stretch) => found.tests.some((one) => one.start >= start && one.end <= end);
  return {
    family,
    broken: root.broken,
    tests: found.tests,
    suites: found.suites,
    blocks: root.children.filter(holds).map(({ start, end }) => ({ start, end })),
    imports,
    importsEnd: importsEnd(root.children, textOf),
    declared: new Set(root.children.flatMap((node) => declaredAt(node, textOf))),
    names: found.names,
  };
}

const isName = (type: string): boolean =>
  /^(?:shorthand_property_)?identifier$|^type_identifier$|^package_identifier$/.test(type);

type TextOf = (stretch: Stretch) => string;

const testNames = /^(?:test|it|specify|xit|xtest|fit|ftest)(?:\.(?:\w+))*$/;
const suiteNames = /^(?:describe|context|suite|xdescribe|fdescribe)(?:\.\w+)*$/;

function testAt(
  node: SyntaxNode,
  above: readonly SyntaxNode[],
  { family, textOf }: { readonly family: Family; readonly textOf: TextOf },
): TestCase | null {
  if (family === "script") return scriptTestAt(node, textOf);
  const title = textOf(node.field("name") ?? { start: 0, end: 0 });
  if (family === "go") {
    const isTest = node.type === "function_declaration" && /^Test(?![a-z])\w*$/.test(title);
    return isTest ? caseOf(node, title, textOf) : null;
  }
  if (node.type !== "function_definition" || !/^test\w*$/.test(title)) return null;
  const inFunction = above.some(({ type }) => type === "function_definition");
  const parent = above.at(-1);
  return inFunction ? null : caseOf(parent?.type === "decorated_definition" ? parent : node, title, textOf);
}

function scriptTestAt(node: SyntaxNode, textOf: TextOf): TestCase | null {
  const call = calledIn(node);
  if (call === null || !testNames.test(textOf(call.callee))) return null;
  const first = call.arguments.find(({ named }) => named);
  if (first === undefined) return null;
  const [, quote, title = ""] = /^(["'`])([\s\S]*)\1$/.exec(textOf(first)) ?? [];
  const plain = quote !== undefined && title.length <= longestTitle && !/[\\\n]|\$\{/.test(title);
  return caseOf(node, plain && title.trim() !== "" ? title : null, textOf);
}

/** The call that a statement is; through `test.each(table)(…)` too. */
function calledIn(
  node: SyntaxNode,
): { readonly callee: SyntaxNode; readonly arguments: readonly SyntaxNode[] } | null {
  if (node.type !== "expression_statement") return null;
  const inner = node.children[0];
  const call = inner?.type === "await_expression" ? inner.children.at(-1) : inner;
  if (call?.type !== "call_expression") return null;
  const callee = call.field("function");
  const listed = call.field("arguments");
  if (callee === null || listed === null) return null;
  const outer = callee.type === "call_expression" ? callee.field("function") : callee;
  return outer === null ? null : { callee: outer, arguments: listed.children };
}

function isSuite(node: SyntaxNode, textOf: TextOf, family: Family): boolean {
  if (family === "python") return node.type === "class_definition";
  const call = family === "script" ? calledIn(node) : null;
  return call !== null && suiteNames.test(textOf(call.callee));
}

const caseOf = (node: SyntaxNode, title: string | null, textOf: TextOf): TestCase => ({
  title,
  start: node.start,
  end: node.end,
  text: textOf(node),
});

const headers = /^(?:import|package_clause|hash_bang_line)/;

/** What has to stand above imports that are added: other imports, a `require`, a first comment, a docstring, "use strict". */
function importsEnd(nodes: readonly SyntaxNode[], textOf: TextOf): number {
  let end = 0;
  let opening = true;
  for (const node of nodes) {
    const text = textOf(node);
    const isHeader = headers.test(node.type) || /^(?:const|let|var)\b[^;=]{0,400}=\s*require\(/.test(text);
    const isOpening = opening && (node.type === "comment" || /^(?:"""|'''|["']use strict["'])/.test(text));
    if (isHeader || isOpening) end = node.end;
    if (!isHeader && !isOpening && node.named) opening = false;
  }
  return end;
}

/** Names that a statement at the top declares. */
function declaredAt(node: SyntaxNode, textOf: TextOf): readonly string[] {
  const inner = /^(?:export_statement|decorated_definition)$/.test(node.type)
    ? (node.field("declaration") ?? node.field("definition") ?? node)
    : node;
  const name = inner.field("name");
  if (name !== null) return [textOf(name)];
  return inner.children.flatMap((child) => {
    const declared = child.type === "variable_declarator" ? child.field("name") : child.field("left");
    return declared === null || !/declar|assignment/.test(`${inner.type} ${child.type}`)
      ? []
      : (textOf(declared).match(/[\w$]+/g) ?? []);
  });
}

/** The text without these tests, and without suites that have none left. */
export async function withoutTests(path: string, text: string, gone: ReadonlySet<string>): Promise<string> {
  const file = await readTestFile(path, text);
  if (file === null) return text;
  const isGone = ({ title }: TestCase) => title === null || gone.has(title);
  const kept = file.tests.filter((test) => !isGone(test));
  const empty = (suite: Stretch) => !kept.some(({ start, end }) => start >= suite.start && end <= suite.end);
  const cuts = [...file.tests.filter(isGone), ...file.suites.filter(empty)];
  return withoutStretches(text, cuts);
}

/** Whole lines, where nothing else stands on them. Stretches may lie in each other. */
export function withoutStretches(text: string, stretches: readonly Stretch[]): string {
  let result = "";
  let at = 0;
  for (const { start, end } of stretches.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (start < at) continue;
    const lineStart = text.lastIndexOf("\n", start - 1) + 1;
    const whole = text.slice(lineStart, start).trim() === "";
    const rest = /^[ \t;]*(?:\r?\n|$)(?:[ \t]*\r?\n)*/.exec(text.slice(end, end + 200))?.[0] ?? null;
    result += text.slice(at, whole && rest !== null ? Math.max(at, lineStart) : start);
    at = end + (whole ? (rest?.length ?? 0) : 0);
  }
  return result + text.slice(at);
}
