// Whether a change of a file of tests makes it say less: sentences for people, from the two texts alone.
import { decidesTests, isTestPath } from "../../core/test-paths.ts";
import { compareConfiguration } from "./configuration.ts";
import { compareMarks } from "./marks.ts";
import { compareTest } from "./compare.ts";
import { arrivedChecks, pairTests, removedTests } from "./pair.ts";
import { compareText } from "./plain.ts";
import { readTests } from "./read.ts";
import { compareSnapshots, isSnapshot } from "./snapshots.ts";
import { quoted } from "./text.ts";
import type { TestFile, Weakening } from "./types.ts";

/** A sentence each, at most 50; empty where nothing is weaker, or the path is none of tests. `null`: a new file, or one that is gone. Never rejects for what a text holds. */
export async function weakenings(
  path: string,
  before: string | null,
  after: string | null,
): Promise<readonly string[]> {
  return (await findWeakenings(path, before, after)).map(({ words }) => words);
}

const mostFound = 50;

/** As `weakenings`, with what kind each is. */
export async function findWeakenings(
  path: string,
  before: string | null,
  after: string | null,
): Promise<readonly Weakening[]> {
  if (before === after) return [];
  if (isSnapshot(path)) return compareSnapshots(before, after).slice(0, mostFound);
  const found = [
    ...(decidesTests(path) ? compareConfiguration(path, before, after) : []),
    ...(isTestPath(path) ? await compareFiles(path, before, after) : []),
  ];
  return found.slice(0, mostFound);
}

async function compareFiles(
  path: string,
  before: string | null,
  after: string | null,
): Promise<readonly Weakening[]> {
  const [old, now] = await Promise.all([readOrNull(path, before ?? ""), readOrNull(path, after ?? "")]);
  if (old === null || now === null) return compareText(path, before, after);
  if (after === null) {
    const tests = old.tests.filter(({ kind, off }) => kind === "test" && off === null);
    return tests.length === 0
      ? []
      : [
          {
            kind: "removed",
            words: `The file ${quoted(path)} is gone, and ${tests.length === 1 ? "its test" : `its ${tests.length} tests`} with it.`,
          },
        ];
  }
  return compareRead(path, old, now);
}

function compareRead(path: string, old: TestFile, now: TestFile): readonly Weakening[] {
  const matched = pairTests(old, now);
  const arrived = arrivedChecks(matched);
  return [
    ...matched.pairs.flatMap(({ before, after }) => compareTest(before, after, arrived)),
    ...removedTests(matched, now),
    ...compareMarks(path, old, now),
  ];
}

async function readOrNull(path: string, text: string): Promise<TestFile | null> {
  try {
    return await readTests(path, text);
  } catch (error) {
    // Nests deeper than the stack; the walk's own depth is bounded, so this is the last guard.
    if (error instanceof RangeError) return null;
    throw error;
  }
}
