// What a place can be changed to, by what the grammars of JavaScript, TypeScript, Python and Go call it.
import type { SyntaxNode } from "../../../syntax/tree-sitter.ts";
import type { Family } from "../walk.ts";
import type { Change, MutantKind } from "./types.ts";

interface Swap {
  readonly kind: MutantKind;
  readonly to: string;
}

const swap = (kind: MutantKind, ...pairs: readonly (readonly [string, string])[]): [string, Swap][] =>
  pairs.map(([from, to]) => [from, { kind, to }]);

const swaps: ReadonlyMap<string, Swap> = new Map([
  ...swap("comparison", ["<", "<="], ["<=", "<"], [">", ">="], [">=", ">"]),
  ...swap("comparison", ["==", "!="], ["!=", "=="], ["===", "!=="], ["!==", "==="]),
  ...swap("comparison", ["is", "is not"], ["is not", "is"], ["in", "not in"], ["not in", "in"]),
  ...swap("logic", ["&&", "||"], ["||", "&&"], ["and", "or"], ["or", "and"]),
  ...swap("arithmetic", ["+", "-"], ["-", "+"], ["*", "/"], ["/", "*"], ["%", "*"], ["//", "*"], ["**", "*"]),
  ...swap("arithmetic", ["+=", "-="], ["-=", "+="], ["*=", "/="], ["/=", "*="]),
]);

const operations = new Set([
  "binary_expression",
  "binary_operator",
  "boolean_operator",
  "comparison_operator",
  "augmented_assignment_expression",
  "augmented_assignment",
  "assignment_statement",
]);
const texts = new Set(["string", "interpreted_string_literal", "raw_string_literal", "template_string"]);
const branches = new Set(["if_statement", "elif_clause", "ternary_expression"]);
/** In these a changed constant or a dropped statement may never end, or is nothing that a test should see. */
const loops = new Set(["while_statement", "do_statement"]);

export interface Site {
  readonly node: SyntaxNode;
  /** Those it stands in, outermost first. */
  readonly above: readonly SyntaxNode[];
  readonly family: Family;
  readonly textOf: (node: { readonly start: number; readonly end: number }) => string;
}

/** What can be changed at a node itself: at most one change of a kind. */
export function changesAt(site: Site): readonly Change[] {
  return [operatorAt(site), conditionAt(site), constantAt(site), statementAt(site)].flatMap(
    (one) => one ?? [],
  );
}

function operatorAt({ node, above, textOf }: Site): Change | null {
  if (!operations.has(node.type)) return null;
  const token = node.children.find((child) => !child.named && swaps.has(spaced(textOf(child))));
  const found = token === undefined ? undefined : swaps.get(spaced(textOf(token)));
  if (token === undefined || found === undefined) return null;
  if (found.kind === "arithmetic" && isText(node, textOf)) return null;
  const counts = node.type.includes("assignment") && (isLooping(above) || isHeader(node, above));
  return counts ? null : { kind: found.kind, start: token.start, end: token.end, replacement: found.to };
}

const spaced = (text: string): string => text.replace(/\s+/g, " ");

/** Texts are joined by `+` as well, and nothing else can be done to them. */
function isText(node: SyntaxNode, textOf: Site["textOf"]): boolean {
  return node.children.some((child) => texts.has(child.type) || /^["'`]|["'`]$/.test(textOf(child)));
}

function conditionAt({ node, family, textOf }: Site): Change | null {
  const condition = branches.has(node.type) ? node.field("condition") : null;
  // Where it is one comparison that can be turned round, that is the same change.
  if (condition === null || isEquality(condition)) return null;
  const inner = textOf(condition);
  const bare = condition.type === "parenthesized_expression" ? inner : `(${inner})`;
  const negated = family === "python" ? `(not ${bare})` : `(!${bare})`;
  return {
    kind: "condition",
    start: condition.start,
    end: condition.end,
    replacement: family === "go" ? `!${bare}` : negated,
  };
}

function isEquality(condition: SyntaxNode): boolean {
  const inner = condition.type === "parenthesized_expression" ? condition.children[1] : condition;
  return inner?.children.some(({ type }) => /^(?:[=!]={1,2}|is(?: not)?|(?:not )?in)$/.test(type)) ?? false;
}

const numbers = new Set(["number", "integer", "float", "int_literal", "float_literal"]);
const opposites: ReadonlyMap<string, string> = new Map([
  ["true", "false"],
  ["false", "true"],
  ["True", "False"],
  ["False", "True"],
]);

function constantAt(site: Site): Change | null {
  const { node, textOf } = site;
  if (!node.named || isForTypes(site) || isStep(site)) return null;
  const replacement = numbers.has(node.type) ? oneMore(textOf(node)) : otherConstant(site);
  return replacement === null ? null : { kind: "constant", start: node.start, end: node.end, replacement };
}

/** What a loop counts by: with another it may never end. */
function isStep({ node, above }: Site): boolean {
  const counts = above.at(-1)?.type.startsWith("augmented") ?? false;
  return counts && (isLooping(above) || isHeader(node, above));
}

function oneMore(text: string): string | null {
  if (!/^(?:0|[1-9]\d{0,14})(?:\.\d{1,6})?$/.test(text)) return null;
  return text.includes(".") ? text.replace(/^\d+/, (whole) => `${Number(whole) + 1}`) : `${Number(text) + 1}`;
}

function otherConstant(site: Site): string | null {
  const { node, textOf } = site;
  const text = textOf(node);
  const opposite = opposites.get(text);
  if (opposite !== undefined && /^(?:true|false|identifier)$/.test(node.type)) return opposite;
  if (node.type !== "string" && node.type !== "interpreted_string_literal") return null;
  const [, quote = "", inner = ""] = /^(["'])([^"'\\\n{}]{0,200})\1$/.exec(text) ?? [];
  if (quote === "" || isForPeople(site)) return null;
  return inner === "" ? `${quote}errand${quote}` : quote + quote;
}

/** Words that are thrown, keys, and names of modules: a test that holds them fast is no better for it. */
function isForPeople({ node, above }: Site): boolean {
  const parents = above.slice(-4).map(({ type }) => type);
  return parents.some((type) => unheard.has(type)) || isKey(node, above) || isDocstring(above);
}

const unheard = new Set([
  "throw_statement",
  "raise_statement",
  "import_statement",
  "export_statement_source",
  "import_spec",
  "subscript",
  "subscript_expression",
  "jsx_attribute",
  "decorator",
]);

function isKey(node: SyntaxNode, above: readonly SyntaxNode[]): boolean {
  const parent = above.at(-1);
  return parent?.type === "pair" && parent.field("key")?.start === node.start;
}

/** A statement that is a text and nothing else: "use strict", a docstring. */
function isDocstring(above: readonly SyntaxNode[]): boolean {
  return above.at(-1)?.type === "expression_statement";
}

const typed = /type|decorator|enum|index_signature|literal_type|predefined/;

function isForTypes({ above, textOf }: Site): boolean {
  if (above.slice(-6).some(({ type }) => typed.test(type))) return true;
  const logged = above.findLast(({ type }) => type === "call_expression" || type === "call");
  return logged !== undefined && isUnheard(textOf(logged));
}

/** Calls whose leaving out nobody should have to notice: logs, measures, checks of one's own. */
export function isUnheard(call: string): boolean {
  return /^(?:await\s{1,5})?(?:[\w$]{1,40}\.){0,5}(?:console|logger|logging|log|debug|trace|warn|info|print|println|printf|fmt|metrics|telemetry)\b/i.test(
    call,
  );
}

const droppable = /^(?:call|call_expression|await|await_expression|assignment|assignment_expression)$/;

/** What is left where a statement was. The first assignment of a name in Python declares it: without it another error comes, which is as good. */
const emptyStatement: Readonly<Record<Family, string>> = { script: ";", python: "pass", go: "{}" };

function statementAt(site: Site): Change | null {
  const { node, family, above } = site;
  if (node.type === "return_statement") return returnAt(site);
  if (!isDroppable(site) || isHeader(node, above)) return null;
  return { kind: "statement", start: node.start, end: node.end, replacement: emptyStatement[family] };
}

function isDroppable({ node, family, textOf, above }: Site): boolean {
  const isAssignment = node.type === "assignment_statement" && family === "go";
  if (node.type !== "expression_statement" && !isAssignment) return false;
  const what = node.children.find(({ named }) => named);
  if (what === undefined || isUnheard(textOf(what))) return false;
  if (isAssignment || what.type.startsWith("assignment")) return !isLooping(above);
  return droppable.test(what.type);
}

function returnAt({ node, family, textOf }: Site): Change | null {
  const value = node.children.find(({ named }) => named);
  const nothing = family === "python" ? "None" : "undefined";
  if (family === "go" || value === undefined || textOf(value) === nothing) return null;
  return { kind: "statement", start: value.start, end: value.end, replacement: nothing };
}

function isLooping(above: readonly SyntaxNode[]): boolean {
  return above.some(({ type }) => loops.has(type));
}

/** The counting part of a `for`. */
function isHeader(node: SyntaxNode, above: readonly SyntaxNode[]): boolean {
  return above.some(({ type, field }) => {
    if (type === "for_clause") return true;
    const body = type === "for_statement" ? field("body") : null;
    return body !== null && node.start < body.start;
  });
}
