// Hunks as git writes them: the output of `git merge-file --diff3` into segments, and segments back into text.
import type { ConflictedFile, FileResolution, Hunk, Segment } from "../core/conflict.ts";
import { commonPrefix, commonSuffix, endingOf, splitLines } from "./lines.ts";

/** Names beside the markers, as `git merge-file -L` takes them: ours, base, theirs. */
interface HunkLabels {
  readonly ours: string;
  readonly base: string;
  readonly theirs: string;
}

export interface RenderOptions {
  readonly labels: HunkLabels;
  /** Length of the conflict markers; git's default is 7. */
  readonly markerSize: number;
  /** `merge` shows two sides, `diff3` shows the base between them. */
  readonly style?: "merge" | "diff3";
}

const defaultMarkerSize = 7;

/**
 * The least marker length, 7 (git's default) or more, that no run of marker characters at the start of a line in the texts has, so that headings
 * underlined with `=======` (reStructuredText, Markdown) and markers committed by mistake are never read as git's.
 */
export function chooseMarkerSize(texts: readonly string[]): number {
  const taken = new Set<number>();
  for (const text of texts) {
    for (const run of text.matchAll(/^(?:<{7,}|\|{7,}|={7,}|>{7,})/gm)) taken.add(run[0].length);
  }
  let size = defaultMarkerSize;
  while (taken.has(size)) size++;
  return size;
}

/** Whether a line is a marker of exactly this length: followed by a space and a label, or by the end of the line. */
function isMarker(line: string, character: string, size: number): boolean {
  if (!line.startsWith(character.repeat(size))) return false;
  const rest = line.slice(size);
  return rest.startsWith(" ") || /^\r?\n?$/.test(rest);
}

type Part = "clean" | "ours" | "base" | "theirs";

const nextPart: Readonly<Record<Part, { character: string; part: Part }>> = {
  clean: { character: "<", part: "ours" },
  ours: { character: "|", part: "base" },
  base: { character: "=", part: "theirs" },
  theirs: { character: ">", part: "clean" },
};

/**
 * Reads what `git merge-file -p --diff3 --marker-size=N` wrote. A side whose last line has no newline has none here either: git adds one
 * before the marker, so `sides` (the three whole files) say where it was added. `null` when the markers do not pair up.
 */
export function parseHunks(
  text: string,
  markerSize: number,
  sides: { readonly base: string | null; readonly ours: string; readonly theirs: string },
): Segment[] | null {
  const segments: Segment[] = [];
  const parts: Record<Part, string[]> = { clean: [], ours: [], base: [], theirs: [] };
  let part: Part = "clean";
  const lines = splitLines(text);
  for (const [index, line] of lines.entries()) {
    const next: { character: string; part: Part } = nextPart[part];
    if (!isMarker(line, next.character, markerSize)) {
      parts[part].push(line);
      continue;
    }
    if (part === "clean" && parts.clean.length > 0)
      segments.push({ kind: "clean", text: parts.clean.join("") });
    if (part === "theirs") segments.push(hunkOf(parts, sides, index === lines.length - 1));
    part = next.part;
    parts[part] = [];
  }
  if (part !== "clean") return null;
  if (parts.clean.length > 0) segments.push({ kind: "clean", text: parts.clean.join("") });
  return segments;
}

function hunkOf(
  parts: Readonly<Record<Part, readonly string[]>>,
  sides: { readonly base: string | null; readonly ours: string; readonly theirs: string },
  last: boolean,
): Hunk {
  const side = (lines: readonly string[], whole: string | null) =>
    last ? withoutAddedNewline(lines.join(""), whole ?? "") : lines.join("");
  return {
    kind: "hunk",
    base: side(parts.base, sides.base),
    ours: side(parts.ours, sides.ours),
    theirs: side(parts.theirs, sides.theirs),
  };
}

/** Takes back the newline (LF or CRLF) that git put between a file's unfinished last line and the marker. */
function withoutAddedNewline(text: string, whole: string): string {
  if (text === "" || whole === "" || whole.endsWith("\n")) return text;
  const withoutLf = text.replace(/\n$/, "");
  const withoutCrlf = text.replace(/\r\n$/, "");
  if (whole.endsWith(withoutLf)) return withoutLf;
  return whole.endsWith(withoutCrlf) ? withoutCrlf : text;
}

/** A hunk without the lines both sides share at its ends, and those lines. `before + side + after` is the side again. */
export interface TrimmedHunk {
  readonly before: string;
  readonly hunk: Hunk;
  readonly after: string;
}

/** How much of the lines that both sides added may be cut off a hunk: the number of first, or of last, lines. */
export interface CutLimits {
  readonly head: (added: readonly string[]) => number;
  readonly tail: (added: readonly string[]) => number;
}

const cutAll: CutLimits = { head: (added) => added.length, tail: (added) => added.length };

/**
 * Takes lines that both sides start or end with out of the hunk. Git's diff3 output leaves them in. The base loses such a line only where it has it at
 * the same end; otherwise both sides added it, and it is settled all the same. `limits` can keep some of what both sides added: when each adds a block,
 * the lines that open or close the two blocks are alike but not the same.
 */
export function trimHunk(hunk: Hunk, limits: CutLimits = cutAll): TrimmedHunk {
  const ours = splitLines(hunk.ours);
  const theirs = splitLines(hunk.theirs);
  const base = splitLines(hunk.base);
  const sharedHead = commonPrefix(ours, theirs);
  const baseHead = Math.min(sharedHead, commonPrefix(base, ours));
  const head = baseHead + limits.head(ours.slice(baseHead, sharedHead));
  const sharedTail = commonSuffix(ours, theirs, Math.min(ours.length, theirs.length) - head);
  const baseTail = Math.min(sharedTail, commonSuffix(base, ours, base.length - baseHead));
  const tail = baseTail + limits.tail(ours.slice(ours.length - sharedTail, ours.length - baseTail));
  const inner = (lines: readonly string[], from: number, to: number) =>
    lines.slice(from, lines.length - to).join("");
  return {
    before: ours.slice(0, head).join(""),
    hunk: {
      kind: "hunk",
      base: inner(base, baseHead, baseTail),
      ours: inner(ours, head, tail),
      theirs: inner(theirs, head, tail),
    },
    after: ours.slice(ours.length - tail).join(""),
  };
}

/** Moves what both sides share at the ends of each hunk into the clean text around it; drops hunks on which the sides agree. */
export function trimSegments(segments: readonly Segment[]): Segment[] {
  const trimmed: Segment[] = [];
  const addClean = (text: string) => {
    const last = trimmed.at(-1);
    if (text === "") return;
    if (last?.kind === "clean") trimmed[trimmed.length - 1] = { kind: "clean", text: last.text + text };
    else trimmed.push({ kind: "clean", text });
  };
  for (const segment of segments) {
    if (segment.kind === "clean") {
      addClean(segment.text);
      continue;
    }
    const { before, hunk, after } = trimHunk(segment);
    addClean(before);
    if (hunk.ours !== hunk.theirs) trimmed.push(hunk);
    addClean(after);
  }
  return trimmed;
}

/**
 * The file with every settled hunk replaced and every open one between markers, as git writes them. `resolutions` holds one entry per hunk, in file order:
 * the text that replaces it, or `null` where it stays open.
 */
export function renderFile(
  file: Pick<ConflictedFile, "segments">,
  resolutions: readonly (string | null)[],
  options: RenderOptions,
): string {
  const whole = file.segments.map((segment) =>
    segment.kind === "clean" ? segment.text : segment.ours + segment.theirs,
  );
  const ending = endingOf(whole.join(""));
  let index = 0;
  return file.segments
    .map((segment) => {
      if (segment.kind === "clean") return segment.text;
      const text = resolutions[index++] ?? null;
      return text ?? markHunk(segment, options, ending);
    })
    .join("");
}

/** What `renderFile` wants, from what the ladder gives. */
export function settledTexts(resolution: FileResolution): (string | null)[] {
  return resolution.hunks.map(({ settlement }) => settlement?.text ?? null);
}

function markHunk(hunk: Hunk, options: RenderOptions, ending: string): string {
  const { labels, markerSize, style = "merge" } = options;
  // The two-sided style shows differences only: git leaves shared lines outside the markers there, but not where the base is shown.
  const { before, hunk: shown, after } = style === "merge" ? trimHunk(hunk) : { before: "", hunk, after: "" };
  const marker = (character: string, label: string) =>
    `${character.repeat(markerSize)}${label === "" ? "" : ` ${label}`}${ending}`;
  const finished = (text: string) => (text === "" || text.endsWith("\n") ? text : text + ending);
  return [
    before,
    marker("<", labels.ours),
    finished(shown.ours),
    ...(style === "diff3" ? [marker("|", labels.base), finished(shown.base)] : []),
    marker("=", ""),
    finished(shown.theirs),
    marker(">", labels.theirs),
    after,
  ].join("");
}

/** The 1-based line in our side's file at which each hunk begins. */
export function hunkLines(file: Pick<ConflictedFile, "segments">): number[] {
  const lines: number[] = [];
  let line = 1;
  for (const segment of file.segments) {
    const text = segment.kind === "clean" ? segment.text : segment.ours;
    if (segment.kind === "hunk") lines.push(line);
    line += text.split("\n").length - 1;
  }
  return lines;
}
