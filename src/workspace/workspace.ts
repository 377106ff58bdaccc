// The workspace over one merge: reads and writes git objects, nothing else.
import { AppError, messageOf } from "../core/errors.ts";
import type { Conflict } from "../core/conflict.ts";
import type { Log } from "../core/log.ts";
import type { Blob, MergeStatus, OpenWorkspaceOptions, Workspace } from "../core/workspace.ts";
import { splitConflict } from "./conflicted-file.ts";
import type { Identity } from "./history.ts";
import { changesBetween, findTrailerIn, pushBranch, unifiedDiff, writeMergeCommit } from "./history.ts";
import type { WorkspaceLimits } from "./limits.ts";
import { must } from "./git.ts";
import { ensureBlobs, ensureCommits } from "./mirror.ts";
import { missingOf, readBlobsHere, tooLarge, writeBlob } from "./objects.ts";
import type { Session } from "./open.ts";
import { isTreePath } from "./paths.ts";
import { buildTree, createLedger, isResolved } from "./results.ts";
import type { Ledger, Result } from "./results.ts";

export interface WorkspaceParts {
  readonly session: Session;
  readonly options: OpenWorkspaceOptions;
  readonly status: MergeStatus;
  readonly conflicts: readonly Conflict[];
  /** `null` when there was nothing to merge, or no way to. */
  readonly mergedTree: string | null;
  readonly large: ReadonlySet<string>;
  /** Blobs that are known to be in the repository. */
  readonly here: ReadonlySet<string>;
  readonly limits: WorkspaceLimits;
  readonly identity: Identity;
  readonly release: () => Promise<void>;
  readonly log: Log;
}

const fileModes = new Set(["100644", "100755", "120000"]);

export function createWorkspace(parts: WorkspaceParts): Workspace {
  const { session, options } = parts;
  const ledger = createLedger();
  return {
    headSha: options.headSha,
    baseSha: options.baseSha,
    status: parts.status,
    conflicts: parts.conflicts,
    readBlob: (oid) => readObject(parts, oid),
    readPath: (side, path) => readPath(parts, ledger, side, path),
    conflictedFile: async (conflict) => {
      const { kind, path, base, ours, theirs } = conflict;
      if ((kind !== "content" && kind !== "both-added") || ours === null || theirs === null) return null;
      const stages = [ours, theirs, ...(base === null ? [] : [base])].map(({ oid }) => oid);
      const [oursBytes = nothing, theirsBytes = nothing, baseBytes = null] = await readObjects(parts, stages);
      return await splitConflict(session.local, session.work, path, {
        base: baseBytes,
        ours: oursBytes,
        theirs: theirsBytes,
      });
    },
    gitTree: parts.mergedTree,
    write: async (path, blob) => {
      ledger.stage(path, blob === null ? checkedDeletion(path) : await store(parts, path, blob));
    },
    draft: async (path, blob) => {
      ledger.draft(path, await store(parts, path, blob));
    },
    written: ledger.stagedPaths,
    keep: ledger.keep,
    discard: ledger.discard,
    tree: async () => {
      const results = ledger.results();
      if (parts.status === "unrelated" || !isResolved(parts.conflicts, results)) return null;
      return await buildTree(session.local, session.work, await startingTree(parts), results);
    },
    changesSince: (side, tree) =>
      changesBetween(session.local, side === "head" ? options.headSha : options.baseSha, tree),
    patch: (maxBytes) => patch(parts, ledger, maxBytes),
    findTrailer: async (tipSha, name, value) => {
      await ensureCommits(session.mirror, [tipSha]);
      return await findTrailerIn(session.local, { tip: tipSha, head: options.headSha }, name, value);
    },
    pushCommit: (push) => pushCommit(parts, push),
    dispose: async () => {
      await parts.release().catch((error: unknown) => {
        parts.log.warn({ reason: messageOf(error) }, "workspace not given back cleanly");
      });
    },
  };
}

/** What results are written over: git's merge, or the head where there is nothing to merge. */
async function startingTree(parts: WorkspaceParts): Promise<string> {
  return parts.mergedTree ?? (await treeOf(parts, parts.options.headSha));
}

async function treeOf({ session }: WorkspaceParts, commit: string): Promise<string> {
  const output = await must(session.local(["rev-parse", "--verify", `${commit}^{tree}`]), "reading a commit");
  return output.toString("latin1").trim();
}

const nothing = new Uint8Array();

async function readObject(parts: WorkspaceParts, oid: string): Promise<Uint8Array> {
  const [bytes = nothing] = await readObjects(parts, [oid]);
  return bytes;
}

/** Reads blobs in order; fetches the ones that are neither in the private repository nor in the mirror, all in one request. */
async function readObjects(parts: WorkspaceParts, oids: readonly string[]): Promise<Uint8Array[]> {
  const { session, limits, large } = parts;
  for (const oid of oids) {
    if (!/^[0-9a-f]{40}$/.test(oid)) throw new Error("Not an object's full name.");
    // Large blobs are replaced by placeholders in the private repository: never read one for the other.
    if (large.has(oid)) throw tooLarge(oid, limits.blobBytes);
  }
  // What the merge read is here already.
  const foreseen = oids.every((oid) => parts.here.has(oid));
  const [absent] = foreseen ? [] : await ensureMissing(parts, oids);
  if (absent !== undefined) throw tooLarge(absent, limits.blobBytes);
  return await readBlobsHere(session.local, oids, limits.blobBytes);
}

/** Fetches what is neither in the private repository nor in the mirror; returns what is too large to have been fetched. */
async function ensureMissing(
  { session }: WorkspaceParts,
  oids: readonly string[],
): Promise<ReadonlySet<string>> {
  return await ensureBlobs(session.mirror, await missingOf(session.local, oids));
}

async function readPath(
  parts: WorkspaceParts,
  ledger: Ledger,
  side: "head" | "base" | "result",
  path: string,
): Promise<Blob | null> {
  const { options, conflicts } = parts;
  if (!isTreePath(path)) return null;
  if (side !== "result") {
    return await readFromTree(parts, side === "head" ? options.headSha : options.baseSha, path);
  }
  const written = ledger.current(path);
  if (written === null) return null;
  if (written !== undefined) return { mode: written.mode, bytes: await readObject(parts, written.oid) };
  // Git's own tree has text with conflict markers there: that is no result.
  if (conflicts.some((conflict) => conflict.path === path)) return null;
  return await readFromTree(parts, await startingTree(parts), path);
}

async function readFromTree(parts: WorkspaceParts, treeish: string, path: string): Promise<Blob | null> {
  const output = await must(
    parts.session.local(["ls-tree", "-z", "--full-tree", treeish, "--", path]),
    "reading a tree",
  );
  for (const record of output.toString("utf8").split("\0")) {
    const tab = record.indexOf("\t");
    const [mode = "", type, oid = ""] = record.slice(0, tab).split(" ");
    if (tab > 0 && record.slice(tab + 1) === path && type === "blob") {
      return { mode, bytes: await readObject(parts, oid) };
    }
  }
  return null;
}

function checkedDeletion(path: string): null {
  if (isTreePath(path)) return null;
  throw refused(`${JSON.stringify(path)} is not a path that can be written.`);
}

async function store(parts: WorkspaceParts, path: string, blob: Blob): Promise<Result> {
  checkedDeletion(path);
  if (!fileModes.has(blob.mode)) throw refused(`A file cannot have the mode ${JSON.stringify(blob.mode)}.`);
  if (blob.bytes.length > parts.limits.blobBytes) {
    throw refused(`${JSON.stringify(path)} would be larger than ${parts.limits.blobBytes} bytes.`);
  }
  return { mode: blob.mode, oid: await writeBlob(parts.session.local, blob.bytes) };
}

function refused(message: string): AppError {
  return new AppError("workspace", message, { retryable: false, remedy: "Resolve this file by hand." });
}

async function patch(
  parts: WorkspaceParts,
  ledger: Ledger,
  maxBytes: number,
): Promise<{ text: string; omitted: readonly string[] }> {
  const { session, options } = parts;
  const head = await treeOf(parts, options.headSha);
  const result = await buildTree(session.local, session.work, head, ledger.withDrafts());
  const before = await changesBetween(session.local, result, head);
  const oids = before.flatMap(({ oid, mode }) => (oid === null || mode === "160000" ? [] : [oid]));
  await ensureMissing(parts, oids);
  return await unifiedDiff(session.local, head, result, maxBytes);
}

async function pushCommit(
  parts: WorkspaceParts,
  push: { readonly tree: string; readonly message: string; readonly branch: string; readonly token: string },
): Promise<{ sha: string }> {
  const { session, options, identity } = parts;
  const parents = [options.headSha, options.baseSha];
  const commit = { tree: push.tree, parents, message: push.message };
  const sha = await writeMergeCommit(session.local, commit, identity);
  const remote = session.remote(push.token);
  await pushBranch(session.local, remote, { sha, branch: push.branch, expected: options.headSha });
  return { sha };
}
