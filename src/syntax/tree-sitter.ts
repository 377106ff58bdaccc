// Parsing by tree-sitter grammars, each loaded when it is first needed.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Language, Parser } from "web-tree-sitter";
import type { Tree, TreeCursor } from "web-tree-sitter";

/** Languages with a grammar in @vscode/tree-sitter-wasm. */
export type GrammarName =
  | "bash"
  | "c-sharp"
  | "cpp"
  | "css"
  | "go"
  | "java"
  | "javascript"
  | "php"
  | "python"
  | "ruby"
  | "rust"
  | "tsx"
  | "typescript";

/** A parse that takes longer than this many milliseconds is given up: hostile text can make error recovery crawl. */
const longestParse = 5_000;

/** One parser per grammar for the life of the process: a grammar is megabytes of WebAssembly. */
const parsers = new Map<GrammarName, Promise<Parser>>();
let runtime: Promise<void> | undefined;

async function load(grammar: GrammarName): Promise<Parser> {
  runtime ??= Parser.init();
  await runtime;
  const folder = dirname(createRequire(import.meta.url).resolve("@vscode/tree-sitter-wasm/package.json"));
  const language = await Language.load(join(folder, "wasm", `tree-sitter-${grammar}.wasm`));
  const parser = new Parser();
  return parser.setLanguage(language);
}

function parserFor(grammar: GrammarName): Promise<Parser> {
  const known = parsers.get(grammar);
  if (known) return known;
  const loading = load(grammar);
  parsers.set(grammar, loading);
  // A load that failed is tried again by whoever asks next.
  loading.catch(() => parsers.delete(grammar));
  return loading;
}

function parse(parser: Parser, text: string): Tree | null {
  const deadline = performance.now() + longestParse;
  const tree = parser.parse(text, null, { progressCallback: () => performance.now() > deadline });
  // A parse that was given up would go on with the next text.
  if (tree === null) parser.reset();
  return tree;
}

/**
 * How many places the grammar cannot make sense of: error nodes and tokens that are missing. 0 too where the text takes too long to parse:
 * then nothing is known against it. Rejects only if the grammar cannot be loaded.
 */
export async function countGrammarErrors(grammar: GrammarName, text: string): Promise<number> {
  const tree = parse(await parserFor(grammar), text);
  if (tree === null) return 0;
  try {
    return tree.rootNode.hasError ? countBelow(tree) : 0;
  } finally {
    tree.delete();
  }
}

/** Walks only where something is wrong, without recursion: error recovery nests deep. */
function countBelow(tree: Tree): number {
  const cursor = tree.walk();
  let count = 0;
  let walking = true;
  while (walking) {
    const node = cursor.currentNode;
    if (node.isError || node.isMissing) count++;
    walking = (node.hasError && cursor.gotoFirstChild()) || gotoNext(cursor);
  }
  cursor.delete();
  return count;
}

function gotoNext(cursor: TreeCursor): boolean {
  while (!cursor.gotoNextSibling()) {
    if (!cursor.gotoParent()) return false;
  }
  return true;
}
