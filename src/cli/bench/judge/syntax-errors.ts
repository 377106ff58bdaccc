// Syntax errors that a result has and its parents have not, counted by the judge itself on the grammars' trees.
import { parse as parseToml } from "smol-toml";
import { parseAllDocuments } from "yaml";
import { grammarOf } from "../../../syntax/index.ts";
import { loadGrammar } from "../../../syntax/tree-sitter.ts";
import type { SyntaxNode } from "../../../syntax/tree-sitter.ts";

/** Milliseconds for one text: what takes longer is not judged by its syntax. */
const longestParse = 5_000;

/** One error counts once, whatever it holds: a node the grammar calls an error, or a token that it had to make up (broken, and nothing in it is). */
function errorsBelow(root: SyntaxNode): number {
  const open = [root];
  let errors = 0;
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (!node.broken) continue;
    const broken = node.children.filter((child) => child.broken);
    if (node.type === "ERROR" || broken.length === 0) errors++;
    open.push(...broken);
  }
  return errors;
}

const fails = (parse: () => unknown): number => {
  try {
    parse();
    return 0;
  } catch {
    return 1;
  }
};

/** Data is read by the parsers of its formats: a text is broken or it is not. */
const dataErrors: Readonly<Record<string, (text: string) => number>> = {
  json: (text) => fails(() => JSON.parse(text) as unknown),
  toml: (text) => fails(() => parseToml(text)),
  yaml: yamlErrors,
  yml: yamlErrors,
};

function yamlErrors(text: string): number {
  return parseAllDocuments(text, { logLevel: "silent", uniqueKeys: true }).reduce(
    (sum, document) => sum + document.errors.length,
    0,
  );
}

async function counted(path: string, texts: readonly string[]): Promise<readonly number[] | null> {
  const extension = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  const count = Object.hasOwn(dataErrors, extension) ? dataErrors[extension] : undefined;
  if (count !== undefined) return texts.map(count);
  const name = grammarOf(path);
  if (name === null) return null;
  const grammar = await loadGrammar(name);
  return grammar.readTrees(texts, longestParse, (roots) => roots.map(errorsBelow));
}

/** How many more errors the result has than the worse of its parents; 0 where no parser knows the file. */
export async function addedErrors(
  path: string,
  result: string,
  parents: readonly [string, string],
): Promise<number> {
  const [own = 0, ...others] = (await counted(path, [result, ...parents])) ?? [];
  return Math.max(0, own - Math.max(0, ...others));
}
