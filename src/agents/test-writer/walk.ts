// Reading trees of nodes: a bounded walk, and what lies on which line.
import type { GrammarName, SyntaxNode } from "../../syntax/tree-sitter.ts";

/** Nodes of one text that are looked at. */
const mostNodes = 200_000;
/** Milliseconds for one parse. */
export const parseTime = 2_000;

/** Every node with those it stands in, outermost first. What `enter` says `false` to is not gone into. Iterative: hostile text nests deep. */
export function walk(
  root: SyntaxNode,
  enter: (node: SyntaxNode, above: readonly SyntaxNode[]) => boolean,
): void {
  const waiting: { readonly node: SyntaxNode; readonly above: Chain }[] = [{ node: root, above: null }];
  let seen = 0;
  for (let next = waiting.pop(); next !== undefined && seen < mostNodes; next = waiting.pop()) {
    seen += 1;
    const { node, above } = next;
    if (!enter(node, listOf(above))) continue;
    const chain: Chain = { node, above };
    for (const child of node.children.toReversed()) waiting.push({ node: child, above: chain });
  }
}

type Chain = { readonly node: SyntaxNode; readonly above: Chain } | null;

/** The nearest of them: no rule asks further up. */
const mostAbove = 30;

function listOf(chain: Chain): readonly SyntaxNode[] {
  const list: SyntaxNode[] = [];
  for (let link = chain; link !== null && list.length < mostAbove; link = link.above) list.unshift(link.node);
  return list;
}

/** The 1-based line of an offset. */
export function lineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
}

export type Family = "script" | "python" | "go";

/** The languages that tests are written in; `null` for all others. */
export function familyOf(grammar: GrammarName | null): Family | null {
  if (grammar === "typescript" || grammar === "tsx" || grammar === "javascript") return "script";
  return grammar === "python" || grammar === "go" ? grammar : null;
}
