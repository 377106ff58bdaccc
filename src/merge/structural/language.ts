// What is to be known of a language: which nodes have names, in which containers order means nothing, and what makes a fragment whole.
import type { Openers } from "./frames.ts";
import type { SyntaxNode } from "../../syntax/tree-sitter.ts";

type Read = (node: SyntaxNode) => string;
/** Names a node among its siblings; `null` where it has no name of its own. */
export type Namer = (node: SyntaxNode, read: Read, language: StructuralLanguage) => string | null;

/** A container whose members may stand in any order. */
export interface UnorderedContainer {
  /** What its members are called in class names and sentences. */
  readonly what: string;
  /** Node types of members; a chunk with any other named node is kept in order. */
  readonly members: ReadonlySet<string>;
  /** Token that must stand between two members; `null` where members follow each other. */
  readonly separator: "," | null;
}

export interface StructuralLanguage {
  /** As it stands in class names. */
  readonly name: string;
  readonly keys: ReadonlyMap<string, Namer>;
  readonly containers: ReadonlyMap<string, UnorderedContainer>;
  /** How to make a fragment whole. */
  readonly openers: Openers;
}

export const byField =
  (...fields: readonly string[]): Namer =>
  (node, read) => {
    const named = fields.map((field) => node.field(field));
    return named[0] ? named.flatMap((child) => (child ? [read(child)] : [])).join(" ") : null;
  };
export const byText: Namer = (node, read) => read(node);
export const byFirst: Namer = (node, read) => (node.children[0] ? read(node.children[0]) : null);

/** Named as the declaration inside it: decorated, exported, public. */
export const byInner =
  (...fields: readonly string[]): Namer =>
  (node, read, language) => {
    const inner = fields.map((field) => node.field(field)).find((child) => child !== null) ?? null;
    return inner === null ? null : (language.keys.get(inner.type)?.(inner, read, language) ?? null);
  };

/** Named as its only declarator: `const a = 1` is, `let a, b` is not. */
export const byDeclarator: Namer = (node, read) => {
  const declarators = node.children.filter(({ type }) => type === "variable_declarator");
  const name = declarators.length === 1 ? (declarators[0]?.field("name") ?? null) : null;
  return name === null ? null : read(name);
};

export const container = (
  what: string,
  separator: "," | null,
  ...members: readonly string[]
): UnorderedContainer => ({
  what,
  separator,
  members: new Set(members),
});

/** Named with its parameters: overloads are different members. */
export const byParameters = byField("name", "parameters");

/** Comments, strings and brackets of the languages that took theirs from C; what is not closed ends with its line, or the text. */
export const cTokens =
  /\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|`(?:\\.|[^`\\])*`?|[()[\]{}]/g;
