// The files of one tree, read within limits.
import type { Trees } from "../../../core/suite.ts";
import { readText } from "../tree-text.ts";
import { isGenerated, isSource } from "./paths.ts";
import type { LocaliseLimits } from "./limits.ts";

export interface TreeTexts {
  readonly paths: ReadonlySet<string>;
  /** Any file as text, each read once; `null` where there is none, it is no text, or too many were read. */
  readonly read: (path: string) => Promise<string | null>;
  /** The same, for files that may hold the fault: `null` for every other. */
  readonly readSource: (path: string) => Promise<string | null>;
}

/** UTF-16 units of a test file: tables of cases make them long. */
const longestTest = 1_000_000;

export async function openTexts(trees: Trees, tree: string, limits: LocaliseLimits): Promise<TreeTexts> {
  const paths = new Set(await trees.listTree(tree));
  const known = new Map<string, string | null>();
  const read = async (path: string): Promise<string | null> => {
    const seen = known.get(path);
    if (seen !== undefined) return seen;
    if (!paths.has(path) || known.size >= limits.files) return null;
    const text = await readText(trees, tree, path);
    const kept = text !== null && text.length <= longestTest ? text : null;
    known.set(path, kept);
    return kept;
  };
  return {
    paths,
    read,
    readSource: async (path) => {
      const text = isSource(path) ? await read(path) : null;
      return text === null || text.length > limits.characters || isGenerated(text) ? null : text;
    },
  };
}
