// What is installed for a tree, how, and what its commands need to find it.
export type { TreeFiles } from "../affected/tree.ts";

type Ecosystem = "node" | "python" | "go" | "rust";
export type InstallTool = "npm" | "pnpm" | "yarn" | "pip" | "uv" | "go" | "cargo";

/** One install: of one lockfile, in one folder. */
export interface InstallPlan {
  readonly ecosystem: Ecosystem;
  readonly tool: InstallTool;
  /** Where the lockfile lies, "" for the project's own folder. */
  readonly folder: string;
  readonly lockfile: string;
  /** Every path that decides what is installed. */
  readonly files: readonly string[];
  /** `tree`: the install runs code of the tree, or takes more of it than `files`. What it leaves is used for this very tree and for no other. */
  readonly scope: "files" | "tree";
  /** For a POSIX shell in the sandbox, in the folder. */
  readonly line: string;
  /** Variables of the install, beside those that the sandbox sets for one. */
  readonly environment: Readonly<Record<string, string>>;
  /** Variables of what is run afterwards, without a network. Those of several plans: see `mergeEnvironments`. */
  readonly later: Readonly<Record<string, string>>;
}

/** What can be installed of a tree, and a sentence each, for people, about what cannot. */
export interface InstallPlans {
  readonly plans: readonly InstallPlan[];
  readonly left: readonly string[];
}

/** Folders that are searched one after the other. */
const lists = new Set(["PATH", "PYTHONPATH"]);

/** The later of two wins; folders to be searched are joined. */
export function mergeEnvironments(all: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const merged: Record<string, string> = {};
  for (const [name, value] of all.flatMap((one) => Object.entries(one))) {
    const before = merged[name];
    const joined = lists.has(name) && before !== undefined && before !== value;
    merged[name] = joined ? `${before}:${value}` : value;
  }
  return merged;
}
