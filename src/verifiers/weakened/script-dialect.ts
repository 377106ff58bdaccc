// Tests and checks of JavaScript and TypeScript: jest, vitest, mocha with chai, node:test, ava, tap and tape.
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

const tests = new Set(["it", "test", "specify", "fit", "xit", "xtest", "xspecify", "tape", "bench"]);
const groups = new Set(["describe", "context", "suite", "fdescribe", "xdescribe", "xcontext"]);
const offWords = ["skip", "todo", "fails", "failing", "skipIf", "runIf", "fixme"];
const functions = new Set(["arrow_function", "function_expression", "function", "generator_function"]);

function isFunction(node: SyntaxNode): boolean {
  return functions.has(node.type);
}

function findTest(node: SyntaxNode, read: Read): FoundTest | null {
  if (node.type !== "call_expression") return null;
  const parts = calleeName(node, read).split(".");
  const kind = kindOf(parts);
  if (kind === null) return null;
  const given = named(node.field("arguments"));
  const first = given.find((node, place) => place === 0 && isTitle(node));
  const body = given.findLast(isFunction) ?? null;
  if (first === undefined || !(body !== null || isAnnounced(kind, given))) return null;
  const group = kind === "group";
  const options = optionsOf(given, read);
  const unwritten = body === null && !group ? "todo" : null;
  return {
    title: titleOf(first, read),
    group,
    off: offOf(parts, options) ?? unwritten,
    inner: body === null ? [] : [body],
    rows: tableOf(node, read),
    retries: retriesOf(options),
  };
}

function retriesOf(options: string): number {
  return Number(/\bretr(?:y|ies):(\d+)/.exec(options)?.[1] ?? 0);
}

function optionsOf(given: readonly SyntaxNode[], read: Read): string {
  const objects = given.filter(({ type }) => type === "object");
  return objects.map(read.squeezed).join("");
}

/** `sub`: a test of a test, such as `t.test(…)`. */
function kindOf(parts: readonly string[]): "group" | "test" | "sub" | null {
  const [root = "", last = ""] = [parts[0], parts.at(-1)];
  if (groups.has(root) || last === "describe") return "group";
  if (tests.has(root)) return "test";
  return parts.length === 2 && (last === "test" || last === "it") ? "sub" : null;
}

/** A title without a function, but for options. */
function isAnnounced(kind: "group" | "test" | "sub", [first, second, more]: readonly SyntaxNode[]): boolean {
  if (kind === "sub") return false;
  return first?.type === "string" && (second === undefined || second.type === "object") && more === undefined;
}

function isTitle({ type }: SyntaxNode): boolean {
  return [
    "string",
    "template_string",
    "binary_expression",
    "identifier",
    "member_expression",
    "call_expression",
  ].includes(type);
}

function titleOf(node: SyntaxNode, read: Read): string {
  return read.text(node).replaceAll(/^["'`]|["'`]$/g, "");
}

function offOf(parts: readonly string[], options: string): string | null {
  const word = parts.slice(1).find((part) => offWords.includes(part));
  if (word !== undefined) return word;
  if (parts[0]?.startsWith("x") === true && tests.has(parts[0].slice(1))) return parts[0];
  if (parts[0] === "xdescribe" || parts[0] === "xcontext") return parts[0];
  return /\b(skip|todo):(?!false|0|null|undefined)/.exec(options)?.[1] ?? null;
}

/** The table of `it.each(table)(title, …)`. */
function tableOf(node: SyntaxNode, read: Read): readonly string[] | null {
  const call = node.field("function");
  if (call?.type !== "call_expression" || !/\.(?:each|for)$/.test(calleeName(call, read))) return null;
  const table = named(call.field("arguments"))[0];
  return table === undefined ? null : rowsOf(table, read);
}

/** A chain of calls and members, from its first word on. */
interface Link {
  readonly name: string;
  /** `null` where it is not called. */
  readonly given: readonly SyntaxNode[] | null;
}

function unroll(node: SyntaxNode, read: Read): { base: SyntaxNode; links: readonly Link[] } {
  const links: Link[] = [];
  let current = node;
  let given: readonly SyntaxNode[] | null = null;
  for (;;) {
    const callee = current.type === "call_expression" ? current.field("function") : null;
    if (callee !== null && given === null) {
      given = named(current.field("arguments"));
      current = callee;
      continue;
    }
    const object = current.type === "member_expression" ? current.field("object") : null;
    const property = current.field("property");
    if (object === null || property === null) break;
    links.unshift({ name: read.text(property), given });
    given = null;
    current = object;
  }
  if (current.type === "identifier") links.unshift({ name: read.text(current), given });
  return { base: current, links };
}

/** Words of chai that say nothing by themselves. */
const fillers = new Set(
  "to be been is that which and has have with at of same but does still also deep own nested ordered any all itself strict assert resolves rejects eventually not".split(
    " ",
  ),
);
const spoken = new Set(
  `is not equal equals strictEqual deepEqual notDeepEqual deepStrictEqual notEqual same notSame strictSame deepEquals ok notOk true false truthy falsy
  throws throwsAsync notThrows notThrowsAsync regex notRegex match like snapshot pass fail error ifError type has hasStrict
  resolves rejects doesNotThrow looseEqual deepLooseEqual equivalent isA isEqual`.split(/\s+/),
);
const testers = new Set(["t", "st", "s2t", "s", "tt", "tap", "test"]);
const ownChecks = /^(?:assert|expect|check|verify|ensure|should|must)(?:[A-Z_]\w*)?$/;

function findCheck(node: SyntaxNode, read: Read): FoundCheck | null {
  if (node.type !== "call_expression" && node.type !== "member_expression") return null;
  const { links } = unroll(node, read);
  const root = links[0];
  // What follows a promise is looked at on its own.
  if (root === undefined || /^(?:then|catch|finally)$/.test(links.at(-1)?.name ?? "")) return null;
  const rest = links.slice(1);
  if (root.name === "expect" || root.name === "expectTypeOf") return ofExpect(root, rest);
  const should = rest.findIndex(({ name }) => name === "should");
  if (should >= 0)
    return ofExpect({ name: "expect", given: [] }, rest.slice(should + 1), read.squeezed(node));
  return ofAssert(links);
}

function ofExpect({ given }: Link, rest: readonly Link[], subjectText = ""): FoundCheck | null {
  if (given === null) return rest[0]?.name === "fail" ? asserted("fail", []) : null;
  const matcher = rest.findLast(({ name }) => !fillers.has(name));
  const [subject] = given;
  if (matcher === undefined || (subject === undefined && subjectText === "")) return null;
  const [expected, ...extra] = matcher.given ?? [];
  return {
    subject: subject ?? subjectText,
    expected: expected ?? null,
    matcher: matcher.name,
    negated: rest.some(({ name }) => name === "not"),
    extra,
    inner: [...given, ...rest.flatMap((link) => link.given ?? [])].filter(isFunction),
  };
}

/** `assert(x)`, `assert.equal(x, y)`, `t.is(x, y)`, `assertUser(x)`. */
function ofAssert(links: readonly Link[]): FoundCheck | null {
  const names = links.map(({ name }) => name);
  const root = names[0] ?? "";
  const last = links.at(-1);
  if (last?.given == null) return null;
  if (names.includes("assert") && last.name !== "plan") return asserted(last.name, last.given);
  if (links.length >= 2 && testers.has(root) && spoken.has(last.name)) return asserted(last.name, last.given);
  return ownChecks.test(last.name) && root !== "expect" ? asserted(last.name, last.given) : null;
}

function asserted(matcher: string, given: readonly SyntaxNode[]): FoundCheck {
  const [subject, expected] = given;
  return {
    subject: subject ?? "",
    // The message of `ok(x, "message")` is no value.
    expected: /^(?:assert|ok|notOk|true|false|truthy|falsy|pass|fail|isTrue|isFalse|isOk)$/.test(matcher)
      ? null
      : (expected ?? null),
    matcher,
    negated: false,
    extra: [],
    inner: given.filter(isFunction),
  };
}

function helperName(node: SyntaxNode, read: Read): string | null {
  if (node.type === "variable_declarator") {
    const value = node.field("value");
    if (value === null || !isFunction(value)) return null;
  } else if (node.type !== "function_declaration" && node.type !== "method_definition") return null;
  const name = node.field("name");
  return name === null ? null : read.text(name);
}

function skipCall(node: SyntaxNode, read: Read): string | null {
  if (node.type !== "call_expression") return null;
  const name = calleeName(node, read);
  return /^(?:this|t|ctx|context|test|it)\.(?:skip|todo|fixme|fail)$/.test(name) && name !== "t.fail"
    ? name
    : null;
}

function planOf(node: SyntaxNode, read: Read): number | null {
  if (node.type !== "call_expression") return null;
  if (!/^(?:expect\.assertions|\w+\.plan)$/.test(calleeName(node, read))) return null;
  const number = Number(read.text(named(node.field("arguments"))[0] ?? node));
  return Number.isInteger(number) ? number : null;
}

export const scripts: Dialect = {
  test: findTest,
  check: findCheck,
  helper: helperName,
  skip: skipCall,
  plan: planOf,
};
