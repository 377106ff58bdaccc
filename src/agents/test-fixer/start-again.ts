// Failures that are no fault of the code: the job is started again, once.
import type { FailedCheck } from "../../core/failed-check.ts";
import type { Ended } from "./end.ts";
import type { Journal } from "./journal.ts";
import { leavesTraces } from "./leaves-traces.ts";
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
  const leftAlone: string[] = [];
  for (const check of checks) {
    signal.throwIfAborted();
    const { how, words } = await startOf(check, rerunJob);
    journal.note("rerun", `${check.name}: ${words}.`);
    if (how === "started") started.push(check.name);
    if (how === "left alone") leftAlone.push(check.name);
  }
  if (started.length === 0) return { ending: "unfixed", words: `${why} ${noneWords(leftAlone)}` };
  return {
    ending: "rerun",
    words: `${why} This is no fault of the code: ${listed(started)} ${started.length === 1 ? "was" : "were"} started again, once.`,
  };
}

interface Start {
  readonly how: "started" | "left alone" | "not to be had";
  /** For people, behind the name. */
  readonly words: string;
}

async function startOf({ jobId, name, step }: FailedCheck, rerunJob: FixPorts["rerunJob"]): Promise<Start> {
  if (leavesTraces(name) || leavesTraces(step ?? ""))
    return {
      how: "left alone",
      words: "left alone, for it may do something outside that is not to be done twice",
    };
  if (jobId === null) return { how: "not to be had", words: "cannot be started from here" };
  return (await rerunJob(jobId))
    ? { how: "started", words: "started again" }
    : { how: "not to be had", words: "GitHub refused" };
}

function noneWords(leftAlone: readonly string[]): string {
  return leftAlone.length === 0
    ? "This is no fault of the code, and the job could not be started again from here: please start it again."
    : `This is no fault of the code. ${listed(leftAlone)} may do something outside that is not to be done twice, so it was not started again: start it yourself where that does no harm.`;
}
