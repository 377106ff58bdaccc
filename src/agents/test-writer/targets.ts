// Which functions want tests: those that the pull request changed and whose changed lines no test runs, most such lines first.
import { isTestPath } from "../../core/test-paths.ts";
import type { Trees } from "../../core/suite.ts";
import { grammarOf } from "../../syntax/index.ts";
import { functionsIn } from "../../syntax/functions.ts";
import type { FunctionSpan } from "../../syntax/functions.ts";
import { loadGrammar } from "../../syntax/tree-sitter.ts";
import type { SyntaxNode } from "../../syntax/tree-sitter.ts";
import { changedLines } from "./diff-lines.ts";
import { longestFile, mostFiles, mostLooked } from "./limits.ts";
import { mutantsOf } from "./mutants/index.ts";
import type { Target, WriteProblem } from "./types.ts";
import { familyOf, lineFinder, parseTime, walk } from "./walk.ts";

/** A changed function, before it is known what runs in tests. */
export type Changed = Omit<Target, "covered">;

/** A file of a tree as text; `null` where it is not there, or no text of a bearable size. */
export async function textIn(
  trees: Pick<Trees, "readTree">,
  tree: string,
  path: string,
): Promise<string | null> {
  const blob = await trees.readTree(tree, path);
  if (blob === null || !blob.mode.startsWith("100") || blob.bytes.length > 4 * longestFile) return null;
  const text = Buffer.from(blob.bytes).toString("utf8");
  return text.includes("\0") || text.length > longestFile ? null : text;
}

/** Whether a path is meant by the argument: it itself, or a folder it is in. */
export function isMeant(path: string, only: string | null): boolean {
  const bare = only?.replace(/^\.?\/+|\/+$/g, "") ?? "";
  return bare === "" || bare === "." || path === bare || path.startsWith(`${bare}/`);
}

/** Changed functions that can be mutated, in the order of their files. At most 60 files and 40 functions. */
export async function changedFunctions(
  { head, base, changed, only }: WriteProblem,
  trees: Trees,
): Promise<readonly Changed[]> {
  const paths = changed.filter(
    (path) => familyOf(grammarOf(path)) !== null && !isTestPath(path) && isMeant(path, only),
  );
  const found: Changed[] = [];
  for (const path of paths.slice(0, mostFiles)) {
    const text = await textIn(trees, head, path);
    if (text === null) continue;
    const before = base === null ? null : await textIn(trees, base, path);
    const lines = changedLines(before ?? "", text);
    for (const span of outermost(await functionsIn(path, text), lines)) {
      if (found.length >= mostLooked) return found;
      const target = await targetOf({ path, text, span }, lines);
      if (target.mutants.length > 0) found.push(target);
    }
  }
  return found;
}

/** Functions with changed lines that stand in no other: what a test can call. */
function outermost(spans: readonly FunctionSpan[], lines: ReadonlySet<number>): readonly FunctionSpan[] {
  return spans.filter((span) => {
    const outer = spans.some(
      (one) =>
        one !== span &&
        one.start <= span.start &&
        one.end >= span.end &&
        one.end - one.start > span.end - span.start,
    );
    return !outer && [...lines].some((line) => span.firstLine <= line && line <= span.lastLine);
  });
}

async function targetOf(
  { path, text, span }: Pick<Target, "path" | "text" | "span">,
  lines: ReadonlySet<number>,
): Promise<Changed> {
  const changed = new Set([...lines].filter((line) => span.firstLine <= line && line <= span.lastLine));
  return {
    path,
    text,
    span,
    changed,
    lines: await statementLines(path, text, changed),
    mutants: await mutantsOf(path, text, changed),
  };
}

const statement =
  /_statement$|^(?:lexical_declaration|variable_declaration|short_var_declaration|throw|return)$/;

/** Those of the lines on which a statement begins: of others no tracer says whether they ran. */
async function statementLines(
  path: string,
  text: string,
  lines: ReadonlySet<number>,
): Promise<ReadonlySet<number>> {
  const name = grammarOf(path);
  if (name === null) return new Set();
  const grammar = await loadGrammar(name);
  const lineOf = lineFinder(text);
  const first = Math.min(...lines);
  const last = Math.max(...lines);
  const found = new Set<number>();
  grammar.readTrees([text], parseTime, ([root]) => {
    if (root === undefined) return;
    walk(root, (node, above) => {
      if (lineOf(node.end) < first || lineOf(node.start) > last) return false;
      const line = lineOf(node.start);
      if (lines.has(line) && begins(node, above.at(-1), text)) found.add(line);
      return true;
    });
  });
  return found;
}

/** Definitions run when a file is loaded, whether anything in them does or not. */
function begins(node: SyntaxNode, parent: SyntaxNode | undefined, text: string): boolean {
  const isBody = parent?.type === "arrow_function" && parent.field("body")?.start === node.start;
  if (isBody) return node.type !== "statement_block";
  if (/^(?:export|import|empty)_statement$/.test(node.type)) return false;
  return statement.test(node.type) && !holdsFunction(text.slice(node.start, node.end));
}

function holdsFunction(text: string): boolean {
  return /^(?:const|let|var)\b[^=]{0,200}=\s*(?:async\s*)?(?:function\b|\([^()]{0,400}\)[^=\n]{0,100}=>|[\w$]+\s*=>)/.test(
    text,
  );
}
