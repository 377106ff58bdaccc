// What was written over git's merge: staged, kept, and made into a tree.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Conflict } from "../core/conflict.ts";
import type { Git } from "./git.ts";
import { must } from "./git.ts";

/** The result for a path; `null` deletes it. */
export type Result = { readonly mode: string; readonly oid: string } | null;
export type Results = ReadonlyMap<string, Result>;

/** What was written for each path: staged until it is kept or discarded. Drafts (files with open hunks, marked) are beside it. */
export interface Ledger {
  readonly stage: (path: string, result: Result) => void;
  readonly draft: (path: string, result: Result) => void;
  readonly keep: () => void;
  readonly discard: () => void;
  /** `undefined` when nothing was written for the path; drafts do not count. */
  readonly current: (path: string) => Result | undefined;
  /** Paths staged since the last `keep` or `discard`; drafts do not count. */
  readonly stagedPaths: () => readonly string[];
  /** Everything kept and staged. */
  readonly results: () => Results;
  /** The same, and drafts. */
  readonly withDrafts: () => Results;
}

export function createLedger(): Ledger {
  const kept = new Map<string, Result>();
  const keptDrafts = new Map<string, Result>();
  const staged = new Map<string, Result>();
  const drafts = new Map<string, Result>();
  const results = () => new Map([...kept, ...staged]);
  return {
    stage: (path, result) => {
      staged.set(path, result);
      drafts.delete(path);
    },
    draft: (path, result) => {
      drafts.set(path, result);
      staged.delete(path);
    },
    keep: () => {
      for (const [path, result] of staged) {
        kept.set(path, result);
        keptDrafts.delete(path);
      }
      for (const [path, result] of drafts) keptDrafts.set(path, result);
      staged.clear();
      drafts.clear();
    },
    discard: () => {
      staged.clear();
      drafts.clear();
    },
    current: (path) => (staged.has(path) ? staged.get(path) : kept.get(path)),
    stagedPaths: () => [...staged.keys()],
    results,
    withDrafts: () => new Map([...keptDrafts, ...drafts, ...results()]),
  };
}

/** Whether every conflicted path has a result. */
export function isResolved(conflicts: readonly Conflict[], results: Results): boolean {
  return conflicts.every(({ path }) => results.has(path));
}

const nothing = "0".repeat(40);

/** A tree like `tree` with the results in it. Objects that a partial clone lacks are not needed, and not fetched. */
export async function buildTree(git: Git, work: string, tree: string, results: Results): Promise<string> {
  if (results.size === 0) return tree;
  // An index of its own: trees may be built at the same time.
  const env = { GIT_INDEX_FILE: join(work, `index-${randomUUID()}`) };
  await must(git(["read-tree", tree], { env }), "reading the merged tree");
  const records = [...results].map(([path, result]) =>
    result === null ? `0 ${nothing}\t${path}\0` : `${result.mode} ${result.oid}\t${path}\0`,
  );
  // Deletions first: a file may take the place of a directory.
  records.sort((one, other) => Number(other.startsWith("0 ")) - Number(one.startsWith("0 ")));
  await must(
    git(["update-index", "-z", "--index-info"], { env, input: records.join("") }),
    "writing results into the tree",
  );
  const output = await must(git(["write-tree", "--missing-ok"], { env }), "writing the tree");
  return output.toString("latin1").trim();
}
