// Going over a parsed file, within bounds: source text is hostile and nests as deep as it likes.
import { grammarOf } from "./index.ts";
import { loadGrammar } from "./tree-sitter.ts";
import type { GrammarName, SyntaxNode } from "./tree-sitter.ts";

/** A node on the way from the root. */
export interface Visit {
  readonly node: SyntaxNode;
  readonly parent: Visit | null;
  readonly depth: number;
}

/** UTF-16 units; longer files are data or generated. */
const longestText = 1_000_000;
/** Milliseconds one parse may take. */
const longestParse = 2_000;
/** Nodes looked at in one file: 1,000,000 units of dense source have about 500,000. */
const mostNodes = 600_000;
/** Deeper nesting than source that people write. */
const deepest = 400;

/** Parses a file and hands its root to `read`; `null` where no grammar knows the path, it is too long, or takes too long to parse. */
export async function readFileTree<T>(
  path: string,
  text: string,
  read: (root: SyntaxNode, grammar: GrammarName) => T,
): Promise<T | null> {
  const name = grammarOf(path);
  if (name === null || text.length > longestText) return null;
  const grammar = await loadGrammar(name);
  return grammar.readTrees([text], longestParse, ([root]) => (root === undefined ? null : read(root, name)));
}

/** Every named node in the order of the text, each before what it holds. */
export function* visitsOf(root: SyntaxNode): Generator<Visit> {
  const waiting: Visit[] = [{ node: root, parent: null, depth: 0 }];
  for (let count = 0; count < mostNodes; count += 1) {
    const visit = waiting.pop();
    if (visit === undefined) return;
    yield visit;
    const { node, depth } = visit;
    if (depth >= deepest) continue;
    const { children } = node;
    for (let index = children.length - 1; index >= 0; index -= 1) {
      const child = children[index];
      // Tokens have no children, and say nothing here; a grammar's own words do not nest either.
      if (child?.named === true) waiting.push({ node: child, parent: visit, depth: depth + 1 });
    }
  }
}

/** The nearest node around this one that is of one of the types. */
export function around(visit: Visit, types: ReadonlySet<string>): Visit | null {
  for (let at = visit.parent; at !== null; at = at.parent) {
    if (types.has(at.node.type)) return at;
  }
  return null;
}

/** What stands between two offsets, on one line, blanks made one. */
export function onOneLine(text: string, start: number, end: number, longest: number): string {
  // Twice the length is enough to fill it, unless half of it is blanks.
  return text
    .slice(start, Math.min(end, start + longest * 8))
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, longest);
}
