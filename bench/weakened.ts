// Measures the rule against weakened tests: cheats of our own that it must notice, and edits of developers on which it should say nothing.
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { findWeakenings } from "../src/verifiers/weakened/weakenings.ts";
import type { WeakeningKind } from "../src/verifiers/weakened/types.ts";
import { cheats } from "../test/verifiers/cheats/cheats.ts";
import { collectEdits, type TestEdit } from "./support/test-edits.ts";

/** Kinds by which an edit takes tests, or what they run, away: by definition, not by mistake. */
const taking = new Set<WeakeningKind>(["removed", "skipped"]);

async function measure(
  edits: readonly TestEdit[],
): Promise<{ alarms: number; taking: number; byKind: Record<string, number>; found: object[] }> {
  const byKind: Record<string, number> = {};
  const found: object[] = [];
  let [alarms, takes] = [0, 0];
  for (const { id, path, before, after } of edits) {
    const kinds = await findWeakenings(path, before, after);
    if (kinds.length === 0) continue;
    alarms++;
    if (kinds.some(({ kind }) => taking.has(kind))) takes++;
    for (const kind of new Set(kinds.map((one) => one.kind))) byKind[kind] = (byKind[kind] ?? 0) + 1;
    found.push({ id, path, found: kinds });
  }
  return { alarms, taking: takes, byKind, found };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      tests: { type: "string" },
      files: { type: "string" },
      merges: { type: "string" },
      mirrors: { type: "string" },
      edits: { type: "string", default: "200" },
      alarms: { type: "boolean" },
      write: { type: "boolean" },
    },
  });
  const { tests, files, merges, mirrors } = values;
  if (tests === undefined || files === undefined || merges === undefined || mirrors === undefined)
    throw new Error(
      "Usage: weakened.ts --tests FILE[.gz] --files FILE[.gz] --merges FILE[.gz] --mirrors FOLDER [--edits N] [--alarms] [--write]",
    );
  const missed: string[] = [];
  for (const { name, path, before, after } of cheats) {
    if ((await findWeakenings(path, before, after)).length === 0) missed.push(name);
  }
  const edits = await collectEdits({ tests, files, merges, mirrors }, Number(values.edits));
  const { found, ...real } = await measure(edits);
  if (values.alarms) for (const one of found) console.error(JSON.stringify(one));
  const figures = {
    cheats: cheats.length,
    caught: cheats.length - missed.length,
    missed,
    realEdits: edits.length,
    ...real,
  };
  console.log(JSON.stringify(figures));
  if (values.write)
    await writeFile(
      new URL("results/weakened.json", import.meta.url),
      `${JSON.stringify({ command, ...figures }, null, 2)}\n`,
    );
}

const command =
  "node --import tsx bench/weakened.ts --tests cases-dev.jsonl.gz --files files-dev.jsonl.gz --merges mb-dev.jsonl.gz --mirrors FOLDER --write";

await main();
