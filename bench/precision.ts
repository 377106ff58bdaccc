// Measures how often each tier's answer is what the developers did, per class, and writes the table that the push rule reads.
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { HunkCase } from "../src/cli/bench/cases.ts";
import type { Settlement } from "../src/core/conflict.ts";
import { equalityOf } from "../src/merge/equal.ts";
import { settleHunk } from "../src/merge/ladder.ts";
import { ancestry, wilsonLower } from "../src/merge/precision.ts";
import { prepareMerge } from "../src/merge/rank/prepare.ts";
import { tiers } from "../src/merge/resolve-file.ts";
import { collectCases } from "./support/cases.ts";

interface Counts {
  n: number;
  right: number;
}

type Table = Record<string, Record<string, Counts>>;

function isRight(test: HunkCase, settlement: Settlement): boolean {
  const placed = (text: string) => ({ path: test.path, before: test.before, text, after: test.after });
  return equalityOf(settlement.class, test.path)(placed(settlement.text), placed(test.resolution));
}

function count(table: Table, settlement: Settlement, right: boolean): void {
  const classes = (table[settlement.tier] ??= {});
  for (const name of ancestry(settlement.class)) {
    const counts = (classes[name] ??= { n: 0, right: 0 });
    counts.n++;
    if (right) counts.right++;
  }
}

const bySortedKey = <T>(record: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)));

function rowsOf(table: Table): (Counts & { tier: string; class: string; lower: number })[] {
  return Object.entries(bySortedKey(table)).flatMap(([tier, classes]) =>
    Object.entries(bySortedKey(classes)).map(([name, counts]) => ({
      tier,
      class: name === "" ? "(all)" : name,
      ...counts,
      lower: Number(wilsonLower(counts).toFixed(3)),
    })),
  );
}

/**
 * Counts of the ranker's classes, out of fold, as its training reported them: on cases that it was trained on it would flatter itself. Of each hunk alone: beside
 * others it was measured with the developers' own answers known, which the app has not got.
 */
async function rankedClasses(): Promise<Record<string, Counts>> {
  const report = new URL("results/ranker.json", import.meta.url);
  const { alone } = JSON.parse(await readFile(report, "utf8")) as {
    alone: { classes: Record<string, Counts> };
  };
  return alone.classes;
}

async function settle(test: HunkCase): Promise<Settlement | null> {
  const { path, before, after, base, ours, theirs, n_hunks: hunks } = test;
  const { structural } = await prepareMerge(path);
  const context = { path, before, after, file: null, hunks, place: { index: test.hunk } };
  const hunk = { kind: "hunk" as const, base, ours, theirs };
  return settleHunk(hunk, context, tiers) ?? structural?.settle(hunk, context) ?? null;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cases: { type: "string", multiple: true, default: [] },
      write: { type: "boolean" },
      misses: { type: "string" },
    },
  });
  if (values.cases.length === 0)
    throw new Error(
      "Usage: precision.ts --cases FILE[.gz] [--cases FILE[.gz]]... [--write] [--misses CLASS]",
    );
  const lists = await Promise.all(values.cases.map((file) => collectCases(file, HunkCase)));
  const cases = lists.flat();
  const table: Table = { ranked: await rankedClasses() };
  for (const test of cases) {
    const settlement = await settle(test);
    if (!settlement) continue;
    const right = isRight(test, settlement);
    count(table, settlement, right);
    if (!right && values.misses !== undefined && settlement.class.startsWith(values.misses)) {
      console.log(JSON.stringify({ ...test, settlement }));
    }
  }
  if (values.misses !== undefined) return;
  const rows = rowsOf(table);
  console.log(JSON.stringify({ cases: cases.length, rows }));
  console.table(rows);
  if (values.write) await write(table, cases.length);
}

async function write(table: Table, cases: number): Promise<void> {
  const tiers = Object.fromEntries(
    Object.entries(bySortedKey(table)).map(([tier, classes]) => [tier, bySortedKey(classes)]),
  );
  const command =
    "node --import tsx bench/precision.ts --cases cases-dev.jsonl.gz --cases train-extra-dev.jsonl.gz --write";
  const target = new URL("../src/merge/precision.json", import.meta.url);
  await writeFile(target, `${JSON.stringify({ command, cases, tiers }, null, 2)}\n`);
}

await main();
