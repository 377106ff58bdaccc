// What a model wrote, as text of the file: with the file's own line endings, and an end as the sides have it.
import type { Hunk } from "../../core/conflict.ts";
import { stripHidden } from "../../core/prompt.ts";
import { withWholeLines } from "../../merge/ladder.ts";
import { endingOf } from "../../merge/lines.ts";

/** Whether a text holds characters that no reader sees. Windows line endings are none. */
export function hasHidden(text: string): boolean {
  return stripHidden(text) !== text.replaceAll("\r\n", "\n");
}

/** Why no model may write this hunk anew; `null` where one may. */
export function whyNotWritten({ base, ours, theirs }: Hunk): string | null {
  if ([base, ours, theirs].some(hasHidden))
    return "a side has characters that cannot be seen, which a written text would lose";
  const endings = (base + ours + theirs).match(/\r?\n/g) ?? [];
  return new Set(endings).size > 1 ? "the sides mix line endings" : null;
}

/** `around` is clean text near the hunk: where the hunk has no line ending of its own, its is taken. */
export function asWritten(text: string, hunk: Hunk, around: string): string {
  const lines = text.replaceAll("\r\n", "\n");
  const whole = lines === "" || lines.endsWith("\n") ? lines : `${lines}\n`;
  const sides = hunk.base + hunk.ours + hunk.theirs;
  const ending = endingOf(sides.includes("\n") ? sides : around);
  return withWholeLines(hunk).restore(whole.replaceAll("\n", ending));
}
