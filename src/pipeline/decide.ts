// From what the tasks did to how the run ends: the push rule, in one pure function.
import type { Policy } from "../core/policy.ts";
import type { Ending, TaskReport } from "../core/report.ts";
import type { HunkReport } from "../core/task.ts";

export interface Decision {
  readonly ending: Extract<Ending, "pushed" | "proposed" | "partial">;
  readonly summary: string;
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;

function hunksOf(tasks: readonly TaskReport[]): HunkReport[] {
  return tasks.flatMap(({ outcome }) => outcome.hunks);
}

/** Why the hunks below the bar are there: measured and found wanting, or never measured, as a model's answers are at first. */
function belowInWords(below: readonly HunkReport[], all: number, bar: number): string {
  const unmeasured = below.filter(({ precision }) => precision === null).length;
  const part = (n: number, words: string): string =>
    `${count(n, "conflict")} of ${all} ${n === 1 ? "is" : "are"} settled ${words}`;
  const reasons = [
    ...(below.length > unmeasured
      ? [part(below.length - unmeasured, `in a way that was right less often than the bar of ${bar} asks`)]
      : []),
    ...(unmeasured > 0
      ? [part(unmeasured, "in a way of which nobody has measured yet how often it is right")]
      : []),
  ];
  return reasons.join(", and ");
}

/**
 * The push rule: everything settled, every class at or above the bar, and the policy lets a command push.
 * `complete` says whether every conflicted path has a kept result, so that there is a tree at all.
 */
export function decide(tasks: readonly TaskReport[], policy: Policy, complete: boolean): Decision {
  const hunks = hunksOf(tasks);
  const open = hunks.filter(({ settled }) => !settled);
  const below = hunks.filter(({ settled, aboveBar }) => settled && !aboveBar);
  const refused = tasks.find(({ outcome }) => outcome.status === "gave-up");
  if (refused?.outcome.status === "gave-up") {
    return {
      ending: "partial",
      summary: `Nothing was pushed: a check refused the result. ${refused.outcome.reason} Merge the base branch by hand.`,
    };
  }
  if (!complete || open.length > 0) {
    const settled = hunks.length - open.length;
    return {
      ending: "partial",
      summary:
        `Nothing was pushed: ${count(open.length, "conflict")} of ${hunks.length} ${open.length === 1 ? "is" : "are"} left for you.` +
        (settled > 0
          ? ` The other ${settled === 1 ? "one is" : `${settled} are`} settled; the patch below has them.`
          : ""),
    };
  }
  if (policy.push.mode === "asked" && below.length === 0) {
    return {
      ending: "pushed",
      summary: `Settled ${count(hunks.length, "conflict")} and pushed one merge commit.`,
    };
  }
  const because =
    policy.push.mode === "asked"
      ? belowInWords(below, hunks.length, policy.push.bar)
      : `this repository's push mode is "${policy.push.mode}"`;
  return {
    ending: "proposed",
    summary: `Settled ${count(hunks.length, "conflict")}, not pushed because ${because}. Look at the result, then comment \`/agent apply\` to push it.`,
  };
}
