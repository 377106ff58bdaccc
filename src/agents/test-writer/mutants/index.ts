// Mutants of changed lines: each changes one place, parses, and is something that a test should notice.
import { grammarOf } from "../../../syntax/index.ts";
import { loadGrammar } from "../../../syntax/tree-sitter.ts";
import type { Grammar, SyntaxNode } from "../../../syntax/tree-sitter.ts";
import { longestFile, mostMutants } from "../limits.ts";
import { familyOf, lineFinder, parseTime, walk } from "../walk.ts";
import type { Family } from "../walk.ts";
import { changesAt, isUnheard } from "./operators.ts";
import type { Change, Mutant } from "./types.ts";

/**
 * At most 12 mutants of places that begin on one of `lines` (1-based), spread over kinds and lines, in the order of the file; the same each time. Empty where
 * the language is none of JavaScript, TypeScript, Python and Go, where the text does not parse, and where there is nothing to change.
 */
export async function mutantsOf(
  path: string,
  text: string,
  lines: ReadonlySet<number>,
): Promise<readonly Mutant[]> {
  const name = grammarOf(path);
  const family = familyOf(name);
  if (name === null || family === null || lines.size === 0 || text.length > longestFile) return [];
  const grammar = await loadGrammar(name);
  const lineOf = lineFinder(text);
  const found = grammar.readTrees([text], parseTime, ([root]) => {
    if (root === undefined || root.broken) return [];
    const unique = new Map<string, Change>();
    for (const change of changesIn(root, { text, family, lines, lineOf })) {
      unique.set(JSON.stringify([change.start, change.end, change.replacement]), change);
    }
    return [...unique.values()];
  });
  const mutants = spread(found ?? [], lineOf).map((change) => mutantOf(path, text, { change, lineOf }));
  return parsing(mutants, grammar)
    .slice(0, mostMutants)
    .toSorted((a, b) => a.start - b.start || a.end - b.end);
}

interface Scope {
  readonly text: string;
  readonly family: Family;
  readonly lines: ReadonlySet<number>;
  readonly lineOf: (offset: number) => number;
}

function changesIn(root: SyntaxNode, { text, family, lines, lineOf }: Scope): readonly Change[] {
  const first = Math.min(...lines);
  const last = Math.max(...lines);
  const textOf = ({ start, end }: { readonly start: number; readonly end: number }) => text.slice(start, end);
  const changes: Change[] = [];
  walk(root, (node, above) => {
    if (lineOf(node.end) < first || lineOf(node.start) > last) return false;
    if (/^(?:comment|import|jsx_text)/.test(node.type)) return false;
    if (/^call(?:_expression)?$/.test(node.type) && isUnheard(textOf(node))) return false;
    const here = changesAt({ node, above, family, textOf });
    changes.push(...here.filter(({ start }) => lines.has(lineOf(start))));
    return true;
  });
  return changes;
}

/** All of them, one by one: next comes of what is left one whose line and kind were taken least so far. */
function spread(changes: readonly Change[], lineOf: (offset: number) => number): readonly Change[] {
  const left = [...changes].slice(0, 400).toSorted((a, b) => a.start - b.start || a.end - b.end);
  const taken = new Map<string, number>();
  const order: Change[] = [];
  const worth = ({ kind, start }: Change) =>
    (taken.get(kind) ?? 0) + 1.5 * (taken.get(`line ${lineOf(start)}`) ?? 0);
  while (left.length > 0 && order.length < 3 * mostMutants) {
    let best = 0;
    for (const [index, change] of left.entries()) {
      const current = left[best];
      if (current !== undefined && worth(change) < worth(current)) best = index;
    }
    const [next] = left.splice(best, 1);
    if (next === undefined) break;
    order.push(next);
    for (const key of [next.kind, `line ${lineOf(next.start)}`]) taken.set(key, (taken.get(key) ?? 0) + 1);
  }
  return order;
}

function mutantOf(
  path: string,
  text: string,
  { change, lineOf }: { readonly change: Change; readonly lineOf: (offset: number) => number },
): Mutant {
  const line = lineOf(change.start);
  const mutated = text.slice(0, change.start) + change.replacement + text.slice(change.end);
  const lineStart = text.lastIndexOf("\n", change.start - 1) + 1;
  const before = lineAt(text, lineStart);
  const after = lineAt(mutated, lineStart);
  return { ...change, path, line, text: mutated, words: `line ${line}: \`${before}\` becomes \`${after}\`` };
}

function lineAt(text: string, start: number): string {
  const end = text.indexOf("\n", start);
  return text
    .slice(start, end < 0 ? text.length : end)
    .trim()
    .slice(0, 160);
}

function parsing(mutants: readonly Mutant[], grammar: Grammar): readonly Mutant[] {
  return mutants.filter(
    ({ text }) =>
      grammar.readTrees([text], parseTime, ([root]) => root !== undefined && !root.broken) === true,
  );
}
