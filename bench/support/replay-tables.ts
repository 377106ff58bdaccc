// The replay's figures: how runs ended, what settled the hunks, and how the results compare with the developers' own merges.
import type { CaseResult } from "./replay-case.ts";
import type { Table } from "./result.ts";

const endings = [
  "pushed",
  "proposed",
  "partial",
  "declined",
  "nothing",
  "stale",
  "stopped",
  "failed",
  "never",
];

const endingOf = ({ run }: CaseResult): string => run?.ending ?? "never";

const count = <T>(items: readonly T[], holds: (item: T) => boolean): number => items.filter(holds).length;

function groups<T>(items: readonly T[], keysOf: (item: T) => readonly string[]): [string, T[]][] {
  const found = new Map<string, T[]>();
  for (const item of items) {
    for (const key of new Set(keysOf(item))) found.set(key, [...(found.get(key) ?? []), item]);
  }
  return [...found].toSorted(([one], [other]) => (one < other ? -1 : 1));
}

/** One row per category of file, and one for all. */
function endingsTable(results: readonly CaseResult[]): Table {
  const seen = endings.filter((ending) => results.some((result) => endingOf(result) === ending));
  const rowOf = (name: string, of: readonly CaseResult[]) => ({
    files: name,
    cases: of.length,
    ...Object.fromEntries(seen.map((ending) => [ending, count(of, (result) => endingOf(result) === ending)])),
  });
  const byCategory = groups(results, ({ category }) => [category]);
  return {
    title: "How the runs ended",
    rows: [...byCategory.map(([name, of]) => rowOf(name, of)), rowOf("all", results)],
  };
}

function likenessCounts(results: readonly CaseResult[]) {
  return {
    exact: count(results, ({ likeness }) => likeness?.exact === true),
    normalised: count(results, ({ likeness }) => likeness?.normalised === true),
    "same lines": count(results, ({ likeness }) => likeness?.sameLines === true),
  };
}

/** A proposal is compared after it was applied: the tree is then known to be the one that was proposed. */
function likenessTable(results: readonly CaseResult[]): Table {
  const rows = ["pushed", "proposed"].map((ending) => {
    const of = results.filter((result) => endingOf(result) === ending);
    return { ending, files: of.length, ...likenessCounts(of) };
  });
  return { title: "Results equal to the developers' merge", rows };
}

/** Per tier and class. `whole`: files that the class had a part in and of which every hunk was settled; only those have a result. */
function classTable(results: readonly CaseResult[]): Table {
  const keysOf = ({ run }: CaseResult) => run?.hunks.map((hunk) => `${hunk.tier} ${hunk.class}`) ?? [];
  const rows = groups(results, keysOf).map(([key, of]) => {
    const [tier = "", name = ""] = key.split(" ");
    const hunks = of.flatMap(({ run }) => run?.hunks ?? []);
    const mine = hunks.filter((hunk) => hunk.tier === tier && hunk.class === name);
    const whole = of.filter(({ run }) => run?.hunks.every(({ settled }) => settled));
    return {
      tier,
      class: name,
      hunks: mine.length,
      settled: count(mine, ({ settled }) => settled),
      files: of.length,
      whole: whole.length,
      pushed: count(of, (result) => endingOf(result) === "pushed"),
      proposed: count(of, (result) => endingOf(result) === "proposed"),
      ...likenessCounts(whole),
    };
  });
  return { title: "Per tier and class", rows };
}

export function replayTables(results: readonly CaseResult[]): Table[] {
  return [endingsTable(results), likenessTable(results), classTable(results)];
}
