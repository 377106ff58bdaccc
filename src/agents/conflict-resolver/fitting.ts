// How many candidates a question has room for.
import type { RankedCandidate } from "../../core/conflict.ts";
import type { PromptData, PromptTemplate } from "../../core/prompt.ts";
import { renderPrompt } from "../../core/prompt.ts";
import { wholeText } from "./show.ts";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Candidates under letters, as a prompt shows them. */
export const labelled = (options: readonly RankedCandidate[]) =>
  options.map(({ text }, index) => ({ label: letters.charAt(index), ...wholeText(text) }));

/** The candidate under a letter; `undefined` where there is none. */
export const optionAt = (options: readonly RankedCandidate[], letter: string): RankedCandidate | undefined =>
  options[letters.indexOf(letter)];

/** As many of the best candidates as fit, whole, into a prompt of `maxBytes`; none where not even `least` do. */
export function fitting(
  options: readonly RankedCandidate[],
  {
    prompt,
    data,
    maxBytes,
    least,
  }: {
    readonly prompt: PromptTemplate;
    readonly data: PromptData;
    readonly maxBytes: number;
    readonly least: number;
  },
): readonly RankedCandidate[] {
  for (let count = options.length; count >= least; count--) {
    const shown = options.slice(0, count);
    if (renderPrompt(prompt, { ...data, options: labelled(shown) }).bytes <= maxBytes) return shown;
  }
  return [];
}
