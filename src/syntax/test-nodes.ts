// Which nodes of a file are tests, suites and hooks: language by language.
import type { GrammarName, SyntaxNode } from "./tree-sitter.ts";
import type { Visit } from "./visits.ts";

export interface TestNode {
  readonly kind: "test" | "suite" | "hook";
  /** As it is written, parameters and all; `null` for hooks. */
  readonly title: string | null;
  readonly start: number;
  readonly end: number;
}

type TestReader = (visit: Visit, text: string) => TestNode | null;

const textOf = (node: SyntaxNode | null, text: string): string =>
  node === null ? "" : text.slice(node.start, Math.min(node.end, node.start + 500));

const scriptKinds: Readonly<Record<string, TestNode["kind"]>> = {
  test: "test",
  it: "test",
  specify: "test",
  fit: "test",
  describe: "suite",
  context: "suite",
  suite: "suite",
  fdescribe: "suite",
  before: "hook",
  beforeEach: "hook",
  beforeAll: "hook",
  setup: "hook",
};
const callbacks = new Set(["arrow_function", "function_expression", "generator_function"]);

/** `it("…", () => {})`, `test.only.each(table)("…", …)`, `t.test("…", …)`, `beforeEach(…)`. */
const readScript: TestReader = ({ node }, text) => {
  if (node.type !== "call_expression") return null;
  const kind = kindOf(textOf(node.field("function"), text).slice(0, 200));
  const values = node.field("arguments")?.children.filter(({ named }) => named) ?? [];
  if (kind === null || !values.some(({ type }) => callbacks.has(type))) return null;
  const place = { start: node.start, end: node.end };
  if (kind === "hook") return { kind, title: null, ...place };
  const title = values[0] === undefined ? null : titleOf(values[0], text);
  return title === null ? null : { kind, title, ...place };
};

/** By the first word of the callee, or by the second where the first is the handle that a runner hands over. */
function kindOf(callee: string): TestNode["kind"] | null {
  const [, first = "", second = ""] = /^([\w$]+)(?:\.([\w$]+))?/.exec(callee) ?? [];
  for (const word of [first, second]) {
    if (Object.hasOwn(scriptKinds, word)) return scriptKinds[word] ?? null;
  }
  return null;
}

function titleOf(node: SyntaxNode, text: string): string | null {
  const raw = textOf(node, text);
  switch (node.type) {
    case "string":
    case "template_string":
      return raw.slice(1, -1).replace(/\\(.)/g, "$1");
    case "identifier":
    case "member_expression":
      // `describe(Parser.name, …)`: the word itself is the best that is known.
      return raw.replace(/\.name$/, "");
    case "binary_expression":
      return raw
        .replace(/["'`]\s*\+\s*/g, "${")
        .replace(/\s*\+\s*["'`]/g, "}")
        .replace(/^["'`]|["'`]$/g, "");
    default:
      return null;
  }
}

const pythonHooks = new Set([
  "setUp",
  "setUpClass",
  "setup_method",
  "setup_function",
  "setup_class",
  "setup_module",
]);

const readPython: TestReader = ({ node, parent }, text) => {
  const name = textOf(node.field("name"), text);
  const outer = parent?.node.type === "decorated_definition" ? parent.node : node;
  const place = { start: outer.start, end: outer.end };
  if (node.type === "class_definition") return { kind: "suite", title: name, ...place };
  if (node.type !== "function_definition") return null;
  const isFixture = textOf(outer, text).startsWith("@pytest.fixture");
  if (pythonHooks.has(name) || isFixture) return { kind: "hook", title: null, ...place };
  return name.startsWith("test") ? { kind: "test", title: name, ...place } : null;
};

const readGo: TestReader = ({ node }, text) => {
  const { start, end } = node;
  if (node.type === "function_declaration") {
    const title = textOf(node.field("name"), text);
    return /^(?:Test|Example|Fuzz)/.test(title) ? { kind: "test", title, start, end } : null;
  }
  if (node.type !== "call_expression" || !textOf(node.field("function"), text).endsWith(".Run")) return null;
  const [first] = node.field("arguments")?.children.filter(({ named }) => named) ?? [];
  // Go reports a subtest with its blanks as underscores.
  const title = textOf(first ?? null, text)
    .slice(1, -1)
    .replace(/ /g, "_");
  return first?.type === "interpreted_string_literal" ? { kind: "test", title, start, end } : null;
};

const readRust: TestReader = ({ node, parent }, text) => {
  if (node.type !== "function_item" && node.type !== "mod_item") return null;
  const title = textOf(node.field("name"), text);
  if (node.type === "mod_item") return { kind: "suite", title, start: node.start, end: node.end };
  const siblings = parent?.node.children ?? [];
  let start = node.start;
  let isTest = false;
  for (let at = siblings.findIndex((one) => one.start === node.start) - 1; at >= 0; at -= 1) {
    const sibling = siblings[at];
    if (sibling?.type !== "attribute_item") break;
    isTest ||= /\btest\b|rstest/.test(textOf(sibling, text));
    start = sibling.start;
  }
  return isTest ? { kind: "test", title, start, end: node.end } : null;
};

const readJava: TestReader = ({ node }, text) => {
  if (node.type !== "method_declaration") return null;
  const title = textOf(node.field("name"), text);
  const head = textOf(node, text);
  const place = { start: node.start, end: node.end };
  if (/@(?:Before|BeforeEach|BeforeAll|BeforeClass)\b/.test(head))
    return { kind: "hook", title: null, ...place };
  return /@(?:Test|ParameterizedTest|RepeatedTest)\b/.test(head) ? { kind: "test", title, ...place } : null;
};

const readers: Readonly<Partial<Record<GrammarName, TestReader>>> = {
  javascript: readScript,
  typescript: readScript,
  tsx: readScript,
  python: readPython,
  go: readGo,
  rust: readRust,
  java: readJava,
};

/** How tests are read in a language; `null` where that is not known. */
export function testReader(grammar: GrammarName): TestReader | null {
  return readers[grammar] ?? null;
}
