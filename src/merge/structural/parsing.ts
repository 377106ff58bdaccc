// Texts into trees, within bounds of size and time.
import type { Grammar } from "../../syntax/tree-sitter.ts";
import type { StructuralLanguage } from "./language.ts";
import type { Triple } from "./pieces.ts";
import { treeOf } from "./tree.ts";
import type { TreeNode } from "./tree.ts";

/** Milliseconds one parse may take. */
const longestParse = 250;
/** UTF-16 units one text may have. */
export const longestText = 200_000;

/** A language and its grammar, loaded. */
export interface Parsing {
  readonly grammar: Grammar;
  readonly language: StructuralLanguage;
}

/** Parses the three sides and hands their roots to `read`; `null` where one is too long, or takes too long. */
export function readSides<T>(
  texts: Triple<string>,
  { grammar, language }: Parsing,
  read: (roots: Triple<TreeNode>) => T,
): T | null {
  const { base, ours, theirs } = texts;
  if (Math.max(base.length, ours.length, theirs.length) > longestText) return null;
  return grammar.readTrees([base, ours, theirs], longestParse, ([one, two, three]) => {
    if (one === undefined || two === undefined || three === undefined) return null;
    return read({
      base: treeOf(one, "base", base, language),
      ours: treeOf(two, "ours", ours, language),
      theirs: treeOf(three, "theirs", theirs, language),
    });
  });
}

/** Parses one text and hands its root to `read`; `null` where it is too long, or takes too long. */
export function readText<T>(
  text: string,
  { grammar, language }: Parsing,
  read: (root: TreeNode) => T,
): T | null {
  if (text.length > longestText) return null;
  return grammar.readTrees([text], longestParse, ([root]) =>
    root === undefined ? null : read(treeOf(root, "ours", text, language)),
  );
}
