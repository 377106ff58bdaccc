// Binds a run to the two commits it will merge: later attempts use the same ones, or stop.
import type { PullDetails } from "../core/pull.ts";
import type { Report } from "../core/report.ts";
import type { Run } from "../core/run.ts";
import { holdTurn } from "./hold-turn.ts";
import type { Turn } from "./process-mailbox.ts";
import { emptyReport } from "./reports.ts";
import type { Services } from "./services.ts";

export type BoundRun = Run & { readonly headSha: string; readonly baseSha: string };

/**
 * The first attempt reads head and base as they are now (for `apply`: as they were proposed) and stores them before any effect.
 * Returns a report instead when there is nothing to apply.
 */
export async function bindRun(
  run: Run,
  pull: PullDetails,
  turn: Turn,
  services: Services,
): Promise<BoundRun | Report> {
  if (run.headSha !== null && run.baseSha !== null)
    return { ...run, headSha: run.headSha, baseSha: run.baseSha };
  const commits =
    run.command.verb === "apply" ? await proposedCommits(run, pull, services) : headAndBase(pull);
  if ("ending" in commits) return commits;
  const bound = { ...run, ...commits };
  holdTurn(await services.store.saveRun(turn.mailbox, turn.token, bound));
  return bound;
}

function headAndBase(pull: PullDetails) {
  return { headSha: pull.head?.sha ?? "", baseSha: pull.base.sha };
}

async function proposedCommits(run: Run, pull: PullDetails, { store }: Services) {
  const state = await store.loadPull(pull.pull);
  const proposal = state?.proposal;
  if (!proposal) {
    const why =
      "There is nothing to apply: no proposal is open on this pull request. Comment `/agent fix-conflicts` to make one.";
    return emptyReport(run, "declined", why);
  }
  const { headSha: seen } = run.command;
  if (seen !== null && seen !== proposal.headSha) {
    const why =
      "This button belongs to an earlier proposal, so nothing was applied. Look at the newest one, then press its button or comment `/agent apply`.";
    return emptyReport(run, "stale", why);
  }
  if (proposal.headSha !== pull.head?.sha) {
    const why =
      "The branch has moved since the proposal was made, so it was not applied. Comment `/agent fix-conflicts` to make a new one.";
    return emptyReport(run, "stale", why);
  }
  return { headSha: proposal.headSha, baseSha: proposal.baseSha };
}
