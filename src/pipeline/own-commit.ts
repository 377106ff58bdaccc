// Finding what this very run has pushed, whoever pushed on top of it since.
import type { Report } from "../core/report.ts";
import type { Run } from "../core/run.ts";
import type { Workspace } from "../core/workspace.ts";
import { runTrailer } from "./commit-message.ts";

/** The run's own commit in the branch's history; `null` when it is not there, or when the run never came to publishing. */
export async function ownCommit(
  tip: string,
  run: Run,
  report: Report | null,
  workspace: Workspace,
): Promise<string | null> {
  const tree = report?.tree ?? null;
  if (tree === null) return null;
  return workspace.findCommit(tip, { tree, trailer: { name: runTrailer, value: run.id } });
}
