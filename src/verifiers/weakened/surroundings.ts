// What stands between a test and a check in it: conditions, loops, returns, and handlers that drop what is thrown.
import type { SyntaxNode } from "../../syntax/tree-sitter.ts";
import { calleeName, named, rowsOf, type Read } from "./dialect.ts";

export interface Surroundings {
  /** Squeezed; `null` where nothing is asked. */
  readonly condition: string | null;
  /** Without the innermost `if`. */
  readonly outerCondition: string | null;
  readonly never: boolean;
  readonly swallowed: boolean;
  readonly many: boolean;
}

export const freely: Surroundings = {
  condition: null,
  outerCondition: null,
  never: false,
  swallowed: false,
  many: false,
};

interface Branch {
  readonly child: SyntaxNode;
  readonly around: Surroundings;
}

const blocks = new Set(["statement_block", "block", "statement_list", "program"]);
const ends = new Set([
  "return_statement",
  "throw_statement",
  "raise_statement",
  "continue_statement",
  "break_statement",
]);
const loops = new Set([
  "for_in_statement",
  "for_statement",
  "while_statement",
  "for_expression",
  "enhanced_for_statement",
  "range_clause",
]);

/** A node's children, each with what stands around it. */
export function branchesOf(node: SyntaxNode, around: Surroundings, read: Read): readonly Branch[] {
  if (blocks.has(node.type)) return inOrder(node, around, read);
  if (node.type.startsWith("if_") || node.type === "ternary_expression" || node.type === "elif_clause")
    return ofIf(node, around, read);
  if (node.type === "binary_expression") return ofBinary(node, around, read);
  if (node.type === "try_statement") return ofTry(node, around, read);
  if (loops.has(node.type)) return ofLoop(node, around, read);
  if (node.type === "call_expression") return ofCall(node, around, read);
  if (node.type === "with_statement") return ofWith(node, around, read);
  return all(node, around);
}

function all(node: SyntaxNode, around: Surroundings): readonly Branch[] {
  return named(node).map((child) => ({ child, around }));
}

/** Behind a return nothing runs; behind one that hangs on a condition, it hangs on that. */
function inOrder(node: SyntaxNode, around: Surroundings, read: Read): readonly Branch[] {
  let now = around;
  return named(node).map((child) => {
    const branch = { child, around: now };
    if (ends.has(child.type)) now = { ...now, never: true };
    const left = leavesIf(child, read);
    if (left !== null) now = under(now, `!(${left})`);
    return branch;
  });
}

/** The condition of an `if` that only leaves. */
function leavesIf(node: SyntaxNode, read: Read): string | null {
  const test = node.type === "if_statement" ? node.field("condition") : null;
  const taken = node.field("consequence");
  if (test === null || taken === null || node.field("alternative") !== null) return null;
  const statements = blocks.has(taken.type)
    ? named(taken).flatMap((child) => (child.type === "statement_list" ? named(child) : [child]))
    : [taken];
  return statements.length === 1 && statements[0]?.type === "return_statement" ? read.squeezed(test) : null;
}

function under(around: Surroundings, condition: string): Surroundings {
  return {
    ...around,
    outerCondition: around.condition,
    condition: around.condition === null ? condition : `${around.condition}&&${condition}`,
  };
}

const never = /^\(*(?:false|0|null|undefined|False|None|!1|!true|notTrue)\)*$/;
const always = /^\(*(?:true|1|True|!0|!false)\)*$/;

function ofIf(node: SyntaxNode, around: Surroundings, read: Read): readonly Branch[] {
  const test = node.field("condition");
  const taken = node.field("consequence");
  const condition = test === null ? "?" : read.squeezed(test);
  return named(node).map((child) => {
    if (test !== null && child.start === test.start && child.end === test.end) return { child, around };
    const isTaken = taken !== null && child.start === taken.start;
    const dead = isTaken ? never.test(condition) || isImpossible(condition) : always.test(condition);
    const sure = isTaken && always.test(condition);
    const next = sure ? around : under(around, isTaken ? condition : `!(${condition})`);
    return { child, around: dead ? { ...next, never: true } : next };
  });
}

/** `1 === 2`, `x !== x`. */
function isImpossible(condition: string): boolean {
  const parts = /^\(*([\w."]+)([!=]==?)([\w."]+?)\)*$/.exec(condition);
  if (parts === null) return false;
  const [, left, operator, right] = parts;
  if (operator?.startsWith("!") === true) return left === right;
  return left !== right && /^\d+$/.test(left ?? "") && /^\d+$/.test(right ?? "");
}

/** `condition && check`. */
function ofBinary(node: SyntaxNode, around: Surroundings, read: Read): readonly Branch[] {
  const [left, right] = [node.field("left"), node.field("right")];
  const operator =
    named(node).length === 2 && left && right
      ? read
          .text(node)
          .slice(left.end - node.start, right.start - node.start)
          .trim()
      : "";
  if (left === null || right === null || !["&&", "||", "??"].includes(operator)) return all(node, around);
  const condition = operator === "&&" ? read.squeezed(left) : `!(${read.squeezed(left)})`;
  const dead = operator === "&&" ? never.test(condition) : always.test(read.squeezed(left));
  const gated = under(around, condition);
  return [
    { child: left, around },
    { child: right, around: dead ? { ...gated, never: true } : gated },
  ];
}

/** Words of a handler that let a failure through, or that check it. */
const tells =
  /throw|raise|expect|assert|fail|done\(|reject|\bt\.|Fatal|Error\(|next\(|exit|should|cb\(|callback\(/;

function ofTry(node: SyntaxNode, around: Surroundings, read: Read): readonly Branch[] {
  const handlers = named(node).filter(({ type }) => /^(?:catch|except)/.test(type));
  const drops = handlers.some(
    (handler) => !tells.test(read.text(handler.field("body") ?? named(handler).at(-1) ?? handler)),
  );
  const body = node.field("body");
  return named(node).map((child) => ({
    child,
    around: drops && body !== null && child.start === body.start ? { ...around, swallowed: true } : around,
  }));
}

/** `with suppress(…)`. */
function ofWith(node: SyntaxNode, around: Surroundings, read: Read): readonly Branch[] {
  const body = node.field("body");
  const head = body === null ? "" : read.text(node).slice(0, body.start - node.start);
  const drops = /\bsuppress\(/.test(head);
  return named(node).map((child) => ({
    child,
    around: drops && child.start === body?.start ? { ...around, swallowed: true } : around,
  }));
}

function ofLoop(node: SyntaxNode, around: Surroundings, read: Read): readonly Branch[] {
  const range = named(node).find(({ type }) => type === "range_clause");
  const over = (range ?? node).field("right");
  const nothing = over !== null && rowsOf(over, read)?.length === 0;
  const dead = nothing || never.test(squeezedCondition(node, read));
  return all(node, { ...around, many: true, never: around.never || dead });
}

function squeezedCondition(node: SyntaxNode, read: Read): string {
  const test = node.field("condition");
  return test === null ? "" : read.squeezed(test);
}

const iterating = /\.(?:forEach|map|every|some|each|filter)$/;

/** `rows.forEach(…)` and `promise.catch(…)`. */
function ofCall(node: SyntaxNode, around: Surroundings, read: Read): readonly Branch[] {
  const callee = node.field("function");
  const object = callee?.field("object") ?? null;
  const name = calleeName(node, read);
  const given = named(node.field("arguments"));
  if (object !== null && iterating.test(name)) {
    const nothing = rowsOf(object, read)?.length === 0;
    return all(node, { ...around, many: true, never: around.never || nothing });
  }
  const drops =
    name.endsWith(".catch") &&
    given[0] !== undefined &&
    !tells.test(read.text(given[0])) &&
    given[0].type !== "identifier";
  return all(node, drops ? { ...around, swallowed: true } : around);
}
