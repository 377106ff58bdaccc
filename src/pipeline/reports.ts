// A report with nothing in it yet but how the run ended.
import type { Ending, Report } from "../core/report.ts";
import type { Run } from "../core/run.ts";
import { errandOf } from "./errand.ts";

export function emptyReport(run: Run, ending: Ending, summary: string): Report {
  return {
    runId: run.id,
    errand: errandOf(run),
    ending,
    summary,
    headSha: run.headSha,
    baseSha: run.baseSha,
    baseRef: null,
    tree: null,
    commitSha: null,
    signed: null,
    tasks: [],
    patch: null,
    notes: [],
    problems: [],
    models: null,
  };
}

/** Somebody else moved the branch; nothing of this run is in it. */
export function staleReport(run: Run): Report {
  return emptyReport(
    run,
    "stale",
    "The branch moved while this run was under way, so nothing was pushed. Comment the command again to run it on the new head.",
  );
}
