// A report with nothing in it yet but how the run ended.
import type { Ending, Report } from "../core/report.ts";
import type { Run } from "../core/run.ts";

export function emptyReport(run: Run, ending: Ending, summary: string): Report {
  return {
    runId: run.id,
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
  };
}
