// Where the hunks of a conflicted file lie in its merged text.
import type { ConflictedFile } from "../../../core/conflict.ts";
import type { LineRange } from "../../../checks/judge.ts";

/** The lines of every hunk in the text that `texts` makes of the file, in file order. */
export function mergedLines(
  { segments }: Pick<ConflictedFile, "segments">,
  texts: readonly string[],
): LineRange[] {
  const ranges: LineRange[] = [];
  let breaks = 0;
  for (const segment of segments) {
    const text = segment.kind === "clean" ? segment.text : (texts[ranges.length] ?? "");
    if (segment.kind === "hunk") ranges.push({ first: breaks + 1, last: breaks + linesIn(text) });
    breaks += text.split("\n").length - 1;
  }
  return ranges;
}

const linesIn = (text: string): number => (text === "" ? 0 : text.replace(/\n$/, "").split("\n").length);
