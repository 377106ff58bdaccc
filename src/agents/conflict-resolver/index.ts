// Settles merge conflicts: by rule, by a file's own tool, by what the repository's tests accept, then by models. What none settles stays for a person, the rest is delivered.
import type { Agent, AgentContext } from "../../core/agent.ts";
import type { Conflict } from "../../core/conflict.ts";
import { matchesAnyGlob } from "../../core/glob.ts";
import type { HunkReport, ModelWork, Outcome, Proof } from "../../core/task.ts";
import { certainHunks } from "../../merge/siblings.ts";
import type { Settled } from "../../merge/siblings.ts";
import { listsDropped } from "../../verifiers/dropped-additions.ts";
import { inScope } from "../../verifiers/in-scope.ts";
import { noMarkers } from "../../verifiers/no-markers.ts";
import { nothingFromNowhere } from "../../verifiers/nothing-from-nowhere.ts";
import { parses } from "../../verifiers/parses.ts";
import { protectedPaths } from "../../verifiers/protected-paths.ts";
import { mostAskedHunks } from "./limits.ts";
import { blobOf, isOpen, labelsOf, settledBlobs } from "./path-state.ts";
import type { PathState } from "./path-state.ts";
import { openProver } from "./prove/prover.ts";
import { proveResult } from "./prove/prove-result.ts";
import { settleByTrial } from "./prove/settle-by-trial.ts";
import { regeneratePaths } from "./regenerate-paths.ts";
import { openPath } from "./rows.ts";
import { rowsOf, settleByModel, settleByRule } from "./settle-file.ts";

export const conflictResolver: Agent = {
  name: "conflict-resolver",
  order: 10,
  verifiers: [noMarkers, parses, inScope, nothingFromNowhere, listsDropped, protectedPaths],

  propose({ conflicts }) {
    if (conflicts.length === 0) return [];
    return [
      {
        agent: "conflict-resolver",
        goal: "Settle merge conflicts",
        paths: conflicts.map(({ path }) => path),
      },
    ];
  },

  async run({ paths }, context) {
    const conflicts = context.workspace.conflicts.filter(({ path }) => paths.includes(path));
    const ruled = await settleAllByRule(conflicts, context);
    const regenerated = await regeneratePaths(ruled, context);
    const prover = openProver(context);
    const tried = await settleByTrial(regenerated, prover, context);
    const answered = await settleAllByModel(tried, context);
    // What a model settled may be what a file's tool was waiting for.
    const complete = await regeneratePaths(answered, context);
    const { states, proof, proofs } = await proveResult(complete, prover, context);
    await stage(states, context);
    const hunks = states.flatMap((state) => withProof(rowsIn(state, context), proofs));
    return outcomeOf(states, hunks, proof);
  },
};

async function settleAllByRule(
  conflicts: readonly Conflict[],
  context: AgentContext,
): Promise<readonly PathState[]> {
  const states: PathState[] = [];
  const certain: Settled[] = [];
  for (const conflict of conflicts) {
    context.signal.throwIfAborted();
    const why = forPeople(conflict, context);
    const state: PathState =
      why === null
        ? await settleByRule(conflict, context, [...certain])
        : { kind: "left", conflict, row: openPath(conflict, why) };
    states.push(state);
    if (state.kind === "text") for (const hunk of certainHunks(state.resolution)) certain.push(hunk);
    tell(state, context);
  }
  return states;
}

async function settleAllByModel(
  states: readonly PathState[],
  context: AgentContext,
): Promise<readonly PathState[]> {
  const after: PathState[] = [];
  let hunksLeft = mostAskedHunks;
  for (const state of states) {
    context.signal.throwIfAborted();
    const next = state.kind === "text" ? await settleByModel(state, context, hunksLeft) : state;
    after.push(next);
    if (next.kind !== "text") continue;
    hunksLeft -= next.asked;
    if (next.asked > 0) tell(next, context);
  }
  return after;
}

function tell(state: PathState, context: AgentContext): void {
  const rows = rowsIn(state, context);
  const settled = rows.filter((row) => row.settled).length;
  context.record({
    step: "settle",
    detail: `${state.conflict.path}: ${settled} of ${rows.length} settled`,
  });
}

/** Writes what is settled, and drafts what is settled in part: that is for a person to go on with. */
async function stage(states: readonly PathState[], { workspace }: AgentContext): Promise<void> {
  for (const [path, blob] of settledBlobs(states, labelsOf(workspace))) await workspace.write(path, blob);
  for (const state of states) {
    const blob = blobOf(state, labelsOf(workspace));
    if (blob === null || !isOpen(state)) continue;
    if (state.kind === "text" && state.resolution.openHunks.length < state.resolution.hunks.length)
      await workspace.draft(state.conflict.path, blob);
  }
}

function rowsIn(state: PathState, context: AgentContext): readonly HunkReport[] {
  return state.kind === "text" ? rowsOf(state, context) : [state.row];
}

/** Rows with what the repository's checks showed of them, by path and index. */
function withProof(
  rows: readonly HunkReport[],
  proofs: ReadonlyMap<string, HunkReport["proof"]>,
): readonly HunkReport[] {
  return rows.map((row) => ({ ...row, proof: proofs.get(`${row.path}#${row.index}`) ?? null }));
}

function outcomeOf(states: readonly PathState[], hunks: HunkReport[], proof: Proof): Outcome {
  const texts = states.flatMap((state) => (state.kind === "text" ? [state] : []));
  const work = texts.flatMap((state) => state.work ?? []).reduce(sumOf, noWork);
  const asked = texts.some((state) => state.asked > 0);
  const settled = hunks.filter((hunk) => hunk.settled).length;
  if (settled === 0) {
    const nobody = asked ? "Neither a rule nor a model" : "No rule";
    return { status: "unchanged", reason: `${nobody} settles any of these conflicts.`, hunks, work, proof };
  }
  return { status: "changed", summary: `${settled} of ${hunks.length} settled`, hunks, work, proof };
}

const noWork: ModelWork = { callsSaved: 0, wholeFiles: { inputTokens: 0, outputTokens: 0 } };

function sumOf(one: ModelWork, other: ModelWork): ModelWork {
  return {
    callsSaved: one.callsSaved + other.callsSaved,
    wholeFiles: {
      inputTokens: one.wholeFiles.inputTokens + other.wholeFiles.inputTokens,
      outputTokens: one.wholeFiles.outputTokens + other.wholeFiles.outputTokens,
    },
  };
}

/** Why a path is not looked into; `null` where it is. */
function forPeople({ path, kind, explanation }: Conflict, { policy }: AgentContext): string | null {
  if (matchesAnyGlob(policy.conflicts.ignore, path))
    return "This repository's settings leave this path to people (conflicts.ignore).";
  if (matchesAnyGlob(policy.protectedPaths, path)) {
    const what = "This path is protected: it decides what runs, who reviews, or what agents are told.";
    return `${what} A conflict in it is for a person.`;
  }
  return kind === "content" || kind === "both-added" ? null : explanation;
}
