// From what the test fixer and the test writer did to how the run ends: the push rule for edits, in one pure function.
import type { FixReport, WritingReport } from "../core/fix.ts";
import type { Policy } from "../core/policy.ts";
import type { Ending, TaskReport } from "../core/report.ts";

export interface EditsDecision {
  readonly ending: Extract<Ending, "pushed" | "proposed" | "partial" | "nothing">;
  readonly summary: string;
}

export interface Asking {
  /** Nobody asked for this run: an event started it. */
  readonly automatic: boolean;
  /** A person has seen the result and wants it. */
  readonly approved: boolean;
  /** Checks of others that failed on the commit. */
  readonly checksFailed: number;
}

/**
 * What passed every gate is pushed where a person asked for the run, or where the repository has chosen `auto.checks: push`. Edits of tests, and what has a
 * doubt against it, wait for a person's word. `tree`: the result; `null` where there is none.
 */
export function decideEdits(
  tasks: readonly TaskReport[],
  policy: Policy,
  tree: string | null,
  asking: Asking,
): EditsDecision {
  const refused = tasks.find(({ verdicts }) => verdicts.some(({ passed }) => !passed));
  if (refused?.outcome.status === "gave-up")
    return {
      ending: "partial",
      summary: `Nothing was pushed: a check refused the result. ${refused.outcome.reason}`,
    };
  const fix = tasks.flatMap(({ outcome }) => outcome.fix ?? [])[0];
  const written = tasks.flatMap(({ outcome }) => outcome.written ?? [])[0];
  const changed = tasks.some(({ outcome }) => outcome.status === "changed");
  const words = fix?.words ?? written?.words ?? "There was nothing to do.";
  if (!changed || tree === null) return unchanged(words, fix, written, asking);
  const untested = whyUntested(tasks, tree);
  if (untested !== null) return { ending: "partial", summary: `${words} ${untested}` };
  return pushRule(words, asking.approved ? null : whyNotPushed(fix, policy, asking));
}

function unchanged(
  words: string,
  fix: FixReport | undefined,
  written: WritingReport | undefined,
  asking: Asking,
): EditsDecision {
  if (fix !== undefined && isGreen(fix, asking))
    return { ending: "nothing", summary: `No check of this commit has failed. ${words}` };
  return { ending: isNothing(fix, written) ? "nothing" : "partial", summary: words };
}

const pushRule = (words: string, because: string | null): EditsDecision =>
  because === null
    ? { ending: "pushed", summary: words }
    : { ending: "proposed", summary: `${words} Not pushed because ${because}.` };

/** What was judged and what would be pushed are named by the same tree, or nothing is pushed: not for a person's word either. */
function whyUntested(tasks: readonly TaskReport[], tree: string): string | null {
  const judged = tasks.flatMap(({ outcome }) => outcome.judged ?? []);
  return judged.length === 0 || judged.includes(tree)
    ? null
    : "Nothing was pushed: the result is not the tree that the checks were run on. Ask for it again; if it ends like this again, report it with the run's id.";
}

/** Nothing is red: neither where CI looked nor here. */
const isGreen = ({ ending, rows }: FixReport, { checksFailed }: Asking): boolean =>
  checksFailed === 0 &&
  ending === "not-reproduced" &&
  !rows.some(({ head }) => head === "failed" || head === "flaky");

/** Nothing is left for a person: all is well, or is tried again. */
function isNothing(fix: FixReport | undefined, written: WritingReport | undefined): boolean {
  if (fix === undefined) return written === undefined || written.functions.length === 0;
  return fix.ending === "rerun";
}

function whyNotPushed(
  fix: FixReport | undefined,
  { push, auto }: Policy,
  { automatic }: Asking,
): string | null {
  if (push.mode === "never") return `this repository's push mode is "never"`;
  if (fix?.ending === "test-edit") return "it changes tests, and what a test demands is for people to say";
  if (fix?.ending === "doubtful") return "something speaks against it";
  if (fix === undefined && push.mode === "proven")
    return `this repository's push mode is "proven", and new tests are proof of nothing yet`;
  if (automatic && auto.checks !== "push")
    return `nobody asked for it, and this repository's settings say "auto.checks: ${auto.checks}"`;
  return null;
}
