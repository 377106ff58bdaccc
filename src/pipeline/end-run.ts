// The end of a run: comment, check run, reaction, state. Each is idempotent by its own key, so a crash here repeats safely.
import type { Reaction } from "../core/github.ts";
import { pullKey } from "../core/pull.ts";
import type { PullDetails } from "../core/pull.ts";
import type { Ending, Report } from "../core/report.ts";
import { idlePull } from "../core/run.ts";
import type { PullPhase, PullState, Run } from "../core/run.ts";
import { permanentFailure } from "./permanent-failure.ts";
import { updateComment } from "./sticky-comment.ts";
import { holdTurn } from "./hold-turn.ts";
import type { Turn } from "./process-mailbox.ts";
import type { Services } from "./services.ts";

const phaseAfter: Record<Ending, PullPhase> = {
  pushed: "done",
  proposed: "proposed",
  partial: "handed_off",
  nothing: "idle",
  declined: "idle",
  stale: "idle",
  stopped: "paused",
  failed: "idle",
};

const reactionTo: Record<Ending, Reaction> = {
  pushed: "rocket",
  proposed: "rocket",
  nothing: "rocket",
  partial: "confused",
  declined: "confused",
  stale: "confused",
  stopped: "confused",
  failed: "confused",
};

/**
 * Tells people how the run ended, then marks it ended. The check run stands on the commit that it judges:
 * the one pushed, else the head as it was read; a run that never read a head has none.
 */
export async function endRun(
  run: Run,
  outcome: { readonly report: Report; readonly details: PullDetails | null },
  turn: Turn,
  services: Services,
): Promise<void> {
  const { store, now, log } = services;
  const { details } = outcome;
  const report: Report = { ...outcome.report, baseRef: details?.base.ref ?? null };
  const { pull } = run.command;
  const ended: Run = { ...run, report, endedAt: now() };
  // A worker that has lost its turn says nothing: the one that has it may know better.
  turn.signal.throwIfAborted();
  holdTurn(await store.saveRun(turn.mailbox, turn.token, { ...run, report }));
  await tell(ended, { report, details }, turn, services);

  const state = (await store.loadPull(pull)) ?? idlePull(pull);
  holdTurn(
    await store.savePull(turn.mailbox, turn.token, {
      ...state,
      ...afterwards(run, report, state, details),
      lastRunId: run.id,
    }),
  );
  holdTurn(await store.saveRun(turn.mailbox, turn.token, ended));
  log.info(logFields(ended, report), "run ended");
}

/**
 * Comment, check run, reaction. What GitHub refuses for good is left out: the check run can say what the comment may not, and the comment
 * names a check run that could not be written.
 */
async function tell(
  ended: Run,
  { report, details }: { readonly report: Report; readonly details: PullDetails | null },
  turn: Turn,
  services: Services,
): Promise<void> {
  const { githubFor, render, log, limits } = services;
  const { pull, source } = ended.command;
  const github = githubFor(pull.installationId);
  const lastTry = ended.attempts >= limits.maxAttempts;
  const comment = (told: Report) =>
    permanentFailure(
      () => {
        const change = { reply: null, running: null, ended: { ...ended, report: told } };
        return updateComment(pull, { ...change, ...(details && { details }) }, turn, services);
      },
      { lastTry },
    );
  const complain = (why: string | null, what: string) => {
    if (why !== null) log.error({ runId: ended.id, why }, what);
  };

  complain(await comment(report), "the comment could not be written");
  await services.reached("after-comment");
  const sha = report.commitSha ?? report.headSha;
  const check = () =>
    sha === null
      ? Promise.resolve()
      : github.upsertCheck(pull, render.check(report, { sha, number: pull.number }));
  const unchecked = await permanentFailure(check, { lastTry });
  complain(unchecked, "the check run could not be written");
  if (unchecked !== null) {
    await comment({
      ...report,
      notes: [...report.notes, `The check run could not be written. ${unchecked}`],
    });
  }
  await services.reached("after-check");
  const react = () => github.react(pull, source, reactionTo[report.ending]);
  complain(await permanentFailure(react, { lastTry }), "the reaction could not be added");
}

/** What the log says of a run: names and shas, no line of anybody's code. */
function logFields({ id, command, startedAt, endedAt }: Run, report: Report) {
  const { ending, headSha, baseSha, tree, commitSha } = report;
  const hunks = report.tasks
    .flatMap(({ outcome }) => outcome.hunks)
    .map(({ path, index, tier, class: name, settled }) => ({ path, index, tier, class: name, settled }));
  const ms = (endedAt ?? startedAt) - startedAt;
  const models = report.models && { tiers: report.models.tiers, problems: report.models.problems.length };
  return {
    runId: id,
    pull: pullKey(command.pull),
    verb: command.verb,
    ending,
    headSha,
    baseSha,
    tree,
    commitSha,
    ms,
    hunks,
    models,
  };
}

/** A failed try to apply leaves a proposal open that is still good for the branch as it is. */
function afterwards(
  run: Run,
  report: Report,
  { proposal }: PullState,
  details: PullDetails | null,
): Pick<PullState, "phase" | "proposal" | "waitingFor"> {
  const stillGood = proposal !== null && proposal.headSha === details?.head?.sha;
  if (run.command.verb === "apply" && report.ending !== "pushed" && stillGood)
    return { phase: "proposed", proposal, waitingFor: null };
  const { commitSha, errand } = report;
  // A merge is done when it is pushed; a fix of a check is done when that check says so.
  if (commitSha !== null && errand !== "fix-conflicts")
    return { phase: "waiting_ci", proposal: null, waitingFor: { sha: commitSha, runId: run.id } };
  return { phase: phaseAfter[report.ending], proposal: proposalOf(report), waitingFor: null };
}

function proposalOf({ ending, runId, headSha, baseSha, tree, errand }: Report) {
  if (ending !== "proposed" || headSha === null || baseSha === null || tree === null) return null;
  return { runId, headSha, baseSha, tree, errand };
}
