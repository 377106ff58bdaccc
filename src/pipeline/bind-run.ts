// Binds a run to the two commits it will merge: later attempts use the same ones, or stop.
import type { Command, Errand } from "../core/command.ts";
import type { PullDetails } from "../core/pull.ts";
import type { Report } from "../core/report.ts";
import type { PullState, Run } from "../core/run.ts";
import { holdTurn } from "./hold-turn.ts";
import { errandOf, errandOfVerb } from "./errand.ts";
import type { Turn } from "./process-mailbox.ts";
import { emptyReport } from "./reports.ts";
import { settledByModel } from "../core/task.ts";
import type { Services } from "./services.ts";

export type BoundRun = Run & { readonly headSha: string; readonly baseSha: string; readonly errand: Errand };

type Proposal = NonNullable<PullState["proposal"]>;

/**
 * The first attempt reads head and base as they are now (for `apply`: as they were proposed) and stores them before any effect.
 * Returns a report instead when there is nothing to apply.
 */
export async function bindRun(
  run: Run,
  pull: PullDetails,
  turn: Turn,
  services: Pick<Services, "store">,
): Promise<BoundRun | Report> {
  if (run.headSha !== null && run.baseSha !== null)
    return { ...run, headSha: run.headSha, baseSha: run.baseSha, errand: errandOf(run) };
  const commits =
    run.command.verb === "apply"
      ? await proposedCommits(run, pull, services)
      : { ...headAndBase(pull), errand: errandOfVerb(run.command.verb) };
  if ("ending" in commits) return commits;
  const bound = { ...run, ...commits };
  holdTurn(await services.store.saveRun(turn.mailbox, turn.token, bound));
  return bound;
}

function headAndBase(pull: PullDetails) {
  return { headSha: pull.head?.sha ?? "", baseSha: pull.base.sha };
}

async function proposedCommits(run: Run, pull: PullDetails, { store }: Pick<Services, "store">) {
  const state = await store.loadPull(pull.pull);
  const proposal = state?.proposal;
  if (!proposal) {
    const why =
      "There is nothing to apply: no proposal is open on this pull request. Comment `/agent fix-conflicts` or `/agent fix-tests` to make one.";
    return emptyReport(run, "declined", why);
  }
  if (isOlderButton(run.command, proposal)) {
    const why =
      "This button belongs to an earlier proposal, so nothing was applied. Look at the newest one, then press its button or comment `/agent apply`.";
    return emptyReport(run, "stale", why);
  }
  if (saidBefore(run.command, await store.loadRun(proposal.runId))) {
    const why =
      "This comment was written before anybody could see the open proposal, so nothing was applied. Look at the proposal, then comment `/agent apply` again.";
    return emptyReport(run, "stale", why);
  }
  if (proposal.headSha !== pull.head?.sha) {
    const why = `The branch has moved since the proposal was made, so it was not applied. Comment \`/agent ${proposal.errand}\` to make a new one.`;
    return emptyReport(run, "stale", why);
  }
  return { headSha: proposal.headSha, baseSha: proposal.baseSha, errand: proposal.errand };
}

/** Two runs on one head may propose different things: a button is for the one that its check run shows. Presses stored without the run's id tell the head alone. */
function isOlderButton({ args: [seenRun], headSha: seenHead }: Command, proposal: Proposal): boolean {
  if (seenHead !== null && seenHead !== proposal.headSha) return true;
  return seenRun !== undefined && seenRun !== proposal.runId;
}

/** GitHub's times are cut to the second. */
const cutMs = 1_000;

/**
 * Whether the comment was written before there was this proposal to look at. One that asks for the proposal and for its push is a word on what rules make of it;
 * what a model answers has to be seen first.
 */
function saidBefore({ source }: Command, proposed: Run | null): boolean {
  if (source.kind !== "comment" || source.createdAt === undefined) return false;
  if (proposed?.endedAt == null) return false;
  const { source: origin } = proposed.command;
  const isSame =
    origin.kind === "comment" && origin.place === source.place && origin.commentId === source.commentId;
  const restsOnModels = settledByModel(proposed.settlements).length > 0 || proposed.edits !== null;
  // A time that cannot be read is no reason to refuse: the comparison is then false.
  const isEarlier = Date.parse(source.createdAt) + cutMs <= proposed.endedAt;
  return isSame ? restsOnModels : isEarlier;
}
