// Where a text has comments and strings, and the text without them.
import type { SyntaxNode } from "../../syntax/tree-sitter.ts";

/** Nodes within nodes: what is deeper was not written by a person. */
export const deepest = 400;

/** Comments that silence a type checker. */
export function silencedIn(text: string): number {
  return [...text.matchAll(/@ts-(?:ignore|expect-error)|#\s*type:\s*ignore/g)].length;
}

type Span = readonly [number, number];

/** `null` where it nests deeper than is read. */
export function blanksOf(root: SyntaxNode): { comments: Span[]; strings: Span[] } | null {
  const comments: Span[] = [];
  const strings: Span[] = [];
  const todo: { node: SyntaxNode; depth: number }[] = [{ node: root, depth: 0 }];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { node, depth } = next;
    if (depth > deepest) return null;
    if (node.type.endsWith("comment")) comments.push([node.start, node.end]);
    else if (
      /^(?:string|template_string|interpreted_string_literal|raw_string_literal|string_literal|regex)$/.test(
        node.type,
      )
    )
      strings.push([node.start + 1, node.end - 1]);
    else for (const child of node.children) todo.push({ node: child, depth: depth + 1 });
  }
  return {
    comments: comments.sort(([one], [other]) => one - other),
    strings: strings.sort(([one], [other]) => one - other),
  };
}

/** Spaces for the spans, line ends kept: every offset stays. */
export function blank(text: string, spans: readonly Span[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const [start, end] of spans) {
    if (end <= start || start < from) continue;
    parts.push(text.slice(from, start), text.slice(start, end).replaceAll(/[^\n]/g, " "));
    from = end;
  }
  return [...parts, text.slice(from)].join("");
}
