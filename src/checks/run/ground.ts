// What the commands of a tree run on: its files, and its dependencies, installed once for each lockfile.
import type { Sandbox } from "../../core/sandbox.ts";
import type { TreeFiles } from "../affected/tree.ts";
import { installPlans } from "../dependencies/index.ts";
import { createInstaller } from "../dependencies/install.ts";
import type { RunTrees } from "./read-tree.ts";
import { readTree } from "./read-tree.ts";
import type { Ground } from "./run-command.ts";

export interface Prepared {
  readonly ground: Ground;
  readonly files: TreeFiles;
  /** Sentences about dependencies that are not there: they explain a command that fails. */
  readonly notes: readonly string[];
  /** Why the dependencies could not be installed, and what to do; `null` where they are there, or none are wanted. */
  readonly failed: string | null;
}

export interface GroundOptions {
  readonly sandbox: Sandbox;
  readonly workspace: RunTrees;
  readonly repository: string;
  /** A line of shell; "" for none. */
  readonly setup: string;
  readonly signal: AbortSignal;
  readonly record: (event: { readonly step: string; readonly detail: string }) => void;
}

/** Prepares trees of one repository. Throws what the workspace throws, and the signal's reason. */
export function preparer(options: GroundOptions): (tree: string) => Promise<Prepared> {
  const { sandbox, workspace, setup, signal } = options;
  const install = createInstaller(options);
  return async (tree) => {
    const files = await readTree(workspace, tree);
    const archive = workspace.archive(tree);
    const { plans, left } = await installPlans(files);
    const installed = await install({ tree, archive, files, plans });
    const bare = { sandbox, archive, setup, cache: null, environment: {}, signal };
    switch (installed.kind) {
      case "none":
        return { ground: bare, files, notes: left, failed: null };
      case "failed":
        return { ground: bare, files, notes: left, failed: installed.why };
      case "ready": {
        const { mount, environment, setupDone, notes } = installed;
        const ground = { ...bare, cache: mount, environment, setup: setupDone ? "" : setup };
        return { ground, files, notes: [...left, ...notes], failed: null };
      }
    }
  };
}
