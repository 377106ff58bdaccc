// Measures every candidate of every hunk, for the trainer: features as the app computes them, and which candidates are right.
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import type { HunkCase } from "../src/cli/bench/cases.ts";
import type { BeamOdds } from "../src/merge/candidates/beam.ts";
import { oddsOf } from "../src/merge/candidates/choice-table.ts";
import type { BeamCounts } from "../src/merge/candidates/choice-table.ts";
import { sameAnswers } from "../src/merge/rank/answer-key.ts";
import { categoryOf } from "../src/merge/rank/features/path-kind.ts";
import { lessonOf } from "../src/merge/rank/features/sibling-features.ts";
import type { Lesson } from "../src/merge/rank/features/sibling-features.ts";
import { candidatesOf } from "../src/merge/rank/candidates-of.ts";
import { measure, measureBeside } from "../src/merge/rank/rows.ts";
import { prepareMerge } from "../src/merge/rank/prepare.ts";
import type { Prepared } from "../src/merge/rank/prepare.ts";
import { isRight, scorerOf } from "../src/merge/score.ts";
import { countChoices, spell } from "./beam-counts.ts";
import { contextOf, foldsByRepository, hunkOf, readHunkCases } from "./cases.ts";

const folds = 5;

interface Known extends HunkCase {
  readonly split: "report" | "train";
  readonly fold: number;
}

const progress = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

async function readAll(report: string, extra: readonly string[]): Promise<Known[]> {
  const read = async (file: string, split: Known["split"]): Promise<Omit<Known, "fold">[]> =>
    (await readHunkCases(file)).map((test) => ({ ...test, split }));
  const lists = await Promise.all([read(report, "report"), ...extra.map((file) => read(file, "train"))]);
  const cases = lists.flat();
  const fold = foldsByRepository(cases, folds);
  return cases.map((test) => ({ ...test, fold: fold.get(test.repo) ?? 0 }));
}

const oddsFrom = ({ line, token }: BeamCounts): BeamOdds => ({ line: oddsOf(line), token: oddsOf(token) });

/** Odds for each fold, counted on the other folds; and the counts of all, which are shipped. */
function learnChoices(cases: readonly Known[]): { odds: BeamOdds[]; counts: BeamCounts } {
  const spelled = cases.map((test, index) => {
    if (index % 1000 === 0) progress(`choices: ${index} of ${cases.length}`);
    return { fold: test.fold, spelling: spell(test) };
  });
  const without = (fold: number): BeamCounts =>
    countChoices(spelled.filter((each) => each.fold !== fold).map(({ spelling }) => spelling));
  return {
    odds: Array.from({ length: folds }, (_, fold) => oddsFrom(without(fold))),
    counts: countChoices(spelled.map(({ spelling }) => spelling)),
  };
}

/** The cases of each merge, path by path and hunk by hunk. */
function byMerge(cases: readonly Known[]): Known[][] {
  const merges = new Map<string, Known[]>();
  for (const test of cases) {
    const key = test.merge === null ? test.id : `${test.repo} ${test.merge}`;
    const known = merges.get(key);
    if (known) known.push(test);
    else merges.set(key, [test]);
  }
  return [...merges.values()].map((merge) => merge.sort(byPlace));
}

function byPlace(one: Known, other: Known): number {
  if (one.path !== other.path) return one.path < other.path ? -1 : 1;
  return one.hunk - other.hunk;
}

interface Sibling {
  readonly lesson: Lesson;
  readonly split: Known["split"];
}

const bytesOf = (row: Float32Array): Buffer => Buffer.from(row.buffer, row.byteOffset, row.byteLength);

/** Which siblings a hunk is measured beside: the earlier of the reported cases, the earlier of all, all others. */
const views = ["earlier-reported", "earlier", "others"] as const;

function siblingsOf(view: (typeof views)[number], siblings: readonly Sibling[], at: number): Lesson[] {
  return siblings
    .filter(({ split }, place) => {
      if (place === at) return false;
      if (view === "others") return true;
      return place < at && (view === "earlier" || split === "report");
    })
    .map(({ lesson }) => lesson);
}

/** Files of rows, opened together and closed together. */
function openRows(folder: string): { write: (name: string, row: Float32Array) => void; close: () => void } {
  const files = new Map(
    ["alone", ...views].map((name) => [name, openSync(path.join(folder, `${name}.f32`), "w")] as const),
  );
  return {
    write: (name, row) => {
      const file = files.get(name);
      if (file !== undefined) writeSync(file, bytesOf(row));
    },
    close: () => {
      for (const file of files.values()) closeSync(file);
    },
  };
}

interface Names {
  readonly alone: readonly string[];
  readonly beside: readonly string[];
}

/** Measures one hunk of a merge beside its siblings; returns what the trainer is told of it. */
async function exportCase(
  test: Known,
  own: BeamOdds,
  {
    place,
    siblings,
    write,
  }: { place: number; siblings: readonly Sibling[]; write: (name: string, row: Float32Array) => void },
): Promise<{ told: unknown; names: Names }> {
  const { path: file, lang: language, category } = test;
  const prepared: Prepared = { ...(await prepareMerge(file)), odds: own };
  const { sides, candidates } = candidatesOf(hunkOf(test), contextOf(test), prepared);
  const measured = measure(sides, contextOf(test), candidates);
  for (const row of measured.rows) write("alone", row);
  let beside: readonly string[] = [];
  for (const view of views) {
    const { names, rows } = measureBeside(measured, { path: file, place }, siblingsOf(view, siblings, place));
    beside = names;
    for (const row of rows) write(view, row);
  }
  const texts = candidates.map(({ text }) => text);
  const scores = texts.map(scorerOf({ ...test, language }));
  const told = {
    ...{ id: test.id, split: test.split, fold: test.fold, language, category, kind: categoryOf(file) },
    exact: scores.map((score) => Number(score === "exact")),
    right: scores.map((score) => Number(isRight(score))),
    // Candidates that differ in layout alone stand for the same answer.
    same: sameAnswers(texts, file),
    names: candidates.map(({ proposals }) => proposals.map(({ name }) => name)),
  };
  return { told, names: { alone: measured.names, beside } };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cases: { type: "string" },
      extra: { type: "string", multiple: true, default: [] },
      out: { type: "string" },
    },
  });
  const { cases: report, extra, out } = values;
  if (!report || !out) throw new Error("Usage: export.ts --cases FILE [--extra FILE]... --out FOLDER");
  const cases = await readAll(report, extra);
  mkdirSync(out, { recursive: true });
  const { odds, counts } = learnChoices(cases);
  writeFileSync(path.join(out, "beam-counts.json"), JSON.stringify(counts));

  const { write, close } = openRows(out);
  const told: unknown[] = [];
  let names: Names | undefined;
  for (const merge of byMerge(cases)) {
    const siblings = merge.map((test, place): Sibling => {
      const lesson = lessonOf({ path: test.path, hunk: hunkOf(test), text: test.resolution, place });
      return { lesson, split: test.split };
    });
    for (const [place, test] of merge.entries()) {
      const own = odds[test.fold] ?? odds[0];
      if (!own) continue;
      const exported = await exportCase(test, own, { place, siblings, write });
      told.push(exported.told);
      names ??= exported.names;
      if (told.length % 500 === 0) progress(`candidates: ${told.length} of ${cases.length}`);
    }
  }
  close();
  writeFileSync(path.join(out, "cases.json"), JSON.stringify({ names, cases: told }));
}

await main();
