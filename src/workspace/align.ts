// What the developers made of each hunk of a conflicted file: found in the file that they committed.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../core/errors.ts";
import type { ConflictedFile } from "../core/conflict.ts";
import type { SplitFile } from "./conflicted-file.ts";
import type { Git } from "./git.ts";
import { decodeTexts } from "./text.ts";

/** Lines around a hunk that must stand as git merged them: closer to it, an edit is part of how the conflict was resolved. */
const quietLines = 3;

/** One hunk of a diff without context: 1-based first line and number of lines, before and after; for no lines, the line before. */
interface DiffHunk {
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
}

/**
 * Each hunk's resolution, in file order; `null` where it cannot be told for sure. Every hunk is replaced by a line that occurs nowhere, and the result is
 * compared with the committed file: a hunk's resolution is what stands in that line's place, if nothing else has changed within three lines. `scratch` is
 * an existing private directory; nothing stays in it.
 */
export async function alignResolutions(
  git: Git,
  scratch: string,
  { file, encode }: SplitFile,
  committed: Uint8Array,
): Promise<(string | null)[]> {
  const text = decodeLike(encode, committed);
  if (text === null) return file.segments.flatMap(({ kind }) => (kind === "hunk" ? [null] : []));
  const sentinel = sentinelFor(file, text);
  const places: number[] = [];
  let marked = "";
  let lines = 0;
  for (const segment of file.segments) {
    const part = segment.kind === "clean" ? segment.text : `${sentinel} ${places.length}\n`;
    if (segment.kind === "hunk") places.push(lines + 1);
    lines += splitLines(part).length;
    marked += part;
  }
  const diff = await diffOf(git, scratch, marked, text);
  const committedLines = splitLines(text);
  return places.map((place) => resolutionAt(place, diff, new Set(places), committedLines));
}

/** The committed file as text, read as its sides were; `null` where it is in another encoding, or not text. */
function decodeLike(encode: SplitFile["encode"], committed: Uint8Array): string | null {
  const text = decodeTexts({ committed })?.texts.committed;
  try {
    return text !== undefined && Buffer.from(encode(text)).equals(committed) ? text : null;
  } catch {
    return null;
  }
}

function resolutionAt(
  place: number,
  diff: readonly DiffHunk[],
  places: ReadonlySet<number>,
  committed: readonly string[],
): string | null {
  const own = diff.find(({ oldStart, oldCount }) => oldStart === place && oldCount === 1);
  if (own === undefined) return null;
  const disturbed = diff.some(
    (other) => other !== own && !isResolution(other, places) && distance(other, place) <= quietLines,
  );
  if (disturbed) return null;
  const { newStart, newCount } = own;
  return newCount === 0 ? "" : committed.slice(newStart - 1, newStart - 1 + newCount).join("");
}

/** Whether a change of the diff is no more than another hunk's resolution. */
function isResolution({ oldStart, oldCount }: DiffHunk, places: ReadonlySet<number>): boolean {
  return oldCount === 1 && places.has(oldStart);
}

/** Untouched lines between a change and a line, plus one. An insertion stands after its line. */
function distance({ oldStart, oldCount }: DiffHunk, place: number): number {
  const first = oldCount === 0 ? oldStart + 1 : oldStart;
  const last = oldCount === 0 ? oldStart : oldStart + oldCount - 1;
  return last < place ? place - last : first - place;
}

function sentinelFor({ ours, theirs, base }: ConflictedFile, committed: string): string {
  const all = [ours, theirs, base ?? "", committed];
  let number = 0;
  while (all.some((text) => text.includes(`errand hunk ${number}`))) number++;
  return `errand hunk ${number}`;
}

async function diffOf(git: Git, scratch: string, before: string, after: string): Promise<DiffHunk[]> {
  const directory = await mkdtemp(join(scratch, "align-"));
  try {
    const [one, other] = [join(directory, "merged"), join(directory, "committed")];
    await writeFile(one, before, { mode: 0o600 });
    await writeFile(other, after, { mode: 0o600 });
    const plain = [
      "--no-index",
      "--text",
      "--histogram",
      "-U0",
      "--no-color",
      "--no-ext-diff",
      "--no-textconv",
    ];
    const result = await git(["diff", ...plain, "--", one, other]);
    if (result.code === 0 || result.code === 1) return readDiff(result.stdout.toString("latin1"));
    throw new AppError("workspace", `git diff failed: ${result.stderr}`, {
      retryable: false,
      remedy: "Run the same comparison by hand; if it works there, report this as a bug.",
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const header = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** The hunk headers of a unified diff without context. A line of contents begins with + or -, so none is taken for a header. */
function readDiff(text: string): DiffHunk[] {
  return text.split("\n").flatMap((line) => {
    const [found, oldStart, oldCount = "1", newStart, newCount = "1"] = header.exec(line) ?? [];
    if (found === undefined) return [];
    return {
      oldStart: Number(oldStart),
      oldCount: Number(oldCount),
      newStart: Number(newStart),
      newCount: Number(newCount),
    };
  });
}

function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
