// From what the tasks did to how the run ends: the push rule, in one pure function.
import type { Policy } from "../core/policy.ts";
import type { Ending, TaskReport } from "../core/report.ts";
import type { HunkReport, Proof } from "../core/task.ts";

export interface Decision {
  readonly ending: Extract<Ending, "pushed" | "proposed" | "partial">;
  readonly summary: string;
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;

function hunksOf(tasks: readonly TaskReport[]): HunkReport[] {
  return tasks.flatMap(({ outcome }) => outcome.hunks);
}

/** What the repository's checks said of exactly this tree; `null` where they were not run on it. */
function proofOf(tasks: readonly TaskReport[], tree: string | null): Proof | null {
  const proofs = tasks.flatMap(({ outcome }) => outcome.proof ?? []);
  return proofs.find((proof) => tree !== null && proof.tree === tree) ?? null;
}

/** Why a hunk is below the bar, behind "is": by its own tool, in doubt although its class is at the bar, measured and found wanting, or never measured. */
function belowBecause({ tier, precision }: HunkReport, bar: number): string {
  if (tier === "regenerate") return "written by its tool with versions that a person has to see first";
  if (precision === null) return "settled in a way of which nobody has measured yet how often it is right";
  if (precision >= bar) return "in doubt, for the reason in its row";
  return `settled in a way that was right less often than the bar of ${bar} asks`;
}

function belowInWords(below: readonly HunkReport[], all: number, bar: number): string {
  const numbers = new Map<string, number>();
  for (const hunk of below) {
    const why = belowBecause(hunk, bar);
    numbers.set(why, (numbers.get(why) ?? 0) + 1);
  }
  return [...numbers]
    .map(([why, n]) => `${count(n, "conflict")} of ${all} ${n === 1 ? "is" : "are"} ${why}`)
    .join(", and ");
}

/**
 * The push rule: everything settled, each hunk by a class at or above the bar or proven by the repository's own checks on this very tree, nothing that passed on
 * the sides broken, and the policy lets a command push. `tree`: the result that would be pushed; `null` while a conflicted path has none. `automatic`: nobody
 * asked, so only what is proven is pushed, and only where the repository has chosen `auto.conflicts: push`.
 */
export function decide(
  tasks: readonly TaskReport[],
  policy: Policy,
  tree: string | null,
  automatic = false,
): Decision {
  const hunks = hunksOf(tasks);
  const open = hunks.filter(({ settled }) => !settled);
  const proof = proofOf(tasks, tree);
  const isProven = ({ proof: own }: HunkReport): boolean =>
    (proof?.verdict === "proven" || proof?.verdict === "not-proven") && own?.proven === true;
  const refused = tasks.find(({ outcome }) => outcome.status === "gave-up");
  if (refused?.outcome.status === "gave-up") {
    return {
      ending: "partial",
      summary: `Nothing was pushed: a check refused the result. ${refused.outcome.reason} Merge the base branch by hand.`,
    };
  }
  if (tree === null || open.length > 0) {
    const settled = hunks.length - open.length;
    return {
      ending: "partial",
      summary:
        `Nothing was pushed: ${count(open.length, "conflict")} of ${hunks.length} ${open.length === 1 ? "is" : "are"} left for you.` +
        (settled > 0
          ? ` The other ${settled === 1 ? "one is settled; the patch below has it" : `${settled} are settled; the patch below has them`}.`
          : ""),
    };
  }
  const because = whyNotPushed(hunks, { policy, proof, isProven, automatic });
  if (because === null)
    return {
      ending: "pushed",
      summary: `Settled ${count(hunks.length, "conflict")} and pushed one merge commit.`,
    };
  return {
    ending: "proposed",
    summary: `Settled ${count(hunks.length, "conflict")}, not pushed because ${because}. Look at the result, then comment \`/agent apply\` to push it.`,
  };
}

function whyNotPushed(
  hunks: readonly HunkReport[],
  rule: {
    readonly policy: Policy;
    readonly proof: Proof | null;
    readonly isProven: (hunk: HunkReport) => boolean;
    readonly automatic: boolean;
  },
): string | null {
  const { push, auto } = rule.policy;
  const { mode, bar } = push;
  if (rule.automatic && auto.conflicts !== "push")
    return `nobody asked for it, and this repository's settings say "auto.conflicts: ${auto.conflicts}"`;
  if (mode === "never") return `this repository's push mode is "never"`;
  if (rule.proof?.verdict === "broken") return "the repository's own checks fail on it";
  const unproven = hunks.filter((hunk) => !rule.isProven(hunk));
  if (mode === "proven" || rule.automatic)
    return unproven.length === 0
      ? null
      : `${rule.automatic ? "nobody asked for it, so only what is proven is pushed" : `this repository's push mode is "proven"`}, and ${count(unproven.length, "conflict")} of ${hunks.length} ${unproven.length === 1 ? "is" : "are"} not proven`;
  const below = unproven.filter(({ aboveBar }) => !aboveBar);
  return below.length === 0 ? null : belowInWords(below, hunks.length, bar);
}
