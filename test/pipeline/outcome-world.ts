// A pull request with runs that models were asked in, over a store in memory, for the tests of outcomes.
import { defaultPolicy } from "../../src/config/policy-defaults.ts";
import type { Command, Verb } from "../../src/core/command.ts";
import type { Hunk } from "../../src/core/conflict.ts";
import type { GitHub } from "../../src/core/github.ts";
import type { CallNote, ModelCall } from "../../src/core/ledger.ts";
import type { PastFile } from "../../src/core/memory.ts";
import type { PullDetails } from "../../src/core/pull.ts";
import { idlePull } from "../../src/core/run.ts";
import type { PullState, Run } from "../../src/core/run.ts";
import { settlementKey } from "../../src/core/settlement-key.ts";
import type { Store } from "../../src/core/store.ts";
import type { HunkReport } from "../../src/core/task.ts";
import type { ResolutionsOptions } from "../../src/core/workspace.ts";
import type { OutcomeServices } from "../../src/pipeline/label-outcomes.ts";
import { emptyReport } from "../../src/pipeline/reports.ts";

export const pull = { installationId: 1, owner: "acme", repo: "shop", number: 7 };
export const sha = (letter: string) => letter.repeat(40);
const hunk: Hunk = { kind: "hunk", base: "1\n", ours: "2\n", theirs: "3\n" };

export function command(verb: Verb, id = `${verb}-1`): Command {
  const actor = { login: "ann", type: "User" as const };
  return { id, pull, actor, verb, args: [], headSha: null, source: { kind: "event", event: "x" } };
}

function row(index: number, settled: boolean): HunkReport {
  return {
    ...{ path: "a.ts", index, class: "m/code", settled, precision: null, aboveBar: false, why: "", line: 1 },
    ...{ tier: settled ? ("pick" as const) : ("human" as const), sides: null, result: null, candidates: [] },
    proof: null,
  };
}

/** A run of `hunks`: what a model wrote for each, `null` where it wrote nothing. */
export function runOf(id: string, hunks: readonly (string | null)[], changes: Partial<Run> = {}): Run {
  const settlements = hunks.flatMap((text, index) =>
    text === null
      ? []
      : [
          {
            ...{ tier: "pick" as const, class: "m/code", text, why: "" },
            key: settlementKey("a.ts", sidesOf(index)),
          },
        ],
  );
  const run: Run = {
    ...{ id, command: command("fix-conflicts", id), startedAt: 1, endedAt: 2, attempts: 1, settlements },
    ...{ headSha: sha("a"), baseSha: sha("b"), report: null, errand: null, edits: null },
    ...changes,
  };
  const outcome = {
    status: "changed" as const,
    summary: "",
    hunks: hunks.map((text, index) => row(index + 1, text !== null)),
  };
  const tasks = [{ task: { agent: "conflict-resolver", goal: "", paths: ["a.ts"] }, outcome, verdicts: [] }];
  const report = {
    ...emptyReport(run, "proposed", ""),
    ...{ tree: sha("e"), tasks, baseRef: "main" },
    ...changes.report,
  };
  return { ...run, report };
}

/** A run that made edits of whole files: no hunks, and a fix or tests in its report. */
export function editsRunOf(id: string, verb: "fix-tests" | "write-tests", agent: string): Run {
  const run = runOf(id, [], { command: command(verb, id), errand: verb });
  const outcome = { status: "changed" as const, summary: "", hunks: [] };
  const tasks = [{ task: { agent, goal: "", paths: [] }, outcome, verdicts: [] }];
  return { ...run, report: run.report && { ...run.report, tasks } };
}

/** A run that applied what another proposed, and pushed it as a commit. */
export function appliedAs(run: Run, commitSha: string): Run {
  const report = run.report && { ...run.report, commitSha };
  return { ...run, id: "apply", command: command("apply"), report };
}

/** The n-th hunk of the file; no two have the same sides. */
const sidesOf = (index: number): Hunk => ({ ...hunk, base: `${index}\n` });

/** The run's file as people resolved it. */
export function resolvedAs(resolutions: readonly (string | null)[]): PastFile[] {
  const segments = resolutions.flatMap((_, index) => [
    { kind: "clean" as const, text: "clean\n" },
    sidesOf(index),
  ]);
  return [{ file: { path: "a.ts", base: "", ours: "", theirs: "", segments }, resolutions }];
}

export function call(
  id: string,
  runId: string,
  subject: string | null,
  changes: Partial<ModelCall> = {},
): ModelCall {
  return {
    ...{ id, runId, subject, ...pull, fromFork: false, agent: "conflict-resolver", slot: "pick", model: "m" },
    ...{ promptHash: "", kind: "code", sample: 0, attempt: 1, at: 1_000, status: "answered", failure: null },
    ...{ usage: null, priced: true, reservedMicros: 0, costMicros: 0, scopes: [], latencyMs: 1, gates: [] },
    ...{ accepted: true, outcome: null, outcomeAt: null, contents: null },
    ...changes,
  };
}

export const contents = { system: "", user: "", answer: "", target: null, meaning: null };

export interface World {
  readonly services: OutcomeServices;
  readonly calls: ModelCall[];
  readonly runs: Run[];
  /** What was asked of GitHub and of the workspace, in order. */
  readonly asked: string[];
  readonly noted: { readonly ids: readonly string[]; readonly note: CallNote }[];
  readonly warnings: string[];
  readonly state: {
    pull: PullState;
    details: PullDetails;
    waiting: number;
    /** What stands in the commits that are looked at, by "merge" and "tip". */
    merge: PastFile[] | null;
    tip: PastFile[] | null;
    red: Record<string, string[]>;
    /** Whether the repository lets texts be kept, now. */
    consents: boolean;
    held: boolean;
  };
  /** Outcomes by id of the call. */
  readonly outcomes: () => Record<string, string | null>;
}

export function worldOf(runs: readonly Run[], calls: readonly ModelCall[]): World {
  const end = (ref: string, at: string) => ({ sha: at, ref, owner: "acme", repo: "shop" });
  const state: World["state"] = {
    pull: idlePull(pull),
    details: {
      ...{ pull, title: "", state: "open", defaultBranch: "main", headDeleted: false, fromFork: false },
      ...{ draft: false, labels: [], author: { login: "ann", type: "User" }, mergeable: true },
      ...{ cloneUrl: "https://example.com/a.git", htmlUrl: "", mergeCommitSha: null },
      ...{ head: end("topic", sha("a")), base: end("main", sha("b")) },
    },
    waiting: 1,
    ...{ merge: null, tip: null, red: {}, held: true, consents: true },
  };
  const world = { calls: [...calls], runs: [...runs], asked: [] as string[], warnings: [] as string[] };
  const noted: World["noted"] = [];
  const store: Partial<Store> = {
    listRuns: () => Promise.resolve(world.runs),
    loadRun: (id) => Promise.resolve(world.runs.find((run) => run.id === id) ?? null),
    listWaiting: () => Promise.resolve(Array.from({ length: state.waiting }, () => item)),
    loadPull: () => Promise.resolve(state.pull),
    savePull: (_, __, next) => {
      if (state.held) state.pull = next;
      return Promise.resolve(state.held);
    },
    listCalls: ({ runId, limit, after, since = 0 }) => {
      const from = after === undefined ? 0 : world.calls.findIndex(({ id }) => id === after) + 1;
      const found = world.calls.slice(from).filter(({ at }) => at >= since);
      return Promise.resolve(
        found.filter((one) => runId === undefined || one.runId === runId).slice(0, limit),
      );
    },
    noteCalls: (ids, note) => {
      noted.push({ ids, note });
      world.calls.forEach((one, index) => {
        if (!ids.includes(one.id)) return;
        const kept = one.contents && { ...one.contents, target: note.target ?? one.contents.target };
        const outcome = note.outcome ?? one.outcome;
        world.calls[index] = { ...one, outcome, outcomeAt: note.outcomeAt ?? one.outcomeAt, contents: kept };
      });
      return Promise.resolve();
    },
  };
  const item = { kind: "command" as const, command: command("status") };
  const asks = <T>(what: string, answer: T) => {
    world.asked.push(what);
    return Promise.resolve(answer);
  };
  const github: Partial<GitHub> = {
    pull: () => asks("pull", state.details),
    readToken: () => asks("token", "token"),
    failedChecks: (_, at) => asks(`checks ${at.slice(0, 1)}`, state.red[at] ?? []),
  };
  const services: OutcomeServices = {
    store: store as Store,
    githubFor: () => github as GitHub,
    loadPolicy: () =>
      Promise.resolve({
        policy: { ...defaultPolicy, ledger: { contents: state.consents } },
        problems: [],
        sources: [],
      }),
    redact: (text: string) => text.replaceAll("canary", "[redacted]"),
    findResolutions: ({ where, tip }: ResolutionsOptions) => {
      const files = state[where];
      return asks(`${where} ${tip.slice(0, 1)}`, files && { sha: tip, files });
    },
    log: {
      ...{ debug: () => undefined, info: () => undefined, error: () => undefined },
      warn: (fields) => void world.warnings.push(String(fields["error"])),
    },
    now: () => 5_000,
  };
  const outcomes = () => Object.fromEntries(world.calls.map(({ id, outcome }) => [id, outcome]));
  return { ...world, services, noted, state, outcomes };
}
