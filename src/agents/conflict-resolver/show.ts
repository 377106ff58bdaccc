// What a model is shown of a hunk: data, each piece bounded. The sides are never cut: what does not fit as a whole is not asked about.
import type { ConflictedFile, Hunk, RankedCandidate } from "../../core/conflict.ts";
import type { PromptData, Untrusted } from "../../core/prompt.ts";
import { stripHidden } from "../../core/prompt.ts";
import { splitLines } from "../../merge/lines.ts";
import type { Settled } from "../../merge/siblings.ts";
import { syntaxOf } from "../../syntax/index.ts";
import { enclosingLines } from "./enclosing.ts";
import { mostOptions } from "./limits.ts";
import { likest } from "./likest.ts";

/** A hunk that models are asked about, and what is known around it. */
export interface OpenHunk {
  readonly path: string;
  readonly hunk: Hunk;
  /** Possible resolutions, best first, each once as a model sees it; at most 8. */
  readonly options: readonly RankedCandidate[];
  /** Clean lines next to it, which stay as they are. */
  readonly before: string;
  readonly after: string;
  /** Lines of our side that it stands inside of, the outermost first: a class and a function, a heading. */
  readonly enclosing: readonly string[];
  /** Newest commit subject of each side; `null` where there is none. */
  readonly subjects: { readonly ours: string | null; readonly theirs: string | null };
  /** Hunks of the merge that are settled, the most similar first; at most two. */
  readonly earlier: readonly Settled[];
}

/** Clean lines that are shown on each side of a hunk. */
const shownLines = 10;
const shownBytes = 600;
const mostEarlier = 2;

/** `settled` are the merge's settled hunks so far. */
export function openHunk(
  file: ConflictedFile,
  index: number,
  candidates: readonly RankedCandidate[],
  known: { readonly subjects: OpenHunk["subjects"]; readonly settled: readonly Settled[] },
): OpenHunk | null {
  const at = file.segments.flatMap(({ kind }, place) => (kind === "hunk" ? [place] : []))[index] ?? -1;
  const hunk = file.segments[at];
  if (hunk?.kind !== "hunk") return null;
  const clean = (place: number): string[] => {
    const segment = file.segments[place];
    return segment?.kind === "clean" ? splitLines(segment.text) : [];
  };
  const above = file.segments
    .slice(0, at)
    .map((segment) => (segment.kind === "clean" ? segment.text : segment.ours))
    .join("");
  return {
    path: file.path,
    hunk,
    options: distinct(candidates).slice(0, mostOptions),
    before: clean(at - 1)
      .slice(-shownLines)
      .join(""),
    after: clean(at + 1)
      .slice(0, shownLines)
      .join(""),
    enclosing: enclosingLines(above, hunk.ours || hunk.theirs || hunk.base, file.path),
    subjects: known.subjects,
    earlier: likest(hunk, known.settled, mostEarlier),
  };
}

/** Texts that look the same to a model are one option: the likelier of them. */
function distinct(candidates: readonly RankedCandidate[]): RankedCandidate[] {
  const seen = new Set<string>();
  return candidates.filter(({ text }) => {
    const visible = stripHidden(text);
    return seen.size < seen.add(visible).size;
  });
}

/** So much that the limit of the whole prompt is met first. */
const uncut = 100_000;
export const wholeText = (text: string): Untrusted => ({ text, maxBytes: uncut, maxLines: uncut });

const bounded = (text: string, maxBytes: number, maxLines = shownLines): Untrusted => ({
  text,
  maxBytes,
  maxLines,
});

/** What every question shows. */
export function hunkData({ path, hunk, enclosing, subjects, earlier }: OpenHunk): PromptData {
  const language = syntaxOf(path)?.language ?? /[^./\\]{1,20}$/.exec(path)?.[0] ?? "text";
  const place = [`file: ${path}`, `language: ${language}`, ...enclosing.map((line) => `inside: ${line}`)];
  const subject = (side: "ours" | "theirs") => `${side}: ${subjects[side] ?? "(not known)"}`;
  return {
    place: bounded(place.join("\n"), shownBytes),
    subjects: bounded([subject("ours"), subject("theirs")].map(oneLine).join("\n"), 300),
    earlier: earlier.map((one, index) => ({ label: `${index + 1}`, ...bounded(lesson(one), 500, 40) })),
    base: wholeText(hunk.base),
    ours: wholeText(hunk.ours),
    theirs: wholeText(hunk.theirs),
  };
}

/** The lines around the hunk, for who writes. */
export function surroundings({ before, after }: OpenHunk): PromptData {
  // Of what is too long before the hunk the nearest is kept, and that is its end.
  return { before: bounded(before.slice(-shownBytes), shownBytes), after: bounded(after, shownBytes) };
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").slice(0, 140);

const lesson = ({ hunk, text }: Settled): string =>
  [`ours:\n${hunk.ours}`, `theirs:\n${hunk.theirs}`, `resolved to:\n${text}`]
    .map((part) => part.slice(0, 160).trimEnd())
    .join("\n");
