// The trees that are merged: one side's nodes with their text, what identifies them, and the blank text before them.
import type { SyntaxNode } from "../../syntax/tree-sitter.ts";
import { collapsed } from "../lines.ts";
import type { StructuralLanguage } from "./language.ts";

export type SideName = "base" | "ours" | "theirs";

/** Part of one side's text, in UTF-16 units. What a merge is made of. */
export interface Span {
  readonly side: SideName;
  readonly start: number;
  readonly end: number;
}

/** A node of one side. Its span is `start` to `end`; `from` to `start` is the text that no node covers, blank but for odd grammars. */
export interface TreeNode extends Span {
  readonly type: string;
  readonly named: boolean;
  readonly from: number;
  readonly text: string;
  readonly broken: boolean;
  readonly children: readonly TreeNode[];
  /** What tells it from its siblings: kind and name of a declaration, a key; `null` for what has no name. */
  readonly key: string | null;
  /** Distinct words of the text. */
  readonly words: ReadonlySet<string>;
}

/** Words beyond these say nothing more about how alike two nodes are. */
const mostWords = 400;

const wordsOf = (text: string): ReadonlySet<string> =>
  new Set((text.slice(0, 20_000).match(/[\p{L}\p{N}_$]+/gu) ?? []).slice(0, mostWords));

/** The root of one side as a node that covers the whole text. Children, text and key are made when first asked for. */
export function treeOf(
  root: SyntaxNode,
  side: SideName,
  whole: string,
  language: StructuralLanguage,
): TreeNode {
  const read: Reading = { side, whole, language };
  return wrap({ syntax: root, from: 0, start: 0, end: whole.length }, read);
}

interface Reading {
  readonly side: SideName;
  readonly whole: string;
  readonly language: StructuralLanguage;
}

function wrap(
  { syntax, from, start, end }: { syntax: SyntaxNode; from: number; start: number; end: number },
  read: Reading,
): TreeNode {
  let text: string | undefined;
  let children: readonly TreeNode[] | undefined;
  let key: string | null | undefined;
  let words: ReadonlySet<string> | undefined;
  return {
    side: read.side,
    type: syntax.type,
    get named() {
      return syntax.named;
    },
    from,
    start,
    end,
    get text() {
      return (text ??= read.whole.slice(start, end));
    },
    get broken() {
      return syntax.broken;
    },
    get children() {
      return (children ??= childrenOf(syntax, start, read));
    },
    get key() {
      if (key === undefined) key = keyOf(syntax, read);
      return key;
    },
    get words() {
      return (words ??= wordsOf(read.whole.slice(start, end)));
    },
  };
}

function childrenOf(syntax: SyntaxNode, start: number, read: Reading): TreeNode[] {
  let from = start;
  return syntax.children.map((child) => {
    const node = wrap({ syntax: child, from, start: child.start, end: child.end }, read);
    from = child.end;
    return node;
  });
}

function keyOf(syntax: SyntaxNode, { whole, language }: Reading): string | null {
  const name = language.keys.get(syntax.type);
  if (name === undefined) return null;
  const said = name(syntax, (node) => collapsed(whole.slice(node.start, node.end)), language);
  return said === null ? null : `${syntax.type} ${said}`;
}
