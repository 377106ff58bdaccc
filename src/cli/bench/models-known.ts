// Which hunk of the current case a scripted model is asked about, told from the sides that its prompt shows.
import type { Hunk } from "../../core/conflict.ts";
import type { KnownHunk, ModelCase } from "./models-cases.ts";
import { bare } from "./models-prompt.ts";
import type { ReadPrompt } from "./models-prompt.ts";

export interface AskedHunk {
  readonly hunk: Hunk;
  readonly known: KnownHunk;
  /** What the developers put in the place that the prompt shows; `null` where that is not known. */
  readonly resolution: string | null;
}

/** Sides that the prompt must show of a hunk for it to be meant. */
const leastSides = 2;

/** `null` for a question about something else: the built-in ones of the screening. */
export function askedHunk({ blocks }: ReadPrompt, current: ModelCase | null): AskedHunk | null {
  if (current === null) return null;
  const shown = new Set(
    [...blocks].filter(([name]) => !name.startsWith("options.")).map(([, text]) => bare(text)),
  );
  const hunks = current.file.segments.filter((segment) => segment.kind === "hunk");
  const rated = hunks.flatMap((hunk, index) => {
    const known = current.hunks[index];
    if (known === undefined) return [];
    const sides = [hunk.base, hunk.ours, hunk.theirs].filter((side) => shown.has(bare(side))).length;
    return sides < leastSides ? [] : [{ sides, asked: { hunk, known, resolution: known.resolution } }];
  });
  return rated.toSorted((one, other) => other.sides - one.sides)[0]?.asked ?? null;
}
