// The text that a lockfile has when its tool starts.
import { roughLockfile } from "../../../merge/lockfiles/start/rough.ts";
import type { RoughTool } from "../../../merge/lockfiles/start/rough.ts";
import type { StartFrom } from "./tools.ts";

/** Three sides of a lockfile; the base is `null` where both sides added it. */
export interface LockSides {
  readonly base: string | null;
  readonly ours: string;
  readonly theirs: string;
  /** The merge entry by entry; `null` where a hunk of it is open. */
  readonly merged: string | null;
}

const roughTools: Readonly<Record<string, RoughTool>> = {
  "package-lock.json": "npm",
  "npm-shrinkwrap.json": "npm",
  "yarn.lock": "yarn",
  "Cargo.lock": "cargo",
  "uv.lock": "uv",
};

/** `null` where that text cannot be made. */
export function startText(
  path: string,
  from: Exclude<StartFrom, "markers">,
  { base, ours, theirs, merged }: LockSides,
): string | null {
  if (from === "merged") return merged;
  if (from === "theirs") return theirs;
  const tool = roughTools[path.slice(path.lastIndexOf("/") + 1)];
  return tool === undefined ? null : roughLockfile(tool, { base: base ?? "", ours, theirs });
}
