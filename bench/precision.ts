// Measures how often each tier's answer is what the developers did, per class, and writes the table that the push rule reads.
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import type { Settlement } from "../src/core/conflict.ts";
import { equalityOf } from "../src/merge/equal.ts";
import { settleHunk } from "../src/merge/ladder.ts";
import { ancestry, wilsonLower } from "../src/merge/precision.ts";
import { tiers } from "../src/merge/resolve-file.ts";

interface Case {
  readonly id: string;
  readonly path: string;
  readonly n_hunks: number;
  readonly before: string;
  readonly after: string;
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  readonly resolution: string;
}

interface Counts {
  n: number;
  right: number;
}

type Table = Record<string, Record<string, Counts>>;

async function readCases(file: string): Promise<Case[]> {
  const bytes = await readFile(file);
  const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Case);
}

function isRight(test: Case, settlement: Settlement): boolean {
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

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { cases: { type: "string" }, write: { type: "boolean" }, misses: { type: "string" } },
  });
  if (!values.cases) throw new Error("Usage: precision.ts --cases FILE[.gz] [--write] [--misses CLASS]");
  const cases = await readCases(values.cases);
  const table: Table = {};
  for (const test of cases) {
    const hunk = { kind: "hunk" as const, base: test.base, ours: test.ours, theirs: test.theirs };
    const context = {
      path: test.path,
      before: test.before,
      after: test.after,
      file: null,
      hunks: test.n_hunks,
    };
    const settlement = settleHunk(hunk, context, tiers);
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
  if (values.write) {
    const tiersTable = Object.fromEntries(
      Object.entries(bySortedKey(table)).map(([tier, classes]) => [tier, bySortedKey(classes)]),
    );
    const command = "node --import tsx bench/precision.ts --cases cases-dev.jsonl.gz --write";
    const target = new URL("../src/merge/precision.json", import.meta.url);
    await writeFile(
      target,
      `${JSON.stringify({ command, cases: cases.length, tiers: tiersTable }, null, 2)}\n`,
    );
  }
}

await main();
