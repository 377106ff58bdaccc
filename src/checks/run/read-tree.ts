// The files of one of the workspace's trees as text.
import type { Workspace } from "../../core/workspace.ts";
import type { TreeFiles } from "../affected/tree.ts";

/** What running a tree needs. */
export type RunTrees = Pick<Workspace, "archive" | "listTree" | "readTree">;

/** What checks need of a workspace. */
export type TreeSource = RunTrees & Pick<Workspace, "parentTree">;

/** Symbolic links and submodules read as absent: what they lead to is another path. */
export async function readTree(
  workspace: Pick<RunTrees, "listTree" | "readTree">,
  tree: string,
): Promise<TreeFiles> {
  const paths = await workspace.listTree(tree);
  const known = new Set(paths);
  return {
    paths,
    read: async (path) => {
      const blob = known.has(path) ? await workspace.readTree(tree, path) : null;
      return blob?.mode.startsWith("100") === true ? new TextDecoder().decode(blob.bytes) : null;
    },
  };
}
