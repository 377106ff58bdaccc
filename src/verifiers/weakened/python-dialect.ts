// Tests and checks of Python: pytest and unittest.
import type { SyntaxNode } from "../../syntax/tree-sitter.ts";
import {
  calleeName,
  named,
  rowsOf,
  type Dialect,
  type FoundCheck,
  type FoundTest,
  type Read,
} from "./dialect.ts";

function findTest(node: SyntaxNode, read: Read): FoundTest | null {
  const { definition, decorators } = undecorated(node);
  const group = definition.type === "class_definition";
  if (!group && definition.type !== "function_definition") return null;
  const [name, body] = [definition.field("name"), definition.field("body")];
  if (name === null || body === null || !(group || /^test/i.test(read.text(name)))) return null;
  const words = decorators.map(read.squeezed).join("\n");
  return {
    title: read.text(name),
    group,
    off: /\b(skip\w*|xfail|expectedFailure)\b/.exec(words)?.[1] ?? null,
    inner: [body],
    rows: decorators.map((decorator) => tableOf(decorator, read)).find((rows) => rows !== null) ?? null,
    retries: Number(/\b(?:flaky|retry)\(\D*(\d+)/.exec(words)?.[1] ?? 0),
  };
}

function undecorated(node: SyntaxNode): { definition: SyntaxNode; decorators: readonly SyntaxNode[] } {
  const definition = node.type === "decorated_definition" ? node.field("definition") : null;
  if (definition === null) return { definition: node, decorators: [] };
  return { definition, decorators: named(node).filter(({ type }) => type === "decorator") };
}

function tableOf(decorator: SyntaxNode, read: Read): readonly string[] | null {
  const call = named(decorator)[0];
  if (call?.type !== "call" || !calleeName(call, read).endsWith("parametrize")) return null;
  const table = named(call.field("arguments"))[1];
  return table === undefined ? null : rowsOf(table, read);
}

function findCheck(node: SyntaxNode, read: Read): FoundCheck | null {
  if (node.type === "assert_statement") return ofStatement(node, read);
  if (node.type !== "call") return null;
  const name = calleeName(node, read).split(".").at(-1) ?? "";
  if (waits.test(name)) return { ...nothingGiven, subject: node, matcher: "wait" };
  if (!/^(?:assert(?:[A-Z_]\w*)?|raises|warns|fail|check_\w+|verify_\w+|expect\w*)$/.test(name)) return null;
  const given = named(node.field("arguments"));
  const [subject, expected, ...extra] = given;
  const single = /^assert(?:True|False|IsNone|IsNotNone)$/.test(name);
  return {
    subject: subject ?? node,
    expected: single ? null : (expected ?? null),
    matcher: name,
    negated: false,
    extra,
    inner: [],
  };
}

/** Raises where what it waits for does not come: as much as `assert` of what it returns says. */
const waits = /^(?:await|wait_for|wait_until)_?\w*$/;

const nothingGiven = { expected: null, negated: false, extra: [], inner: [] };

function ofStatement(node: SyntaxNode, read: Read): FoundCheck {
  const condition = named(node)[0] ?? node;
  const sides = condition.type === "comparison_operator" ? named(condition) : [];
  const [left, right, more] = sides;
  const rest = { negated: false, extra: [], inner: [] };
  if (
    left === undefined ||
    right === undefined ||
    more !== undefined ||
    !isEquality(condition, [left, right], read)
  )
    return { subject: condition, expected: null, matcher: "assert", ...rest };
  return { subject: left, expected: right, matcher: "equal", ...rest };
}

function isEquality(
  condition: SyntaxNode,
  [left, right]: readonly [SyntaxNode, SyntaxNode],
  read: Read,
): boolean {
  const operator = read.text(condition).slice(left.end - condition.start, right.start - condition.start);
  return ["==", "is"].includes(operator.trim());
}

function skipCall(node: SyntaxNode, read: Read): string | null {
  if (node.type !== "call" && node.type !== "raise_statement") return null;
  if (node.type === "raise_statement") return read.text(node).includes("SkipTest") ? "SkipTest" : null;
  const name = calleeName(node, read);
  return /^(?:pytest\.(?:skip|xfail)|self\.skipTest)$/.test(name) ? name : null;
}

export const python: Dialect = {
  test: findTest,
  check: findCheck,
  helper: (node, read) => {
    const name = node.type === "function_definition" ? node.field("name") : null;
    return name === null ? null : read.text(name);
  },
  skip: skipCall,
  plan: () => null,
};
