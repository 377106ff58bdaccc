// Merges whole files as `errand resolve` does, and compares the results with what the developers committed.
import { isDeepStrictEqual } from "node:util";
import { AppError, messageOf } from "../../core/errors.ts";
import type { ConflictedFile, FileResolution, Settlement } from "../../core/conflict.ts";
import { equalityOf } from "../../merge/equal.ts";
import { renderFile, settledTexts } from "../../merge/hunks.ts";
import { precisionOf } from "../../merge/precision.ts";
import type { SplitFile, StageBytes } from "../../workspace/conflicted-file.ts";
import type { FileCase } from "./cases.ts";
import type { FileResolver } from "./resolver.ts";

/** One settled hunk. */
interface SettledHunk {
  readonly tier: string;
  /** Lower bound of its class's measured precision, 0 to 1: what the push rule looks at. */
  readonly precision: number;
  /** The same as the developers', by its class's own meaning of equal; `null` where their file does not tell. */
  readonly right: boolean | null;
}

export interface FileMeasure {
  readonly category: string;
  readonly hunks: number;
  readonly settled: readonly SettledHunk[];
  /** Every hunk is settled, and each by a class whose precision is at least the bar. */
  readonly whole: boolean;
  readonly pushable: boolean;
  /** The result is the developers' file: byte for byte, and with layout aside. `false` where there is no whole result. */
  readonly right: boolean;
  readonly rightNormalised: boolean;
  /** Of a package.json: whether the result parses to the same values. `null` for other files, and where there is no whole result. */
  readonly parsedEqual: boolean | null;
  readonly packageJson: boolean;
  /** Its tool had better write it anew. */
  readonly regenerate: boolean;
  readonly seconds: number;
  /** What was thrown, where nothing should be; `null` as it ought to be. */
  readonly failure: string | null;
}

/** What a file is merged with; what touches git is handed in. */
export interface FileTools {
  /** Splits three versions of a file into clean text and hunks; `null` when they are not all text. */
  readonly split: (path: string, stages: StageBytes) => Promise<SplitFile | null>;
  /** What the developers put in place of each hunk, told from their file; `null` where it does not tell. */
  readonly align: (split: SplitFile, merged: Uint8Array) => Promise<readonly (string | null)[]>;
  readonly resolve: FileResolver;
  /** Least precision of what is pushed, 0 to 1. */
  readonly bar: number;
}

/** Measures one file. The time is that of git's merge and of the rules. */
export async function measureFile(one: FileCase, tools: FileTools): Promise<FileMeasure> {
  const began = performance.now();
  const merged = await merge(one, tools);
  const seconds = (performance.now() - began) / 1000;
  if (typeof merged === "string" || merged === null) return unmerged(one, seconds, merged);

  const { split, resolution } = merged;
  const { file } = split;
  const expected = await tools.align(split, bytes(one.merged));
  const settled = settledHunks(one.path, file, resolution, expected);
  const whole = settled.length === resolution.hunks.length;
  const result = whole ? renderFile(file, settledTexts(resolution), withoutMarkers) : null;
  return {
    ...unmerged(one, seconds, null),
    hunks: resolution.hunks.length,
    settled,
    whole,
    pushable: whole && settled.every(({ precision }) => precision >= tools.bar),
    right: result === one.merged,
    rightNormalised: result !== null && sameButLayout(one.path, result, one.merged),
    parsedEqual: result !== null && isPackageJson(one.path) ? parsesEqual(result, one.merged) : null,
    regenerate: resolution.regeneration !== null,
  };
}

/** Nothing is open, so nothing is marked. */
const withoutMarkers = { labels: { ours: "", base: "", theirs: "" }, markerSize: 7 };

const bytes = (text: string): Buffer => Buffer.from(text, "utf8");

/** The file and its resolution; `null` where it is not text; a sentence where something threw. */
async function merge(
  { path, base, ours, theirs }: FileCase,
  { split, resolve }: FileTools,
): Promise<{ split: SplitFile; resolution: FileResolution } | string | null> {
  try {
    const stages = { base: base === null ? null : bytes(base), ours: bytes(ours), theirs: bytes(theirs) };
    const found = await split(path, stages);
    return found && { split: found, resolution: await resolve(found.file) };
  } catch (error) {
    return error instanceof AppError ? `${error.message} ${error.remedy}` : messageOf(error);
  }
}

function unmerged({ category, path }: FileCase, seconds: number, failure: string | null): FileMeasure {
  return {
    category,
    hunks: 0,
    settled: [],
    whole: false,
    pushable: false,
    right: false,
    rightNormalised: false,
    parsedEqual: null,
    packageJson: isPackageJson(path),
    regenerate: false,
    seconds,
    failure,
  };
}

function settledHunks(
  path: string,
  file: ConflictedFile,
  resolution: FileResolution,
  expected: readonly (string | null)[],
): SettledHunk[] {
  const surroundings = surroundingsOf(file);
  return resolution.hunks.flatMap(({ settlement }, index) => {
    if (settlement === null) return [];
    const known = expected[index] ?? null;
    const right = known === null ? null : sameHunk(path, settlement, known, surroundings[index]);
    const precision = precisionOf(settlement.tier, settlement.class).lower;
    return [{ tier: settlement.tier, precision, right }];
  });
}

interface Surroundings {
  readonly before: string;
  readonly after: string;
}

function surroundingsOf({ segments }: ConflictedFile): Surroundings[] {
  const clean = (index: number) => {
    const segment = segments[index];
    return segment?.kind === "clean" ? segment.text : "";
  };
  return segments.flatMap(({ kind }, index) =>
    kind === "hunk" ? [{ before: clean(index - 1), after: clean(index + 1) }] : [],
  );
}

function sameHunk(
  path: string,
  settlement: Settlement,
  expected: string,
  { before, after }: Surroundings = { before: "", after: "" },
): boolean {
  const placed = (text: string) => ({ path, before, text, after });
  return equalityOf(settlement.class, path)(placed(settlement.text), placed(expected));
}

/** Layout aside where the language allows it. JSON is compared as text here, too: the order of its keys is no layout. */
export function sameButLayout(path: string, one: string, other: string): boolean {
  const placed = (text: string) => ({ path: path.replace(/\.json[c5]?$/i, ""), before: "", text, after: "" });
  return equalityOf("", placed("").path)(placed(one), placed(other));
}

const isPackageJson = (path: string): boolean => path.split("/").at(-1) === "package.json";

function parsesEqual(one: string, other: string): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(one), JSON.parse(other));
  } catch {
    return false;
  }
}
