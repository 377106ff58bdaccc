// The name of what was installed: of everything that decides it, and for whom.
import { createHash } from "node:crypto";
import type { InstallPlan, TreeFiles } from "./types.ts";

export interface KeyParts {
  /** "owner/name". */
  readonly repository: string;
  /** Whose files these are, as an object id. */
  readonly tree: string;
  readonly plans: readonly InstallPlan[];
  /** A command that was run with the install; `null` where none was. It can run all of the tree. */
  readonly setup: string | null;
}

/** Changes when an install of the same files leaves something else than before. */
const generation = 2;

/** Paths of a tree that an install finds in its way: packages that are committed, which it keeps beside its own, and its own caches. */
const inItsWay = /(?:^|\/)(?:node_modules|\.venv|\.errand-scratch)(?:\/|$)/;

/** 64 hex digits (SHA-256). */
export async function installKey(parts: KeyParts, files: TreeFiles): Promise<string> {
  // A link or a submodule reads as absent, and what it leads to decides.
  let unread = false;
  const digestOf = async (path: string): Promise<string> => {
    const text = await files.read(path);
    unread ||= text === null;
    return digest(text ?? "");
  };
  const plans = await Promise.all(
    parts.plans.map(async (plan) => {
      const contents = plan.files.map(async (path) => [path, await digestOf(path)] as const);
      return [plan.tool, plan.folder, plan.line, plan.environment, await Promise.all(contents)] as const;
    }),
  );
  const perTree =
    parts.setup !== null ||
    parts.plans.some(({ scope }) => scope === "tree") ||
    unread ||
    files.paths.some((path) => inItsWay.test(path));
  const [major] = process.versions.node.split(".");
  const machine = [process.platform, process.arch, major];
  const { repository, setup } = parts;
  return digest(JSON.stringify([generation, repository, machine, setup, plans, perTree ? parts.tree : null]));
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
