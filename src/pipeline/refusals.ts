// What is not even begun, each with the reason and the next step.
import type { GitHub } from "../core/github.ts";
import type { PullDetails } from "../core/pull.ts";
import type { Report } from "../core/report.ts";
import type { Workspace } from "../core/workspace.ts";
import { matchesGlob } from "../core/glob.ts";
import type { BoundRun } from "./bind-run.ts";
import { emptyReport } from "./reports.ts";
import type { Limits } from "./services.ts";

/** Why nothing can be done on this pull request; `null` when work can begin. */
export function refusePull(pull: PullDetails | null): string | null {
  if (pull === null)
    return "GitHub shows no such pull request to this app. Check that the app is installed on this repository.";
  if (pull.state === "merged") return "This pull request is already merged, so there is nothing left to fix.";
  if (pull.state === "closed") return "This pull request is closed. Reopen it and comment again.";
  if (pull.head === null)
    return "The repository that this pull request came from is gone, so its branch can't be read. Open a new pull request.";
  if (pull.headDeleted)
    return "The branch of this pull request was deleted. Restore it (GitHub offers a button) and comment again.";
  return null;
}

/** Why this merge is not begun, as a report; `null` when there are conflicts to work on. */
export async function refuseMerge(
  {
    run,
    pull,
    workspace,
    github,
  }: { run: BoundRun; pull: PullDetails; workspace: Workspace; github: GitHub },
  limits: Limits,
): Promise<Report | null> {
  const decline = (summary: string) => emptyReport(run, "declined", summary);
  if (workspace.status === "up-to-date") {
    return emptyReport(run, "nothing", "There is nothing to fix: the branch already contains its base.");
  }
  if (workspace.status === "clean") {
    return emptyReport(
      run,
      "nothing",
      "There is no conflict: git merges this branch with its base by itself.",
    );
  }
  if (workspace.status === "unrelated") {
    return decline(
      "The branch and its base share no history, so a three-way merge has nothing to start from. Rebase the branch onto its base by hand.",
    );
  }
  const { length } = workspace.conflicts;
  if (length > limits.maxConflictedFiles) {
    return decline(
      `${length} files are in conflict, more than the ${limits.maxConflictedFiles} that Errand takes on at once. Merge in smaller steps, or run \`errand resolve --merge\` locally.`,
    );
  }
  const workflows = await incomingWorkflows(workspace);
  if (workflows.length > 0 && !pull.fromFork && !(await github.canWriteWorkflows(run.command.pull))) {
    return decline(
      `The base branch changed ${workflows.slice(0, 5).join(", ")}, and GitHub lets an app push workflow files only with the optional permission "Workflows: write". Grant it in the app's settings, or merge these by hand.`,
    );
  }
  return null;
}

/** Workflow files that the merge changes in the head. */
async function incomingWorkflows(workspace: Workspace): Promise<string[]> {
  if (workspace.gitTree === null) return [];
  const changes = await workspace.changesSince("head", workspace.gitTree);
  return changes.map(({ path }) => path).filter((path) => matchesGlob(".github/workflows/**", path));
}
