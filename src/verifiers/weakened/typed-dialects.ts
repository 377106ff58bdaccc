// Tests and checks of Rust (`#[test]`, assert macros) and Java (JUnit, AssertJ, Mockito).
import type { SyntaxNode } from "../../syntax/tree-sitter.ts";
import {
  attributesAhead,
  named,
  type Dialect,
  type FoundCheck,
  type FoundTest,
  type Read,
} from "./dialect.ts";

/** Attributes stand before the function, each a node of its own: they are handed over with the module that holds both. */
function rustTest(node: SyntaxNode, read: Read): FoundTest | null {
  if (node.type === "mod_item") {
    const [name, body] = [node.field("name"), node.field("body")];
    return name && body
      ? { title: read.text(name), group: true, off: null, inner: [body], rows: null, retries: 0 }
      : null;
  }
  if (node.type !== "function_item") return null;
  const [name, body] = [node.field("name"), node.field("body")];
  const attributes = read.values.get(attributesAhead) ?? "";
  if (name === null || body === null || !/\b(?:test|rstest|test_case)\b/.test(attributes)) return null;
  return {
    title: read.text(name),
    group: false,
    off: /#\[ignore\b/.test(attributes) ? "ignore" : null,
    inner: [body],
    rows: null,
    retries: 0,
  };
}

function rustCheck(node: SyntaxNode, read: Read): FoundCheck | null {
  if (node.type !== "macro_invocation") return null;
  const name = node.field("macro");
  const tokens = named(node).find(({ type }) => type === "token_tree");
  if (name === null || tokens === undefined || !/assert|snapshot|matches|panic/.test(read.text(name)))
    return null;
  const [subject, expected] = splitTop(read.text(tokens).slice(1, -1));
  const single = read.text(name) === "assert";
  return {
    subject: subject ?? "",
    expected: single ? null : (expected ?? null),
    matcher: read.text(name),
    negated: false,
    extra: [],
    inner: [],
  };
}

/** Parts between commas that stand in no bracket or string. */
function splitTop(text: string): readonly string[] {
  const parts: string[] = [];
  let [depth, from, inString] = [0, 0, false];
  for (let place = 0; place < text.length; place++) {
    const character = text.charAt(place);
    if (character === '"' && text.charAt(place - 1) !== "\\") inString = !inString;
    if (inString) continue;
    if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
    else if (character === "," && depth === 0) {
      parts.push(text.slice(from, place));
      from = place + 1;
    }
  }
  return [...parts, text.slice(from)];
}

export const rust: Dialect = {
  test: rustTest,
  check: rustCheck,
  helper: (node, read) => {
    const name = node.type === "function_item" ? node.field("name") : null;
    return name === null ? null : read.text(name);
  },
  skip: () => null,
  plan: () => null,
};

function javaTest(node: SyntaxNode, read: Read): FoundTest | null {
  const group = node.type === "class_declaration";
  if (!group && node.type !== "method_declaration") return null;
  const [name, body] = [node.field("name"), node.field("body")];
  if (name === null || body === null) return null;
  const modifiers = named(node).find(({ type }) => type === "modifiers");
  const words = modifiers === undefined ? "" : read.text(modifiers);
  if (
    !group &&
    !/@(?:Test|ParameterizedTest|RepeatedTest)\b/.test(words) &&
    !/^test[A-Z_]/.test(read.text(name))
  )
    return null;
  return {
    // A class is renamed with its file; its name tells nothing of a test.
    title: group ? "" : read.text(name),
    group,
    off: /@(Disabled|Ignore)\b/.exec(words)?.[1] ?? null,
    inner: [body],
    rows: null,
    retries: 0,
  };
}

function javaCheck(node: SyntaxNode, read: Read): FoundCheck | null {
  if (node.type !== "method_invocation") return null;
  const name = node.field("name");
  if (name === null) return null;
  const matcher = read.text(name);
  if (/^(?:assert\w*|verify\w*|fail)$/.test(matcher)) {
    const [first, second, ...extra] = named(node.field("arguments"));
    const pair = /Equals|Same/.test(matcher);
    return {
      subject: (pair ? second : first) ?? node,
      expected: pair ? (first ?? null) : null,
      matcher,
      negated: false,
      extra,
      inner: named(node.field("arguments")).filter(({ type }) => type === "lambda_expression"),
    };
  }
  const chain = read.squeezed(node);
  if (!/^(?:Assertions\.)?assertThat\w*\(/.test(chain)) return null;
  const [expected] = named(node.field("arguments"));
  return {
    subject: chain.slice(0, chain.lastIndexOf(`.${matcher}(`)),
    expected: expected ?? null,
    matcher,
    negated: false,
    extra: [],
    inner: [],
  };
}

export const java: Dialect = {
  test: javaTest,
  check: javaCheck,
  helper: (node, read) => {
    const name = node.type === "method_declaration" ? node.field("name") : null;
    return name === null ? null : read.text(name);
  },
  skip: () => null,
  plan: () => null,
};
