// When two candidates are one answer: they differ in layout that means nothing in their language.
import { indentationSpeaks } from "../indentation.ts";
import { splitLines } from "../lines.ts";

/** Languages whose own formatter decides about layout: it is left as it is. */
const formatted = /\.(?:rb|go|md)$/i;

/** The same for texts that are the same answer. Where indentation has a meaning, only blanks at line ends and blank lines are layout. */
export function answerKey(text: string, path: string): string {
  if (!indentationSpeaks.test(path) && !formatted.test(path)) return text.replace(/\s+/g, " ").trim();
  return splitLines(text)
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .join("\n");
}

/** For each text the index of the first that is the same answer. */
export function sameAnswers(texts: readonly string[], path: string): number[] {
  const first = new Map<string, number>();
  return texts.map((text, index) => {
    const key = answerKey(text, path);
    const known = first.get(key);
    if (known === undefined) first.set(key, index);
    return known ?? index;
  });
}
