// Which lockfiles a tool can start from both sides' entries of.
import type { LockSides } from "../../../core/lockfile.ts";
import { roughLockfile } from "./rough.ts";
import type { RoughTool } from "./rough.ts";

const tools: ReadonlyMap<string, RoughTool> = new Map([
  ["package-lock.json", "npm"],
  ["npm-shrinkwrap.json", "npm"],
  ["yarn.lock", "yarn"],
  ["Cargo.lock", "cargo"],
  ["uv.lock", "uv"],
]);

/** Both sides' entries as one text; `null` where a side does not read, or no tool can use it. Total. May take seconds for a hostile text: it is for a thread of its own. */
export function startLockfile(path: string, { base, ours, theirs }: LockSides): string | null {
  const tool = tools.get(path.slice(path.lastIndexOf("/") + 1));
  return tool === undefined ? null : roughLockfile(tool, { base: base ?? "", ours, theirs });
}
