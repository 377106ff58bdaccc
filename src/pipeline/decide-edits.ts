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
  const changed = tasks.some(({ outcome }) => outcome.status === "changed") && tree !== null;
  const words = fix?.words ?? written?.words ?? "There was nothing to do.";
  if (!changed) return { ending: isNothing(fix, written) ? "nothing" : "partial", summary: words };
  const because = asking.approved ? null : whyNotPushed(fix, policy, asking);
  return because === null
    ? { ending: "pushed", summary: words }
    : {
        ending: "proposed",
        summary: `${words} Not pushed because ${because}.`,
      };
}

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
