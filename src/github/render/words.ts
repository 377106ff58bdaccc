// The words for how a run ended, and the line of commands under every comment.
import type { Errand, userVerbs } from "../../core/command.ts";
import type { FixEnding } from "../../core/fix.ts";
import type { CheckRun } from "../../core/github.ts";
import type { Ending, Report } from "../../core/report.ts";
import type { PullPhase } from "../../core/run.ts";

/** What is the same whatever the errand was. */
const common = {
  declined: "Not started",
  stale: "The branch moved, nothing was pushed",
  stopped: "Stopped",
  failed: "This run failed",
};

const headings: Record<Errand, Record<Ending, string>> = {
  "fix-conflicts": {
    ...common,
    pushed: "Conflicts resolved and pushed",
    proposed: "Resolution ready, waiting for your word",
    partial: "Some conflicts are left for you",
    nothing: "Nothing to resolve",
  },
  "fix-tests": {
    ...common,
    pushed: "Fix pushed",
    proposed: "Fix ready, waiting for your word",
    partial: "The failing checks are left for you",
    nothing: "Nothing to fix",
  },
  "write-tests": {
    ...common,
    pushed: "Tests written and pushed",
    proposed: "Tests written, waiting for your word",
    partial: "No test was written",
    nothing: "Nothing to write",
  },
};

/** Endings of a fix that say more than how the run ended. */
const fixHeadings: Partial<Record<FixEnding, string>> = {
  flaky: "A flaky test, not a broken one",
  "red-on-base": "The base branch fails as well",
  "not-reproduced": "Nothing to fix could be found here",
  rerun: "Started again",
};

/** The same where the result is proposed: what a person is asked to look at. */
const proposedHeadings: Partial<Record<FixEnding, string>> = {
  "test-edit": "A test looks out of date: its change waits for your word",
  doubtful: "Fix with a doubt, waiting for your word",
};

/** The heading of a report. Where every conflict is settled, what is left is the push alone. */
export function headingOf({ errand, ending, tasks }: Pick<Report, "errand" | "ending" | "tasks">): string {
  const hunks = tasks.flatMap(({ outcome }) => outcome.hunks);
  const onlyPush = ending === "partial" && hunks.length > 0 && hunks.every(({ settled }) => settled);
  if (onlyPush) return "Resolved, but not pushed";
  return (
    fixWords(tasks, ending, { left: fixHeadings, proposed: proposedHeadings }) ?? headings[errand][ending]
  );
}

/** What a fix's own ending adds to how the run ended: where it is left to people, and where it is proposed. */
function fixWords(
  tasks: Report["tasks"],
  ending: Ending,
  words: Readonly<Record<"left" | "proposed", Partial<Record<FixEnding, string>>>>,
): string | undefined {
  const [fix] = tasks.flatMap(({ outcome }) => outcome.fix ?? []);
  if (fix === undefined) return undefined;
  if (ending === "proposed") return words.proposed[fix.ending];
  return ending === "partial" || ending === "nothing" ? words.left[fix.ending] : undefined;
}

/** Never `failure`: what is left for a person is nobody's broken build. */
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

const pushedNext: Record<Errand, string> = {
  "fix-conflicts": "Look at the merge commit as at any other.",
  "fix-tests": "Look at the commit as at any other. What CI says of it will stand here.",
  "write-tests": "Look at the tests as at any other. What CI says of them will stand here.",
};

const partialNext: Record<Errand, string> = {
  "fix-conflicts":
    "Resolve what is open, push, or change the branch and try again with `/agent fix-conflicts`.",
  "fix-tests": "Push a fix, or change the branch and try again with `/agent fix-tests`.",
  "write-tests": "Change the branch and try again with `/agent write-tests`.",
};

/** The same for a fix, where its own ending asks for something else. */
const fixNext: Partial<Record<FixEnding, string>> = {
  flaky: "`/agent fix-tests` looks again, should it fail each time one day.",
  "red-on-base": "Once the base is right, bring this branch up to date with it.",
  "not-reproduced":
    "If a check still fails, start it again, or say in `.github/agent.yml` (`commands`) how it runs the tests.",
  rerun: "Nothing to do: the job runs again.",
  "not-run": "`/agent fix-tests` tries again once that is put right.",
};

/** What a person can do now. */
export function nextStepOf({ errand, ending, tasks }: Pick<Report, "errand" | "ending" | "tasks">): string {
  const own = fixWords(tasks, ending, { left: fixNext, proposed: {} });
  if (own !== undefined) return own;
  switch (ending) {
    case "pushed":
      return pushedNext[errand];
    case "proposed":
      return "`/agent apply` pushes this result if the branch has not moved · `/agent stop` drops it.";
    case "partial":
      return partialNext[errand];
    case "nothing":
      return "Nothing to do.";
    case "declined":
      return `\`/agent ${errand}\` tries again once the reason is gone.`;
    case "stale":
      return `\`/agent ${errand}\` starts again from the branch as it is now.`;
    case "stopped":
      return `\`/agent ${errand}\` starts again.`;
    case "failed":
      return `\`/agent ${errand}\` tries again.`;
  }
}

export const phases: Record<PullPhase, string> = {
  idle: "Nothing is being done on this pull request.",
  running: "A run is under way on this pull request.",
  proposed: "A result is ready: `/agent apply` pushes it if the branch has not moved.",
  waiting_ci: "A result was pushed, and its checks have not ended.",
  done: "The last run pushed its result.",
  handed_off: "The last run left work for you.",
  paused: "Stopped: nothing starts here until somebody asks.",
};

/** What each typed command does; the help text is made of it. */
export const verbHelp: Record<(typeof userVerbs)[number], string> = {
  "fix-conflicts": "merges the base branch in and resolves the conflicts it can prove",
  "fix-tests": "reproduces failing tests and checks, and pushes a fix that they accept",
  "write-tests": "writes tests for the changed functions that nothing tests; a path behind it narrows it",
  apply: "pushes the result that was proposed, if the branch has not moved",
  status: "says what is being done here",
  stop: "ends the current run and drops what is waiting",
  help: "shows this list",
};

export const footer =
  "Commands: `/agent fix-conflicts` · `/agent fix-tests` · `/agent write-tests` · `/agent apply` · `/agent status` · `/agent stop` · `/agent help`";
