// Parsing by tree-sitter grammars, each loaded when it is first needed.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Language, Parser } from "web-tree-sitter";
import type { Node, Tree, TreeCursor } from "web-tree-sitter";

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

function parse(parser: Parser, text: string, milliseconds: number = longestParse): Tree | null {
  const deadline = performance.now() + milliseconds;
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

/** A node of a parsed text: a span, in UTF-16 units, and what the grammar calls it. To be read only while its tree is open. */
export interface SyntaxNode {
  readonly type: string;
  /** `false` for tokens that the grammar writes as text: brackets, commas, keywords. */
  readonly named: boolean;
  readonly start: number;
  readonly end: number;
  /** Whether it holds an error or a missing token, itself included. */
  readonly broken: boolean;
  /** Fetched when first asked for. */
  readonly children: readonly SyntaxNode[];
  /** The child that the grammar gives this role; `null` where there is none. */
  readonly field: (name: string) => SyntaxNode | null;
}

/** A grammar that is loaded, so that parsing needs no waiting. */
export interface Grammar {
  readonly name: GrammarName;
  /**
   * Parses the texts, hands their roots to `read`, and frees the trees when it returns or throws. `null`, without reading, where one text takes longer than
   * `milliseconds` to parse.
   */
  readonly readTrees: <T>(
    texts: readonly string[],
    milliseconds: number,
    read: (roots: readonly SyntaxNode[]) => T,
  ) => T | null;
}

/** Loads a grammar, once for the life of the process. Rejects only if it cannot be loaded. */
export async function loadGrammar(name: GrammarName): Promise<Grammar> {
  const parser = await parserFor(name);
  return {
    name,
    readTrees: (texts, milliseconds, read) => {
      const trees: Tree[] = [];
      try {
        for (const text of texts) {
          const tree = parse(parser, text, milliseconds);
          if (tree === null) return null;
          trees.push(tree);
        }
        return read(trees.map(({ rootNode }) => spanOf(rootNode)));
      } finally {
        for (const tree of trees) tree.delete();
      }
    },
  };
}

function spanOf(node: Node): SyntaxNode {
  let children: readonly SyntaxNode[] | undefined;
  return {
    type: node.type,
    start: node.startIndex,
    end: node.endIndex,
    // Each of these is a call into WebAssembly.
    get named() {
      return node.isNamed;
    },
    get broken() {
      return node.hasError;
    },
    get children() {
      children ??= node.children.map(spanOf);
      return children;
    },
    field: (name) => {
      const child = node.childForFieldName(name);
      return child === null ? null : spanOf(child);
    },
  };
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
