// The known word that a mistyped one was probably meant to be.

/** Longest word that is compared: more than any name of ours, little enough that the table below stays small. */
const MAX_LENGTH = 40;

/** Edit distance (Levenshtein): insertions, deletions and replacements, each 1. |a| x |b| steps. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The candidate nearest to `word`, ignoring case; `null` when none is near (more than half of its letters would have to change). */
export function nearest<Word extends string>(word: string, candidates: readonly Word[]): Word | null {
  if (word === "" || word.length > MAX_LENGTH) return null;
  let best: { candidate: Word; edits: number } | null = null;
  for (const candidate of candidates) {
    const edits = distance(word.toLowerCase(), candidate.toLowerCase());
    if (edits <= candidate.length / 2 && edits < (best?.edits ?? Infinity)) best = { candidate, edits };
  }
  return best?.candidate ?? null;
}
