// The repository's own checks, asked about merged trees: few times, and compared with what they say of both sides.
import { openChecks } from "../../../checks/open-checks.ts";
import type { OpenedChecks } from "../../../checks/open-checks.ts";
import { judge } from "../../../checks/judge.ts";
import type { Judgement, SettledHunk } from "../../../checks/judge.ts";
import type { Trial } from "../../../checks/judge-runs.ts";
import { hunkInWords, pathInWords } from "../../../checks/judge-words.ts";
import type { AgentContext } from "../../../core/agent.ts";
import { AppError } from "../../../core/errors.ts";
import type { CheckRun } from "../../../core/checks.ts";
import type { HunkReport, Proof } from "../../../core/task.ts";
import type { Workspace } from "../../../core/workspace.ts";
import { settledTexts } from "../../../merge/hunks.ts";
import { labelsOf, settledBlobs } from "../path-state.ts";
import type { PathState } from "../path-state.ts";
import { mergedLines } from "./merged-lines.ts";
import { judgementInSentences } from "./judgement-in-sentences.ts";

/** What the checks said of one merged tree. */
export interface TreeJudgement {
  readonly verdict: Exclude<Proof["verdict"], "not-run">;
  /** One to three sentences for people. */
  readonly words: string;
  readonly tree: string;
  /** Tests that passed. */
  readonly tests: number;
  /** By "path#index", the index 1-based; 0 for a path without hunks. */
  readonly hunks: ReadonlyMap<string, NonNullable<HunkReport["proof"]>>;
}

interface Known {
  /** As `Prover.unavailable`; `null` too where nobody has asked yet. */
  readonly unavailable: string | null;
  /** In the order in which they were asked for, each tree once. */
  readonly judgements: readonly TreeJudgement[];
}

export interface Prover {
  /** Why nothing can be run, and what to do, for people; `null` where something can. */
  readonly unavailable: () => Promise<string | null>;
  /** Judges a merge without open hunks; the same tree costs one run, however often it is asked about. `null` once the runs are spent. */
  readonly judge: (states: readonly PathState[]) => Promise<TreeJudgement | null>;
  /** What has been found out so far; nothing is run for it. */
  readonly known: () => Promise<Known>;
  /** Runs on merged trees so far. */
  readonly runs: () => number;
  /** Why nothing more is run, for people. */
  readonly spent: string;
}

/** Runs of the checks on merged trees in one run of the agent; those of the two sides come on top. */
const mostRuns = 8;
/** Milliseconds after which no further run is begun: whoever asked is waiting. */
const longestMs = 20 * 60_000;

/** Nothing is detected, installed or run before the first question. */
export function openProver(context: AgentContext): Prover {
  const { workspace } = context;
  const judged = new Map<string, TreeJudgement>();
  const deadline = AbortSignal.timeout(longestMs);
  let opened: Promise<OpenedChecks> | null = null;
  let runs = 0;
  const checks = (): Promise<OpenedChecks> =>
    (opened ??= openChecks({ ...context, commands: context.policy.commands }).catch(closedBy));
  const isClosed = context.sandbox.kind === "unavailable";
  const isSpent = (): boolean => runs >= mostRuns || deadline.aborted;
  return {
    unavailable: async () => (await checks()).unavailable,
    judge: async (states) => {
      const tree = await workspace.treeWith(settledBlobs(states, labelsOf(workspace)));
      const known = tree === null ? undefined : judged.get(tree);
      if (known !== undefined) return known;
      if (tree === null || isSpent()) return null;
      const opened = await checks();
      const hunks = settledHunks(states);
      const told = await judgeTree(tree, {
        checks: opened,
        workspace,
        hunks: hunks.map(toJudge),
        paths: states.map(({ conflict }) => conflict.path),
        mayRun: () => !isSpent(),
        ran: () => {
          runs++;
        },
      });
      const written = states.flatMap(({ kind, conflict }) => (kind === "written" ? [conflict.path] : []));
      const said = inTree(tree, { hunks, written, ...told, missing: opened.missing });
      judged.set(tree, said);
      return said;
    },
    known: async () => ({
      unavailable: isClosed || opened !== null ? (await checks()).unavailable : null,
      judgements: [...judged.values()],
    }),
    runs: () => runs,
    spent: "The checks were not run on it: the limit of runs, or of time, for one command was reached.",
  };
}

/** A sandbox or a tree that cannot be had costs the proof, not the run. */
function closedBy(error: unknown): OpenedChecks {
  if (!(error instanceof AppError) || !["sandbox", "workspace"].includes(error.code)) throw error;
  const run = (): never => {
    throw error;
  };
  return { unavailable: `${error.message} ${error.remedy}`, missing: null, run, again: run };
}

interface Question {
  readonly checks: OpenedChecks;
  readonly workspace: Pick<Workspace, "parentTree" | "mergeBaseTree">;
  readonly hunks: readonly SettledHunk[];
  readonly paths: readonly string[];
  readonly mayRun: () => boolean;
  /** Told of each run on the merged tree. */
  readonly ran: () => void;
}

/** The merged tree first, then both sides; once more the merged tree where tests may be flaky, and the merge base where tests are gone. */
async function judgeTree(
  tree: string,
  { checks: { run, again }, workspace, hunks, paths, mayRun, ran }: Question,
): Promise<{ readonly judgement: Judgement; readonly merged: CheckRun }> {
  const merged = await run(tree, paths);
  ran();
  const parents = {
    head: await run(await workspace.parentTree("head"), paths),
    base: await run(await workspace.parentTree("base"), paths),
  };
  let trial: Trial = { merged, again: null, parents, before: null };
  let judgement = judge(trial, hunks);
  if (judgement.rerun !== null && mayRun()) {
    trial = { ...trial, again: await again(tree, paths) };
    ran();
    judgement = judge(trial, hunks);
  }
  const mergeBase = judgement.lostTests.total > 0 ? await workspace.mergeBaseTree() : null;
  if (mergeBase === null) return { judgement, merged };
  return { judgement: judge({ ...trial, before: await run(mergeBase, paths) }, hunks), merged };
}

interface NamedHunk extends SettledHunk {
  readonly index: number;
}

const toJudge = ({ path, lines }: NamedHunk): SettledHunk => ({ path, lines });

function settledHunks(states: readonly PathState[]): NamedHunk[] {
  return states.flatMap((state): NamedHunk[] => {
    if (state.kind !== "text") return [];
    const { path } = state.conflict;
    const texts = settledTexts(state.resolution).map((text) => text ?? "");
    return mergedLines(state.file, texts).map((lines, at) => ({ path, index: at + 1, lines }));
  });
}

interface Judged {
  readonly hunks: readonly NamedHunk[];
  /** Paths that were written anew as a whole. */
  readonly written: readonly string[];
  readonly judgement: Judgement;
  readonly merged: CheckRun;
  /** Why there is no test command, and what to write; `null` where there is one. */
  readonly missing: string | null;
}

function inTree(tree: string, { hunks, written, judgement, merged, missing }: Judged): TreeJudgement {
  const isProven = judgement.verdict === "proven" || judgement.hunks.some(({ proven }) => proven);
  const wholes = written.map(
    (path) => [`${path}#0`, { proven: isProven, words: pathInWords(isProven, judgement) }] as const,
  );
  const proofs = judgement.hunks.map((proof, at) => {
    const key = `${proof.path}#${hunks[at]?.index ?? 0}`;
    return [key, { proven: proof.proven, words: hunkInWords(proof, judgement) }] as const;
  });
  const sentences = judgementInSentences(judgement, merged);
  return {
    verdict: judgement.verdict,
    words: missing === null ? sentences : `${sentences} ${missing}`,
    tree,
    tests: judgement.passed ?? 0,
    hunks: new Map([...proofs, ...wholes]),
  };
}
