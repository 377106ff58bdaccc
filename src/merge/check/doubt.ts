// A look at a whole merged file: answers that are each right by themselves may break it together.
import type { MergeRules } from "../../core/agent.ts";
import type { ConflictedFile } from "../../core/conflict.ts";
import { newMarkers } from "./markers.ts";
import { tokensFromNowhere } from "./provenance.ts";
import { newlyRepeated } from "./repeated.ts";

/** What is wrong with the result, in a few words that follow "because"; `null` where nothing is. It has to parse no worse than its parents. */
export async function doubtOf(
  { path, base, ours, theirs }: ConflictedFile,
  result: string,
  parseErrors: MergeRules["parseErrors"],
): Promise<string | null> {
  const [marker] = newMarkers(result, [ours, theirs]);
  if (marker !== undefined) return "it holds a conflict marker";
  const strange = tokensFromNowhere(result, [base ?? "", ours, theirs]);
  if (strange.length > 0) return `no side has ${strange.slice(0, 5).join(" ")}`;
  const [repeated] = newlyRepeated(path, result, [ours, theirs]);
  if (repeated !== undefined) return `it has ${repeated} twice`;
  if (result.lastIndexOf("\uFEFF") > 0 && [ours, theirs].every((side) => side.lastIndexOf("\uFEFF") <= 0))
    return "it has a byte order mark in the middle";
  const errors = await parseErrors(path, { ours, theirs, result });
  return errors === null ? null : `it does not parse: ${errors}`;
}
