// Publishing: the report is stored first, so that a crash right after the push still knows what to say.
import type { GitHub } from "../core/github.ts";
import type { LoadedPolicy } from "../core/policy.ts";
import { isAutomatic } from "../core/command.ts";
import { AppError } from "../core/errors.ts";
import type { PullDetails } from "../core/pull.ts";
import type { Report } from "../core/report.ts";
import type { Workspace } from "../core/workspace.ts";
import type { BoundRun } from "./bind-run.ts";
import { commitMessage } from "./commit-message.ts";
import { holdTurn } from "./hold-turn.ts";
import type { Turn } from "./process-mailbox.ts";
import { ownCommit } from "./own-commit.ts";
import { staleReport } from "./reports.ts";
import { withPatch } from "./patch.ts";
import type { Services } from "./services.ts";

interface Publication {
  readonly run: BoundRun;
  readonly pull: PullDetails;
  readonly github: GitHub;
  readonly workspace: Workspace;
  readonly loaded: Pick<LoadedPolicy, "policy">;
  readonly report: Report;
}

/** Pushes the verified tree, or says why it could not. */
export async function publishReport(
  publication: Publication,
  turn: Turn,
  services: Services,
): Promise<Report> {
  const { run, workspace, report } = publication;
  const obstacle = await obstacleToPush(publication, services);
  if (obstacle !== null) return withPatch({ ...report, ending: "partial", summary: obstacle }, workspace);

  holdTurn(await services.store.saveRun(turn.mailbox, turn.token, { ...run, report }));
  await services.reached("before-publish");
  const result = await push(publication, turn);
  await services.reached("after-publish");

  switch (result.status) {
    case "pushed":
      return keepPushed(publication, result, turn, services);
    case "stale-head": {
      // Another worker may have taken the turn and pushed this very run: then it is not somebody else's commit.
      const tip = (await publication.github.pull(run.command.pull))?.head?.sha;
      const sha = tip === undefined ? null : await ownCommit(tip, run, report, workspace);
      if (sha !== null) return keepPushed(publication, { sha, signed: null }, turn, services);
      return { ...staleReport(run), problems: report.problems };
    }
    case "refused":
      return withPatch(
        { ...report, ending: "partial", summary: `GitHub refused the push: ${result.reason}` },
        workspace,
      );
  }
}

/** Whatever fails from here on, people must not be told that nothing was pushed. */
async function keepPushed(
  { run, report }: Publication,
  { sha, signed }: { readonly sha: string; readonly signed: boolean | null },
  turn: Turn,
  services: Services,
): Promise<Report> {
  const unsigned =
    "The tree is too large for GitHub's API, so the commit went by git push and carries no signature of GitHub.";
  const notes = signed === false ? [...report.notes, unsigned] : report.notes;
  const pushed = { ...report, commitSha: sha, signed, notes };
  holdTurn(await services.store.saveRun(turn.mailbox, turn.token, { ...run, report: pushed }));
  return pushed;
}

/** Why a result that may be pushed can't be; `null` when it can. */
async function obstacleToPush(
  { run, pull, report }: Publication,
  { store }: Services,
): Promise<string | null> {
  if (pull.fromFork) {
    return "The result is ready, but the branch lives in a fork that this app may not write to. The patch below has the result for its author.";
  }
  if (run.command.verb !== "apply") return null;
  const state = await store.loadPull(pull.pull);
  if (state?.proposal?.tree !== report.tree) {
    return `The result is no longer the one that was proposed (Errand was updated, its settings changed, or it has learned from this repository's past merges), so it was not pushed. Comment \`/agent ${run.errand}\` to see the new one.`;
  }
  return null;
}

async function push({ run, pull, github, workspace, loaded, report }: Publication, { signal }: Turn) {
  if (report.tree === null) {
    throw new AppError("bug", "A run was to be pushed that has no tree.", {
      retryable: false,
      remedy: "Report this at the project's issue tracker.",
    });
  }
  const message = commitMessage({
    pull,
    runId: run.id,
    actor: isAutomatic(run.command) ? null : run.command.actor,
    policy: loaded.policy,
    tasks: report.tasks,
    errand: run.errand,
    app: await github.botLogin(),
  });
  return github.publish({ pull, workspace, tree: report.tree, message, signal });
}
