// Tests and checks of Go: the testing package, testify and their like.
import type { SyntaxNode } from "../../syntax/tree-sitter.ts";
import { calleeName, named, type Dialect, type FoundCheck, type FoundTest, type Read } from "./dialect.ts";

function findTest(node: SyntaxNode, read: Read): FoundTest | null {
  if (node.type === "function_declaration" || node.type === "method_declaration") {
    const name = node.field("name");
    const body = node.field("body");
    if (name === null || body === null || !/^(?:Test|Example|Fuzz)(?![a-z])/.test(read.text(name)))
      return null;
    return { title: read.text(name), group: false, off: null, inner: [body], rows: null, retries: 0 };
  }
  if (node.type !== "call_expression" || !/^\w+\.Run$/.test(calleeName(node, read))) return null;
  const [title, body] = named(node.field("arguments"));
  if (title === undefined || body?.type !== "func_literal") return null;
  return {
    title: read.text(title).replaceAll(/["`]/g, ""),
    group: false,
    off: null,
    inner: [body],
    rows: null,
    retries: 0,
  };
}

const ownCheck = /^(?:assert|require|check|verify|expect|compare|must|test)/i;

function findCheck(node: SyntaxNode, read: Read, condition: string | null): FoundCheck | null {
  if (node.type !== "call_expression") return null;
  const parts = calleeName(node, read).split(".");
  const name = parts.at(-1) ?? "";
  const given = named(node.field("arguments"));
  const first = given.slice(0, 1).map(read.text).join("");
  const inner = given.filter(({ type }) => type === "func_literal");
  if (/^(?:[tbf]|tb)\.(?:Error|Errorf|Fatal|Fatalf|Fail|FailNow)$/.test(parts.join(".")))
    // The condition is what is checked; the words are only for people.
    return {
      subject: condition ?? node,
      expected: null,
      matcher: "fail-if",
      negated: false,
      extra: [],
      inner,
    };
  if (/^(?:require|assert|is|must|check|testutil)$/.test(parts.at(-2) ?? ""))
    return ofTestify(name, /^(?:t|tb|b|\w+\.T(?:\(\))?)$/.test(first) ? given.slice(1) : given, inner);
  // A helper of the repository's own that is handed the test.
  return parts.length <= 2 && /^(?:t|tb)$/.test(first) && ownCheck.test(name)
    ? { subject: node, expected: null, matcher: name, negated: false, extra: [], inner }
    : null;
}

function ofTestify(
  name: string,
  given: readonly SyntaxNode[],
  inner: readonly SyntaxNode[],
): FoundCheck | null {
  const [first, second, ...extra] = given;
  const single =
    /^(?:Assert|True|False|Nil|NotNil|NoError|Ok|Error|Empty|NotEmpty|Zero|NotZero|Panics)f?$/.test(name);
  if (first === undefined) return null;
  return single || second === undefined
    ? {
        subject: first,
        expected: null,
        matcher: name === "Assert" ? "True" : name,
        negated: false,
        extra: [],
        inner,
      }
    : // testify says what is expected first.
      { subject: second, expected: first, matcher: name, negated: false, extra, inner };
}

export const go: Dialect = {
  test: findTest,
  check: findCheck,
  helper: (node, read) => {
    const name =
      node.type === "function_declaration" || node.type === "method_declaration" ? node.field("name") : null;
    return name === null ? null : read.text(name);
  },
  skip: (node, read) => {
    const name = node.type === "call_expression" ? calleeName(node, read) : "";
    return /^(?:t|tb|b)\.Skip(?:f|Now)?$/.test(name) ? name : null;
  },
  plan: () => null,
};
