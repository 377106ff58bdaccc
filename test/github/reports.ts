// Reports and views for the tests of the renderer.
import type { CommentView } from "../../src/core/render.ts";
import type { Report } from "../../src/core/report.ts";
import type { Run } from "../../src/core/run.ts";
import type { HunkReport } from "../../src/core/task.ts";

export const sha = "0123456789abcdef0123456789abcdef01234567";

export const hunk = (change: Partial<HunkReport> = {}): HunkReport => ({
  path: "src/list.ts",
  index: 1,
  tier: "semantic",
  class: "list/both-add",
  settled: true,
  precision: 0.973,
  aboveBar: true,
  why: "Both sides added items; the result has all of them.",
  line: 12,
  sides: null,
  candidates: [],
  result: null,
  proof: null,
  ...change,
});

export const openHunk = hunk({
  index: 2,
  tier: "human",
  class: "code/other",
  settled: false,
  precision: null,
  aboveBar: false,
  why: "Both sides changed the same call.",
  line: 40,
  sides: { base: "call(1)\n", ours: "call(2)\n", theirs: "call(3)\n" },
  candidates: [
    { text: "call(2)\n", why: "The pull request's side.", probability: 0.629 },
    { text: "call(2, 3)\n", why: "A merge word by word.", probability: 0.21 },
    { text: "", why: "Nothing: both sides are left out.", probability: 0.004 },
  ],
});

/** Settled by a model, below the bar. */
export const modelHunk = (change: Partial<HunkReport> = {}): HunkReport =>
  hunk({
    index: 3,
    tier: "generate",
    class: "openai:org_small@here/code",
    precision: null,
    aboveBar: false,
    why: "2 of 3 samples wrote the same. It leaves out what both sides kept: “guard()”.",
    line: 77,
    sides: { base: "pay(1)\n", ours: "pay(2)\n", theirs: "pay(3)\n" },
    result: { text: "pay(2, 3)\n", whole: true },
    ...change,
  });

export const report = (change: Partial<Report> = {}, hunks: readonly HunkReport[] = [hunk()]): Report => ({
  runId: "0123456789abcdef",
  errand: "fix-conflicts",
  ending: "pushed",
  summary: "Settled 1 conflict and pushed one merge commit.",
  headSha: sha,
  baseSha: sha,
  baseRef: "main",
  tree: sha,
  commitSha: null,
  signed: null,
  tasks: [
    {
      task: { agent: "conflict-resolver", goal: "resolve", paths: ["src/list.ts"] },
      outcome: { status: "changed", summary: "done", hunks: [...hunks] },
      verdicts: [{ verifier: "no-markers", passed: true, evidence: ["1 file looked at"] }],
    },
  ],
  patch: null,
  notes: [],
  problems: [],
  models: null,
  ...change,
});

export const pull: NonNullable<CommentView["pull"]> = {
  pull: { installationId: 1, owner: "acme", repo: "app", number: 7 },
  base: { sha, ref: "main", owner: "acme", repo: "app" },
  head: { sha, ref: "topic", owner: "acme", repo: "app" },
  fromFork: false,
};

export const view = (change: Partial<CommentView> = {}): CommentView => ({
  pull,
  running: null,
  reply: null,
  report: null,
  history: [],
  ...change,
});

export const run = (change: Partial<Run> = {}): Run => ({
  id: "0123456789abcdef",
  command: {
    id: "c",
    pull: pull.pull,
    actor: { login: "alice", type: "User" },
    verb: "fix-conflicts",
    args: [],
    headSha: null,
    source: { kind: "event", event: "x" },
  },
  startedAt: Date.UTC(2026, 10, 23, 9, 30),
  endedAt: 1,
  attempts: 1,
  headSha: sha,
  baseSha: sha,
  report: report({ ending: "partial" }),
  settlements: [],
  errand: null,
  edits: null,
  ...change,
});
