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
  const decorators =
    node.type === "decorated_definition" ? named(node).filter(({ type }) => type === "decorator") : [];
  const definition = node.type === "decorated_definition" ? node.field("definition") : node;
  const group = definition?.type === "class_definition";
  if (definition === null || (!group && definition.type !== "function_definition")) return null;
  const name = definition.field("name");
  const body = definition.field("body");
  if (name === null || body === null || (!group && !/^test/i.test(read.text(name)))) return null;
  const words = decorators.map(read.squeezed);
  const off = words
    .map((word) => /\b(skip\w*|xfail|expectedFailure)\b/.exec(word)?.[1])
    .find((word) => word !== undefined);
  return {
    title: read.text(name),
    group,
    off: off ?? null,
    inner: [body],
    rows: decorators.map((decorator) => tableOf(decorator, read)).find((rows) => rows !== null) ?? null,
    retries: Number(
      words
        .map((word) => /\b(?:flaky|retry)\(\D*(\d+)/.exec(word)?.[1])
        .find((count) => count !== undefined) ?? 0,
    ),
  };
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

function ofStatement(node: SyntaxNode, read: Read): FoundCheck {
  const condition = named(node)[0];
  const sides = condition?.type === "comparison_operator" ? named(condition) : [];
  const [left, right] = sides;
  const compared =
    sides.length === 2 && left && right
      ? read
          .text(condition ?? node)
          .slice(left.end - left.start, -(right.end - right.start))
          .trim()
      : "";
  const equal = compared === "==" || compared === "is";
  return {
    subject: (equal ? left : condition) ?? node,
    expected: equal ? (right ?? null) : null,
    matcher: equal ? "equal" : "assert",
    negated: false,
    extra: [],
    inner: [],
  };
}

function skipCall(node: SyntaxNode, read: Read): string | null {
  if (node.type !== "call" && node.type !== "raise_statement") return null;
  if (node.type === "raise_statement") return /SkipTest/.test(read.text(node)) ? "SkipTest" : null;
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
