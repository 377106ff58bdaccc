// The workspace over one merge: reads and writes git objects, nothing else.
import { messageOf } from "../core/errors.ts";
import type { Conflict } from "../core/conflict.ts";
import type { Log } from "../core/log.ts";
import type { Blob, MergeStatus, OpenWorkspaceOptions, TreeChange, Workspace } from "../core/workspace.ts";
import { mergeBases } from "./candidates.ts";
import { splitConflict } from "./conflicted-file.ts";
import type { SplitFile } from "./conflicted-file.ts";
import { createArchives } from "./archive.ts";
import { createContents } from "./contents.ts";
import type { Contents } from "./contents.ts";
import type { Identity } from "./history.ts";
import {
  changesBetween,
  findCommitIn,
  pushBranch,
  subjectsBetween,
  unifiedDiff,
  writeCommit,
} from "./history.ts";
import type { WorkspaceLimits } from "./limits.ts";
import { must } from "./git.ts";
import { listPaths, treeName } from "./listing.ts";
import { createMemo } from "./memo.ts";
import type { Memo } from "./memo.ts";
import { ensureCommits, fetchedSizes } from "./mirror.ts";
import type { Session } from "./open.ts";
import { isTreePath } from "./paths.ts";
import { buildTree, createLedger, isResolved } from "./results.ts";
import type { Ledger, Results } from "./results.ts";
import { stored } from "./stored.ts";

export interface WorkspaceParts {
  readonly session: Session;
  readonly options: OpenWorkspaceOptions;
  readonly status: MergeStatus;
  readonly conflicts: readonly Conflict[];
  /** `null` when there was nothing to merge, or no way to. */
  readonly mergedTree: string | null;
  readonly large: ReadonlySet<string>;
  /** Bytes of the blobs that the merge looked at; `null` for one that is not here. */
  readonly sizes: ReadonlyMap<string, number | null>;
  readonly limits: WorkspaceLimits;
  readonly identity: Identity;
  readonly release: () => Promise<void>;
  readonly log: Log;
}

/** A workspace's parts, and what it remembers: trees and blobs never change under their names. */
interface Known extends WorkspaceParts {
  readonly ledger: Ledger;
  readonly contents: Contents;
  /** The trees of the two sides, by "head" and "base". */
  readonly sideTrees: Memo<{ readonly head: string; readonly base: string }>;
  /** Trees by the results in them. */
  readonly trees: Memo<string>;
  readonly changes: Memo<readonly TreeChange[]>;
  readonly entries: Memo<Entry | null>;
}

interface Entry {
  readonly mode: string;
  readonly oid: string;
}

export function createWorkspace(given: WorkspaceParts): Workspace {
  const { session, options } = given;
  const ledger = createLedger();
  const contents = createContents(given);
  const parts: Known = {
    ...given,
    ledger,
    contents,
    sideTrees: createMemo(options.signal),
    trees: createMemo(options.signal),
    changes: createMemo(options.signal),
    entries: createMemo(options.signal),
  };
  return {
    headSha: options.headSha,
    baseSha: options.baseSha,
    status: parts.status,
    conflicts: parts.conflicts,
    readBlob: (oid) => readObject(parts, oid),
    readPath: (side, path) => readPath(parts, side, path),
    conflictedFile: (conflict) => conflictedFile(parts, conflict),
    subjects: (path) =>
      subjectsBetween(session.local, { ours: options.headSha, theirs: options.baseSha }, path),
    gitTree: parts.mergedTree,
    write: async (path, blob) => {
      ledger.stage(path, await stored(parts, path, blob));
    },
    draft: async (path, blob) => {
      ledger.draft(path, await stored(parts, path, blob));
    },
    written: ledger.stagedPaths,
    keep: ledger.keep,
    discard: ledger.discard,
    tree: () => resultTree(parts, ledger.results()),
    ...wholeTrees(parts),
    parentTree: (side) => treeOf(parts, side),
    mergeBaseTree: () => mergeBaseTree(parts),
    changesSince: (side, tree) => {
      const commit = side === "head" ? options.headSha : options.baseSha;
      return parts.changes(`${side} ${tree}`, () => changesBetween(session.local, commit, tree));
    },
    patch: (maxBytes) => patch(parts, maxBytes),
    parents: parentsOf(parts),
    findCommit: async (tipSha, commit) => {
      await ensureCommits(session.mirror, [tipSha]);
      return await findCommitIn(session.local, tipSha, { ...commit, parents: parentsOf(parts) });
    },
    pushCommit: (push) => pushCommit(parts, push),
    dispose: async () => {
      contents.clear();
      await parts.release().catch((error: unknown) => {
        parts.log.warn({ reason: messageOf(error) }, "workspace not given back cleanly");
      });
    },
  };
}

function wholeTrees(parts: Known): Pick<Workspace, "treeWith" | "listTree" | "readTree" | "archive"> {
  return {
    treeWith: async (blobs) => {
      const results = new Map(parts.ledger.results());
      for (const [path, blob] of blobs) results.set(path, await stored(parts, path, blob));
      return await resultTree(parts, results);
    },
    listTree: (tree) => listPaths(parts.session.local, tree, parts.limits),
    readTree: (tree, path) => readFromTree(parts, treeName(tree), path),
    archive: createArchives(parts.session),
  };
}

function parentsOf({ status, options }: WorkspaceParts): readonly string[] {
  return status === "not-merged" ? [options.headSha] : [options.headSha, options.baseSha];
}

async function conflictedFile({ session, contents }: Known, conflict: Conflict): Promise<SplitFile | null> {
  if (conflict.kind !== "content" && conflict.kind !== "both-added") return null;
  if (conflict.ours === null || conflict.theirs === null) return null;
  const { base, ours, theirs } = await contents.readStages(conflict);
  if (ours === null || theirs === null) return null;
  return await splitConflict(session.local, session.work, conflict.path, { base, ours, theirs });
}

/** What results are written over: git's merge, or the head where there is nothing to merge. */
async function startingTree(parts: Known): Promise<string> {
  return parts.mergedTree ?? (await treeOf(parts, "head"));
}

/** The tree of a side's commit; both are read at once. */
async function treeOf({ session, options, sideTrees }: Known, side: "head" | "base"): Promise<string> {
  const trees = await sideTrees("", async () => {
    const names = [options.headSha, options.baseSha].map((sha) => `${sha}^{tree}`);
    const output = await must(session.local(["rev-parse", ...names]), "reading a commit");
    const [head = "", base = ""] = output.toString("latin1").split("\n");
    return { head, base };
  });
  return trees[side];
}

/** A tree of git's merge and the results over it; `null` while a conflicted path has none. */
async function resultTree(parts: Known, results: Results): Promise<string | null> {
  if (parts.status === "unrelated" || !isResolved(parts.conflicts, results)) return null;
  return await treeWith(parts, await startingTree(parts), results);
}

async function mergeBaseTree({ session, options }: Known): Promise<string | null> {
  const [base, ...others] = await mergeBases(session.local, options.headSha, options.baseSha);
  if (base === undefined || others.length > 0) return null;
  return (await must(session.local(["rev-parse", `${base}^{tree}`]), "reading a commit")).toString().trim();
}

async function treeWith({ session, trees }: Known, start: string, results: Results): Promise<string> {
  const key = JSON.stringify([start, ...results]);
  return await trees(key, () => buildTree(session.local, session.work, start, results));
}

async function readObject({ contents }: Known, oid: string): Promise<Uint8Array> {
  const [bytes = new Uint8Array()] = await contents.read([oid]);
  return bytes;
}

async function readPath(parts: Known, side: "head" | "base" | "result", path: string): Promise<Blob | null> {
  const { options, conflicts, ledger } = parts;
  if (side !== "result") {
    return await readFromTree(parts, side === "head" ? options.headSha : options.baseSha, path);
  }
  if (!isTreePath(path)) return null;
  const written = ledger.current(path);
  if (written === null) return null;
  if (written !== undefined) return { mode: written.mode, bytes: await readObject(parts, written.oid) };
  // Git's own tree has text with conflict markers there: that is no result.
  if (conflicts.some((conflict) => conflict.path === path)) return null;
  return await readFromTree(parts, await startingTree(parts), path);
}

async function readFromTree(parts: Known, treeish: string, path: string): Promise<Blob | null> {
  if (!isTreePath(path)) return null;
  const entry = await parts.entries(`${treeish} ${path}`, () => entryIn(parts, treeish, path));
  return entry === null ? null : { mode: entry.mode, bytes: await readObject(parts, entry.oid) };
}

async function entryIn({ session }: WorkspaceParts, treeish: string, path: string): Promise<Entry | null> {
  const output = await must(
    session.local(["ls-tree", "-z", "--full-tree", treeish, "--", path]),
    "reading a tree",
  );
  for (const record of output.toString("utf8").split("\0")) {
    const tab = record.indexOf("\t");
    const [mode = "", type, oid = ""] = record.slice(0, tab).split(" ");
    if (tab > 0 && record.slice(tab + 1) === path && type === "blob") return { mode, oid };
  }
  return null;
}

async function patch(parts: Known, maxBytes: number): Promise<{ text: string; omitted: readonly string[] }> {
  const { session, ledger } = parts;
  const head = await treeOf(parts, "head");
  const result = await treeWith(parts, head, ledger.withDrafts());
  const before = await changesBetween(session.local, result, head);
  const oids = before.flatMap(({ oid, mode }) => (oid === null || mode === "160000" ? [] : [oid]));
  await fetchedSizes(session.mirror, session.local, oids);
  return await unifiedDiff(session.local, head, result, maxBytes);
}

async function pushCommit(
  parts: WorkspaceParts,
  push: { readonly tree: string; readonly message: string; readonly branch: string; readonly token: string },
): Promise<{ sha: string }> {
  const { session, options, identity } = parts;
  const commit = { tree: push.tree, parents: parentsOf(parts), message: push.message };
  const sha = await writeCommit(session.local, commit, identity);
  const remote = session.remote(push.token);
  await pushBranch(session.local, remote, { sha, branch: push.branch, expected: options.headSha });
  return { sha };
}
