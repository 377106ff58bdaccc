// The runs of a merged tree and of its parents, laid side by side: what each says, and whether they can be compared.
import type { CheckRun, CommandName, CommandRun, TestResult } from "../core/checks.ts";

/** The tree that a merge made, its two parents, and what helps to tell them apart. */
export interface Trial {
  readonly merged: CheckRun;
  /** A second run of the same merged tree, where one was asked for (`Judgement.rerun`). */
  readonly again: CheckRun | null;
  readonly parents: { readonly head: CheckRun; readonly base: CheckRun };
  /** The merge base, where it was run: it tells a test that one branch deleted from one that the merge lost. */
  readonly before: CheckRun | null;
}

/** Commands whose end decides; lint and format say nothing of what code does. */
export const judgedCommands = ["setup", "typecheck", "test"] as const satisfies readonly CommandName[];
type JudgedCommand = (typeof judgedCommands)[number];

type Status = CommandRun["status"] | "absent";

export function statusOf(run: CheckRun, name: CommandName): Status {
  return run.commands.find((command) => command.name === name)?.status ?? "absent";
}

/** Failed on the merged tree, each time it was run, and passed on each parent that has it. */
export function failsAnew(name: JudgedCommand, { merged, again, parents }: Trial): boolean {
  const runs = again === null ? [merged] : [merged, again];
  const before = [parents.head, parents.base]
    .map((run) => statusOf(run, name))
    .filter((status) => status !== "absent");
  return (
    runs.every((run) => statusOf(run, name) === "failed") &&
    before.length > 0 &&
    before.every((status) => status === "passed")
  );
}

/** Why nothing can be concluded, a sentence each: what was stopped, and preparations that failed on a parent. */
export function troublesOf({ merged, again, parents }: Trial): readonly string[] {
  const trees: readonly (readonly [string, CheckRun | null])[] = [
    ["the merge", merged],
    ["the merge, run again", again],
    ["the pull request's head", parents.head],
    ["its base", parents.base],
  ];
  return trees.flatMap(([tree, run]) =>
    (run?.commands ?? []).filter(isJudged).flatMap(({ name, status, trouble }) => {
      if (status === "stopped")
        return [
          trouble === ""
            ? `\`${name}\` was stopped on ${tree}.`
            : `On ${tree} ${trouble.replace(/^The /, "the ")}`,
        ];
      const prepared = name !== "setup" || status === "passed" || run === merged || run === again;
      return prepared ? [] : [`\`setup\` fails on ${tree}, so what follows it says nothing.`];
    }),
  );
}

function isJudged({ name }: CommandRun): boolean {
  return judgedCommands.some((judged) => judged === name);
}

/** What a tree's tests said, one by one; `null` where they did not run to their end, or did not say. A tree without a test command has none. */
function list(run: CheckRun): readonly TestResult[] | null {
  const status = statusOf(run, "test");
  if (!["passed", "absent"].includes(statusOf(run, "setup")) || status === "stopped") return null;
  return status === "absent" ? (run.tests ?? []) : run.tests;
}

export type Statuses = ReadonlyMap<string, TestResult["status"]>;

/** By id; `null` where there is no list. An id that is there twice counts as its worse. */
export function testsOf(run: CheckRun): Statuses | null {
  const tests = list(run);
  if (tests === null) return null;
  const statuses = new Map<string, TestResult["status"]>();
  for (const { id, status } of tests) statuses.set(id, worse(statuses.get(id) ?? "passed", status));
  return statuses;
}

function worse(one: TestResult["status"], other: TestResult["status"]): TestResult["status"] {
  const order = ["passed", "skipped", "failed"] as const;
  return order.indexOf(one) >= order.indexOf(other) ? one : other;
}

/** Type errors that are more often in the merged tree than in either parent; `null` where the three cannot be compared. */
export function newTypeErrors({ merged, parents }: Trial): readonly string[] | null {
  const parentRuns = [parents.head, parents.base];
  const status = statusOf(merged, "typecheck");
  if (status === "passed" || status === "absent") return [];
  const comparable = parentRuns.every((run) => ["passed", "failed"].includes(statusOf(run, "typecheck")));
  if (status === "stopped" || !comparable) return null;
  const allowed = parentRuns.map(({ typeErrors }) => counts(typeErrors));
  const seen = new Map<string, number>();
  return merged.typeErrors.filter((error) => {
    const times = (seen.get(error) ?? 0) + 1;
    seen.set(error, times);
    return allowed.every((parent) => times > (parent.get(error) ?? 0));
  });
}

function counts(names: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const name of names) found.set(name, (found.get(name) ?? 0) + 1);
  return found;
}
