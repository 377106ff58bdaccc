// Files of a tree as text, and trees with edits in them.
import type { Trees } from "../../core/suite.ts";
import type { Edit } from "./types.ts";

/** `null` where there is no such file, or it is not UTF-8 text (then it could not be written back as it was). A byte order mark is kept. */
export async function readText(trees: Trees, tree: string, path: string): Promise<string | null> {
  const blob = await trees.readTree(tree, path);
  if (blob?.mode.startsWith("100") !== true) return null;
  const bytes = Buffer.from(blob.bytes);
  const text = bytes.toString("utf8");
  return !text.includes("\0") && Buffer.from(text).equals(bytes) ? text : null;
}

/** The head with the edits in it, each file with the mode that it has; `null` where no tree can be made. */
export async function treeOf(trees: Trees, head: string, edits: readonly Edit[]): Promise<string | null> {
  const results = new Map<string, { readonly mode: string; readonly bytes: Uint8Array }>();
  for (const { path, after } of edits) {
    const mode = (await trees.readTree(head, path))?.mode ?? "100644";
    results.set(path, { mode, bytes: Buffer.from(after) });
  }
  return trees.treeWith(results);
}

/** Edits over edits: each path once, from what it was at first to what it is at last; what ends as it began is none. */
export function stacked(under: readonly Edit[], over: readonly Edit[]): readonly Edit[] {
  const byPath = new Map(under.map((edit) => [edit.path, edit]));
  for (const edit of over) {
    const before = byPath.get(edit.path)?.before ?? edit.before;
    byPath.set(edit.path, { path: edit.path, before, after: edit.after });
  }
  return [...byPath.values()].filter(({ before, after }) => before !== after);
}
