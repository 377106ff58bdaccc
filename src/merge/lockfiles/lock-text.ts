// The three sides of a lockfile as lines without their endings, and merged lines as text again.
import type { ConflictedFile } from "../../core/conflict.ts";
import type { Sides } from "../json/merge.ts";

/** Lines without their endings. */
export type Lines = readonly string[];

export interface LockSides {
  /** `undefined`: both sides added the file. */
  readonly base: Lines | undefined;
  readonly ours: Lines;
  readonly theirs: Lines;
  /** Puts the lines together with the sides' own line ending; the last line has one where the merge of the three says so. */
  readonly write: (lines: Lines) => string;
}

/** `null` where the sides' line endings differ, or one side mixes them: then no line of the result could be a side's, byte for byte. */
export function readSides({ base, ours, theirs }: ConflictedFile): LockSides | null {
  const texts = [ours, theirs, ...(base === null || base === "" ? [] : [base])];
  const endings = new Set(texts.map(endingOf));
  const [ending] = endings;
  if (endings.size !== 1 || ending === undefined || ending === "mixed") return null;
  const lines = (text: string): string[] => (text === "" ? [] : text.replace(/\r?\n$/, "").split(ending));
  const [own, other, before] = [ours, theirs, base ?? ours].map((text) => text.endsWith("\n"));
  const ended = own === before ? other : own;
  return {
    base: base === null ? undefined : lines(base),
    ours: lines(ours),
    theirs: lines(theirs),
    write: (merged) => (merged.length === 0 ? "" : merged.join(ending) + (ended === true ? ending : "")),
  };
}

function endingOf(text: string): "\n" | "\r\n" | "mixed" {
  const all = text.split("\n").length - 1;
  const crlf = text.split("\r\n").length - 1;
  if (crlf === 0) return "\n";
  return crlf === all ? "\r\n" : "mixed";
}

/** Whether two runs of lines are the same; `undefined` is no run at all. */
export function sameLines(one: Lines | undefined, other: Lines | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.length === other.length && one.every((line, index) => line === other[index]);
}

/** Runs of lines that are parted by exactly one blank line each; `null` where they are parted by more. */
export function readBlocks(lines: Lines): Lines[] | null {
  const blocks: string[][] = [[]];
  for (const line of lines) {
    if (line === "") blocks.push([]);
    else blocks.at(-1)?.push(line);
  }
  return blocks.every(({ length }) => length > 0) ? blocks : null;
}

export function joinBlocks(blocks: readonly Lines[]): string[] {
  return blocks.flatMap((block, index) => (index === 0 ? block : ["", ...block]));
}

/** The side that changed a thing that may only be changed as a whole; `null` if both sides did, differently. */
export function threeWayLines({ base, ours, theirs }: Sides<Lines | undefined>): Lines | undefined | null {
  if (sameLines(ours, theirs) || sameLines(base, theirs)) return ours;
  return sameLines(base, ours) ? theirs : null;
}
