// The words for how a run ended, and the line of commands under every comment.
import type { Verb } from "../../core/command.ts";
import type { Ending, Report } from "../../core/report.ts";
import type { PullPhase } from "../../core/run.ts";
import type { CheckRun } from "../../core/github.ts";

/** The check run's name, as it stands in the merge box. */
export const checkName = "agent / conflicts";

const headings: Record<Ending, string> = {
  pushed: "Conflicts resolved and pushed",
  proposed: "Resolution ready, waiting for your word",
  partial: "Some conflicts are left for you",
  nothing: "Nothing to resolve",
  declined: "Not started",
  stale: "The branch moved, nothing was pushed",
  stopped: "Stopped",
  failed: "This run failed",
};

/** The heading of a report. Where every conflict is settled, what is left is the push alone. */
export function headingOf({ ending, tasks }: Pick<Report, "ending" | "tasks">): string {
  const hunks = tasks.flatMap(({ outcome }) => outcome.hunks);
  const onlyPush = ending === "partial" && hunks.length > 0 && hunks.every(({ settled }) => settled);
  return onlyPush ? "Resolved, but not pushed" : headings[ending];
}

/** Never `failure`: an open conflict is nobody's broken build. */
export const conclusions: Record<Ending, CheckRun["conclusion"]> = {
  pushed: "success",
  nothing: "success",
  proposed: "action_required",
  partial: "neutral",
  declined: "neutral",
  stale: "neutral",
  stopped: "neutral",
  failed: "neutral",
};

export const nextSteps: Record<Ending, string> = {
  pushed: "Look at the merge commit as at any other.",
  proposed: "`/agent apply` pushes this result if the branch has not moved · `/agent stop` drops it.",
  partial: "Resolve what is open, push, or change the branch and try again with `/agent fix-conflicts`.",
  nothing: "Nothing to do.",
  declined: "`/agent fix-conflicts` tries again once the reason is gone.",
  stale: "`/agent fix-conflicts` starts again from the branch as it is now.",
  stopped: "`/agent fix-conflicts` starts again.",
  failed: "`/agent fix-conflicts` tries again.",
};

export const phases: Record<PullPhase, string> = {
  idle: "Nothing is being done on this pull request.",
  running: "A run is under way on this pull request.",
  proposed: "A resolution is ready: `/agent apply` pushes it if the branch has not moved.",
  done: "The last run pushed its result.",
  handed_off: "The last run left conflicts for you.",
  paused: "Stopped: nothing starts here until somebody asks.",
};

/** What each typed command does; the help text is made of it. */
export const verbHelp: Record<Exclude<Verb, "refresh" | "close">, string> = {
  "fix-conflicts": "merges the base branch in and resolves the conflicts it can prove",
  apply: "pushes the resolution that was proposed, if the branch has not moved",
  status: "says what is being done here",
  stop: "ends the current run and drops what is waiting",
  help: "shows this list",
};

export const footer =
  "Commands: `/agent fix-conflicts` · `/agent apply` · `/agent status` · `/agent stop` · `/agent help`";
