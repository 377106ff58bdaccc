// "Re-run all checks" goes to every app and names no check: which errands it means is known from the runs on that commit.
import type { Command } from "../core/command.ts";
import type { Store } from "../core/store.ts";
import { errandOf, errandOfVerb } from "./errand.ts";

/** Runs of a pull request that are looked at, newest first. */
const mostRuns = 20;

/** Whether the command comes from "Re-run all checks" and is about an errand that has no check of ours on that commit: nobody means it then. */
export async function isUnmeant(
  { verb, headSha, source }: Command,
  mailbox: string,
  store: Pick<Store, "listRuns">,
): Promise<boolean> {
  if (source.kind !== "event" || source.event !== "check_suite.rerequested") return false;
  const runs = await store.listRuns(mailbox, mostRuns);
  return !runs.some(
    (run) =>
      run.endedAt !== null &&
      errandOf(run) === errandOfVerb(verb) &&
      headSha !== null &&
      [run.headSha, run.report?.commitSha].includes(headSha),
  );
}
