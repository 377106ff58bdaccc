// The last word on a settled merge: what the repository's own checks say of it, hunk by hunk.
import type { AgentContext } from "../../../core/agent.ts";
import type { HunkReport, Proof } from "../../../core/task.ts";
import { isOpen } from "../path-state.ts";
import type { PathState } from "../path-state.ts";
import type { Prover, TreeJudgement } from "./prover.ts";
import { keepFound, settleAnew } from "./settle-by-trial.ts";

export interface ProvenResult {
  readonly states: readonly PathState[];
  readonly proof: Proof;
  /** What was shown of each hunk, by "path#index". */
  readonly proofs: ReadonlyMap<string, HunkReport["proof"]>;
}

/** Runs the checks on the settled merge. Where it breaks what passed on both sides, other candidates of the ranker are tried in its place. */
export async function proveResult(
  states: readonly PathState[],
  prover: Prover,
  context: AgentContext,
): Promise<ProvenResult> {
  if (context.approved)
    return notRun(states, "A person has looked at this very result: the checks were not run again.", prover);
  const open = states.filter(isOpen).length;
  if (open > 0) return notRun(states, await openInWords(open, prover), prover);
  const unavailable = await prover.unavailable();
  if (unavailable !== null) return notRun(states, unavailable, prover);
  const judgement = await prover.judge(states);
  if (judgement === null) return notRun(states, prover.spent, prover);
  if (judgement.verdict !== "broken") return proven(states, judgement, prover);
  const anew = await settleAnew(states, prover, context);
  const better = anew && (await prover.judge(anew.states));
  if (anew === null || better === null || !["proven", "not-proven"].includes(better.verdict))
    return proven(states, judgement, prover);
  await keepFound(anew, context);
  return proven(anew.states, better, prover);
}

/** What trials and the sandbox said stands here too: nobody else tells it. */
async function openInWords(open: number, prover: Prover): Promise<string> {
  const paths = open === 1 ? "One path has" : `${open} paths have`;
  const { unavailable, judgements } = await prover.known();
  const told = unavailable ?? trialsInWords(judgements);
  return `${paths} open conflicts, and half a merge has no checks.${told === "" ? "" : ` ${told}`}`;
}

function trialsInWords(judgements: readonly TreeJudgement[]): string {
  const last = judgements.at(-1);
  if (last === undefined) return "";
  const many = judgements.length > 1;
  const tried = `The likeliest candidates were tried${many ? ` in ${judgements.length} combinations` : ""}`;
  switch (last.verdict) {
    case "broken": {
      const each = many ? "each breaks" : "they break";
      return `${tried}, and ${each} what passed on both sides. ${many ? "The likeliest: " : ""}${judgements[0]?.words ?? ""}`;
    }
    case "unknown":
      return `${tried}, and the checks could not be judged. ${last.words}`;
    case "proven":
    case "not-proven":
      return `${tried}: with ${many ? "the last" : "them"} nothing breaks, and no test shows that the conflicts which are still open are right so. ${last.words}`;
  }
}

function proven(states: readonly PathState[], judgement: TreeJudgement, prover: Prover): ProvenResult {
  const { verdict, words, tree, tests, hunks } = judgement;
  return { states, proof: { verdict, words, tree, tests, runs: prover.runs() }, proofs: hunks };
}

function notRun(states: readonly PathState[], words: string, prover: Prover): ProvenResult {
  const proof: Proof = { verdict: "not-run", words, tree: null, tests: 0, runs: prover.runs() };
  return { states, proof, proofs: new Map() };
}
