// Lines that the base and both sides have: nobody has touched them, so whoever writes a hunk anew has no reason to leave them out.
import type { Hunk } from "../../core/conflict.ts";
import { collapsed, splitLines } from "../../merge/lines.ts";

/** Lines as they read, layout aside, that say something: those of punctuation alone stand in every file. */
const linesOf = (text: string): Set<string> =>
  new Set(
    splitLines(text)
      .map(collapsed)
      .filter((line) => /[\p{L}\p{N}]/u.test(line)),
  );

/** Such lines of all three sides as `text` lacks, each once, in the base's order. */
export function lostLines(text: string, { base, ours, theirs }: Hunk): string[] {
  const [own, other, written] = [ours, theirs, text].map(linesOf);
  return [...linesOf(base)].filter((line) => own?.has(line) && other?.has(line) && !written?.has(line));
}
