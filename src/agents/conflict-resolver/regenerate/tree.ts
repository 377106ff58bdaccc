// The tree that a tool is given: what is settled, git's own merge for the rest, and the text that it starts from.
import type { Blob } from "../../../core/workspace.ts";
import type { RegenerateContext } from "./context.ts";

/** Conflicted paths that are not settled and that the tool would read. */
export function unsettled(
  { workspace, results }: Pick<RegenerateContext, "workspace" | "results">,
  isRead: (path: string) => boolean,
): readonly string[] {
  return workspace.conflicts.map(({ path }) => path).filter((path) => !results.has(path) && isRead(path));
}

/**
 * A tree with `starts` over what is settled; an open path that the tool does not read has git's markers in it, or the pull request's side. Throws as the
 * workspace does.
 */
export async function treeFrom(
  { workspace, results }: Pick<RegenerateContext, "workspace" | "results">,
  starts: ReadonlyMap<string, Blob | null>,
): Promise<string> {
  const known = new Map<string, Blob | null>([...results, ...starts]);
  for (const { path } of workspace.conflicts) {
    if (known.has(path)) continue;
    known.set(path, workspace.gitTree === null ? null : await workspace.readTree(workspace.gitTree, path));
  }
  const tree = await workspace.treeWith(known);
  if (tree === null) throw new Error("A conflicted path has no result, although each was given one.");
  return tree;
}

/** UTF-8, or `null`. */
export function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
