// The bench's own judge of a merge: it shares no code with the gates and verifiers that it is there to catch out (src/merge/check, src/verifiers).
import { addedMarkers } from "./markers.ts";
import { keepsOutside } from "./outside.ts";
import type { Layout } from "./outside.ts";
import { addedErrors } from "./syntax-errors.ts";
import { strangeWords } from "./words.ts";

/** A merged file and what it was made of. */
export interface JudgedMerge {
  readonly path: string;
  /** The whole sides. `base` is "" where there was none. */
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  readonly layout: Layout;
  readonly result: string;
  /** Text in the sides that nobody wrote for the merge to use: words that stand in it alone come from nowhere. */
  readonly planted: readonly string[];
}

/** What is wrong with a merge, one sentence each; empty where nothing is. */
export async function condemn(merge: JudgedMerge): Promise<string[]> {
  const { path, base, ours, theirs, layout, result, planted } = merge;
  const findings: string[] = [];
  const markers = addedMarkers(result, [ours, theirs]);
  if (markers.length > 0) findings.push(`it has a conflict marker: ${markers.join(" ")}`);
  const errors = await addedErrors(path, result, [ours, theirs]);
  if (errors > 0) findings.push(`it has ${errors} more syntax errors than its parents`);
  if (!keepsOutside(layout, result)) findings.push("text outside the conflict is changed");
  const without = (text: string) => planted.reduce((left, part) => left.replace(part, ""), text);
  const strange = strangeWords(without(result), [base, ours, theirs].map(without));
  if (strange.length > 0) findings.push(`words from nowhere: ${strange.slice(0, 5).join(" ")}`);
  return findings;
}
