// A workspace in memory: what the verifiers and the agents read and write, without git.
import type { AgentContext } from "../../src/core/agent.ts";
import type { Conflict, ConflictedFile, Stage } from "../../src/core/conflict.ts";
import { noModels } from "../../src/core/models.ts";
import type { Policy } from "../../src/core/policy.ts";
import { mergeRules } from "../../src/merge/thread/merge-rules.ts";
import type { Outcome, Task } from "../../src/core/task.ts";
import type { Blob, TreeChange, Workspace } from "../../src/core/workspace.ts";

export const policy: Policy = {
  push: { mode: "asked", bar: 0.9 },
  commit: { prefix: "", signOff: false },
  conflicts: { ignore: [] },
  protectedPaths: [".npmrc", ".github/workflows/**"],
  commands: {},
  regenerate: [],
  models: { enabled: true, agents: {}, budget: { run: null, pull: null } },
  auto: { checks: "propose", conflicts: "off", ignoreLabels: [], ignoreBranches: [], drafts: false },
  ledger: { contents: false },
};

export interface Sides {
  readonly base: string | null;
  readonly ours: string | null;
  readonly theirs: string | null;
}

export interface WorkspaceOptions {
  /** Paths in conflict, with their three sides. */
  readonly conflicts?: Readonly<Record<string, Sides & { readonly kind?: Conflict["kind"] }>>;
  /** What an agent has written; `null` is a deletion. */
  readonly written?: Readonly<Record<string, string | null>>;
  /** Files as git's merge splits them, for an agent to settle. */
  readonly files?: Readonly<Record<string, ConflictedFile>>;
  /** Paths in which the result differs from each parent. */
  readonly sinceHead?: readonly string[];
  readonly sinceBase?: readonly string[];
}

export interface FakeWorkspace extends Workspace {
  readonly results: ReadonlyMap<string, Blob | null>;
  readonly drafts: ReadonlyMap<string, Blob>;
}

const bytesOf = (text: string): Uint8Array => Buffer.from(text);
const changes = (paths: readonly string[]): TreeChange[] =>
  paths.map((path) => ({ path, mode: "100644", oid: "0".repeat(40) }));
const unused = (): never => {
  throw new Error("The test did not expect this call.");
};

export function fakeWorkspace({
  conflicts = {},
  written = {},
  files = {},
  ...trees
}: WorkspaceOptions): FakeWorkspace {
  const blobs = new Map<string, Uint8Array>();
  const stage = (path: string, text: string | null): Stage | null => {
    if (text === null) return null;
    const oid = String(blobs.size).padStart(40, "0");
    blobs.set(oid, bytesOf(text));
    return { oid, mode: "100644", path };
  };
  const results = new Map<string, Blob | null>(
    Object.entries(written).map(([path, text]) => [
      path,
      text === null ? null : { mode: "100644", bytes: bytesOf(text) },
    ]),
  );
  const drafts = new Map<string, Blob>();
  return {
    headSha: "a".repeat(40),
    baseSha: "b".repeat(40),
    status: "conflicted",
    gitTree: "c".repeat(40),
    parents: ["a".repeat(40), "b".repeat(40)],
    conflicts: Object.entries(conflicts).map(([path, { kind = "content", base, ours, theirs }]) => ({
      kind,
      path,
      base: stage(path, base),
      ours: stage(path, ours),
      theirs: stage(path, theirs),
      explanation: `Both sides touched ${path}.`,
    })),
    readBlob: (oid) => Promise.resolve(blobs.get(oid) ?? unused()),
    readPath: (_side, path) => Promise.resolve(results.get(path) ?? null),
    conflictedFile: ({ path }) => {
      const file = files[path];
      return Promise.resolve(file ? { file, encode: bytesOf } : null);
    },
    subjects: () => Promise.resolve({ ours: null, theirs: null }),
    write: (path, blob) => {
      results.set(path, blob);
      return Promise.resolve();
    },
    draft: (path, blob) => {
      drafts.set(path, blob);
      return Promise.resolve();
    },
    written: () => [...results.keys()],
    keep: unused,
    discard: unused,
    tree: () => Promise.resolve("d".repeat(40)),
    treeWith: unused,
    listTree: unused,
    readTree: unused,
    archive: unused,
    parentTree: unused,
    mergeBaseTree: unused,
    changesSince: (side) =>
      Promise.resolve(changes((side === "head" ? trees.sinceHead : trees.sinceBase) ?? [])),
    patch: unused,
    findCommit: unused,
    pushCommit: unused,
    dispose: () => Promise.resolve(),
    results,
    drafts,
  };
}

export const contextOf = (workspace: Workspace, changed: Partial<Policy> = {}): AgentContext => ({
  workspace,
  merge: mergeRules,
  memory: { counts: {}, recall: () => Promise.resolve([]) },
  models: noModels,
  settlements: [],
  keepSettlement: () => Promise.resolve(),
  keptEdits: null,
  keepEdits: () => Promise.resolve(),
  failedChecks: [],
  rerunJob: () => Promise.resolve(false),
  approved: false,
  policy: { ...policy, ...changed },
  sandbox: { kind: "unavailable", why: "This test runs no code.", remedy: "None is needed." },
  repository: "octo/example",
  signal: new AbortController().signal,
  record: () => undefined,
});

export const taskOf = (...paths: string[]): Task => ({ agent: "any", goal: "Merge", paths });
export const outcome: Outcome = { status: "changed", summary: "", hunks: [] };
