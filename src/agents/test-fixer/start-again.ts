// Failures that are no fault of the code: the job is started again, once.
import type { FailedCheck } from "../../core/failed-check.ts";
import type { Ended } from "./end.ts";
import type { Journal } from "./journal.ts";
import type { Classified, FixPorts } from "./types.ts";
import { listed } from "./words.ts";

/** Jobs of GitHub Actions that were not started again before; a job's later attempts say so themselves. */
export async function startAgain(
  checks: readonly FailedCheck[],
  { why }: Classified,
  { rerunJob, signal }: Pick<FixPorts, "rerunJob" | "signal">,
  journal: Journal,
): Promise<Ended> {
  const again = checks.filter(({ attempt = 1 }) => attempt > 1);
  if (again.length > 0) {
    const words = `${listed(again.map(({ name }) => name))} failed again after it was started again. ${why} This is no fault of the code that the log shows: look at the machine or service that it names.`;
    return { ending: "unfixed", words };
  }
  const started: string[] = [];
  for (const { jobId, name } of checks) {
    signal.throwIfAborted();
    const isStarted = jobId !== null && (await rerunJob(jobId));
    journal.note(
      "rerun",
      `${name}: ${isStarted ? "started again" : jobId === null ? "cannot be started from here" : "GitHub refused"}.`,
    );
    if (isStarted) started.push(name);
  }
  if (started.length === 0)
    return {
      ending: "unfixed",
      words: `${why} This is no fault of the code, and the job could not be started again from here: please start it again.`,
    };
  return {
    ending: "rerun",
    words: `${why} This is no fault of the code: ${listed(started)} ${started.length === 1 ? "was" : "were"} started again, once.`,
  };
}
