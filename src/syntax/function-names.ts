// What a function is called, and which node it is written as: language by language.
import { around } from "./visits.ts";
import type { Visit } from "./visits.ts";
import type { GrammarName, SyntaxNode } from "./tree-sitter.ts";

export interface NamedFunction {
  /** `null` where it has no name of its own. */
  readonly name: string | null;
  /** The statement or member that it is written as. */
  readonly whole: SyntaxNode;
}

/** Says of a node whether it is a function, and which; `null` where it is none. */
export type FunctionReader = (visit: Visit, text: string) => NamedFunction | null;

const longestName = 120;

const textOf = (node: SyntaxNode | null, text: string): string | null =>
  node === null ? null : text.slice(node.start, Math.min(node.end, node.start + longestName)).trim();

const joined = (...parts: readonly (string | null)[]): string | null =>
  parts.at(-1) === null ? null : parts.filter((part) => part !== null && part !== "").join(".");

// --- JavaScript, TypeScript ---

const scriptFunctions = new Set(["arrow_function", "function_expression", "generator_function"]);
const scriptDeclarations = new Set(["function_declaration", "generator_function_declaration"]);
const scriptClasses = new Set(["class_declaration", "abstract_class_declaration", "class"]);
/** What may stand around a function or an object without making it another one. */
const wrappers = new Set([
  "parenthesized_expression",
  "as_expression",
  "satisfies_expression",
  "non_null_expression",
]);

const readScript: FunctionReader = (visit, text) => {
  const { node } = visit;
  if (scriptDeclarations.has(node.type)) {
    const name = textOf(node.field("name"), text);
    return { name: name ?? "export default", whole: exported(visit).node };
  }
  if (node.type === "method_definition")
    return { name: joined(ownerOf(visit, text), textOf(node.field("name"), text)), whole: node };
  if (!scriptFunctions.has(node.type)) return null;
  const own = textOf(node.field("name"), text);
  const given = givenName(visit, text);
  if (given === null) return { name: own, whole: node };
  const isVague = given.name === "module.exports" || given.name === "export default";
  return { name: isVague ? (own ?? given.name) : given.name, whole: given.whole };
};

/** The name that a value is given by what it is assigned to: variable, property, member, export. */
function givenName(value: Visit, text: string): { readonly name: string; readonly whole: SyntaxNode } | null {
  const holder = holderOf(value);
  if (holder === null) return null;
  const { node } = holder;
  switch (node.type) {
    case "variable_declarator": {
      const name = textOf(node.field("name"), text);
      return name === null || /[{[]/.test(name) ? null : { name, whole: statementOf(holder).node };
    }
    case "assignment_expression": {
      const name = assignedName(textOf(node.field("left"), text));
      return name === null ? null : { name, whole: statementOf(holder).node };
    }
    case "pair":
      return named(joined(ownerOf(holder, text), keyOf(node.field("key"), text)), node);
    case "field_definition":
    case "public_field_definition":
      return named(
        joined(ownerOf(holder, text), textOf(node.field("property") ?? node.field("name"), text)),
        node,
      );
    default:
      return node.type === "export_statement" ? { name: "export default", whole: node } : null;
  }
}

const named = (name: string | null, whole: SyntaxNode) => (name === null ? null : { name, whole });

/** What holds a value, over brackets and type words. */
function holderOf(value: Visit): Visit | null {
  let at = value.parent;
  while (at !== null && wrappers.has(at.node.type)) at = at.parent;
  return at;
}

const keyOf = (key: SyntaxNode | null, text: string): string | null =>
  textOf(key, text)?.replace(/^["']|["']$/g, "") ?? null;

/** "exports.a" is a, "Foo.prototype.a" Foo.a, "this.a" a; `null` where it is no plain path. */
function assignedName(left: string | null): string | null {
  if (left === null || !/^[\w$.#]+$/.test(left)) return null;
  if (left === "module.exports") return left;
  return left
    .replace(/^(?:module\.)?exports\./, "")
    .replace(/^this\./, "")
    .replace(".prototype.", ".");
}

/** The class or object that a member stands in, by name; "" where it is an export or the prototype's owner says nothing, `null` where it has no name. */
function ownerOf(member: Visit, text: string): string | null {
  const body = member.parent;
  const owner = body?.node.type === "class_body" ? body.parent : body;
  if (owner === null) return null;
  if (scriptClasses.has(owner.node.type)) {
    const own = textOf(owner.node.field("name"), text);
    return own ?? exportless(givenName(owner, text)?.name);
  }
  return owner.node.type === "object" ? exportless(givenName(owner, text)?.name) : null;
}

function exportless(name: string | undefined): string | null {
  if (name === undefined || name === "module.exports" || name === "export default") return null;
  return name.endsWith(".prototype") ? name.slice(0, -".prototype".length) : name;
}

/** The statement of a declarator or an assignment, where it is alone in it, with `export` before it. */
function statementOf(holder: Visit): Visit {
  const { parent } = holder;
  if (parent === null) return holder;
  const { type, children } = parent.node;
  if (type === "lexical_declaration" || type === "variable_declaration") {
    const declarators = children.filter((child) => child.type === "variable_declarator");
    return declarators.length === 1 ? exported(parent) : holder;
  }
  if (type === "assignment_expression") return statementOf(parent);
  return type === "expression_statement" ? parent : holder;
}

const exported = (visit: Visit): Visit =>
  visit.parent?.node.type === "export_statement" ? visit.parent : visit;

// --- Python ---

const pythonBounds = new Set(["class_definition", "function_definition"]);

const readPython: FunctionReader = (visit, text) => {
  const { node, parent } = visit;
  if (node.type === "lambda" && parent?.node.type === "assignment") {
    const statement = parent.parent?.node.type === "expression_statement" ? parent.parent : parent;
    return { name: textOf(parent.node.field("left"), text), whole: statement.node };
  }
  if (node.type !== "function_definition") return null;
  return { name: joined(pythonOwner(visit, text), textOf(node.field("name"), text)), whole: node };
};

function pythonOwner(visit: Visit, text: string): string | null {
  const bound = around(visit, pythonBounds);
  if (bound?.node.type !== "class_definition") return null;
  return joined(pythonOwner(bound, text), textOf(bound.node.field("name"), text));
}

// --- Go ---

const readGo: FunctionReader = (visit, text) => {
  const { node } = visit;
  const name = textOf(node.field("name"), text);
  if (node.type === "function_declaration") return { name, whole: node };
  if (node.type === "method_declaration") return { name: joined(receiverOf(node, text), name), whole: node };
  return node.type === "func_literal" ? goLiteral(visit, text) : null;
};

/** The type that a method belongs to, without its pointer and its parameters. */
function receiverOf(method: SyntaxNode, text: string): string | null {
  const receiver = textOf(method.field("receiver"), text) ?? "";
  return /([A-Za-z_]\w*)\s*(?:\[[^\]]*\])?\s*\)$/.exec(receiver)?.[1] ?? null;
}

function goLiteral({ node, parent }: Visit, text: string): NamedFunction {
  const holder = parent?.node.type === "expression_list" ? parent.parent : null;
  const left = holder && textOf(holder.node.field("name") ?? holder.node.field("left"), text);
  const isAlone = parent?.node.children.length === 1;
  return holder && left !== null && isAlone && /^\w+$/.test(left)
    ? { name: left, whole: holder.node }
    : { name: null, whole: node };
}

// --- Rust, Java ---

const rustOwners = new Set(["impl_item", "trait_item", "function_item"]);

const readRust: FunctionReader = (visit, text) => {
  const { node } = visit;
  if (node.type !== "function_item") return null;
  const owner = around(visit, rustOwners)?.node ?? null;
  const role = owner?.type === "impl_item" ? owner.field("type") : null;
  const type = role?.field("type") ?? role;
  const trait = owner?.type === "trait_item" ? owner.field("name") : null;
  return { name: joined(textOf(type ?? trait, text), textOf(node.field("name"), text)), whole: node };
};

const javaMethods = new Set([
  "method_declaration",
  "constructor_declaration",
  "compact_constructor_declaration",
]);
const javaOwners = new Set([
  "class_declaration",
  "interface_declaration",
  "enum_declaration",
  "record_declaration",
]);

const readJava: FunctionReader = (visit, text) => {
  const { node } = visit;
  if (!javaMethods.has(node.type)) return null;
  const owner = around(visit, javaOwners)?.node.field("name") ?? null;
  return { name: joined(textOf(owner, text), textOf(node.field("name"), text)), whole: node };
};

const readers: Readonly<Partial<Record<GrammarName, FunctionReader>>> = {
  javascript: readScript,
  typescript: readScript,
  tsx: readScript,
  python: readPython,
  go: readGo,
  rust: readRust,
  java: readJava,
};

/** How functions are read in a language; `null` where that is not known. */
export function functionReader(grammar: GrammarName): FunctionReader | null {
  return readers[grammar] ?? null;
}
