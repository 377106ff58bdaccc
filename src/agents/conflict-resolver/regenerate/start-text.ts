// The text that a lockfile has when its tool starts.
import type { LockSides } from "../../../core/lockfile.ts";
import type { RegenerateContext } from "./context.ts";
import type { StartFrom } from "./tools.ts";
import { textOf } from "./tree.ts";

export interface StartTexts {
  readonly sides: LockSides;
  /** The merge entry by entry; `null` where a hunk of it is open. */
  readonly merged: string | null;
}

/** `null` where that text cannot be made, or takes too long. Throws as the workspace does. */
export async function startText(
  path: string,
  from: StartFrom,
  { merged, sides }: StartTexts,
  { workspace, merge }: Pick<RegenerateContext, "workspace" | "merge">,
): Promise<string | null> {
  switch (from) {
    case "merged":
      return merged;
    case "theirs":
      return sides.theirs;
    case "rough":
      return await merge.startLockfile(path, sides);
    case "markers": {
      const blob = workspace.gitTree === null ? null : await workspace.readTree(workspace.gitTree, path);
      return blob && textOf(blob.bytes);
    }
  }
}
