// Which of several places comes first, where code cannot tell: a small model chooses among outlines.
import type { Budget } from "./budget.ts";
import type { Journal } from "./journal.ts";
import { mostSkeletons, pickQuestion, pickSamples } from "./limits.ts";
import { isClear, skeleton } from "./localise/show-place.ts";
import { pickPlacePrompt } from "./prompts/pick-place.ts";
import { nameOf } from "./rounds.ts";
import { evidenceData } from "./show.ts";
import type { Evidence } from "./show.ts";
import type { Place } from "./types.ts";

/** Likeliest first. The order stays where it is clear, nobody can be asked, or the samples do not agree. */
export async function likeliestFirst(
  places: readonly Place[],
  evidence: Evidence,
  { budget, journal, seed }: { readonly budget: Budget; readonly journal: Journal; readonly seed: string },
): Promise<readonly Place[]> {
  const shown = places.slice(0, mostSkeletons);
  if (isClear(shown) || budget.ended("small") !== null) return places;
  const chosen = await budget.choose("pick", null, {
    prompt: pickPlacePrompt,
    data: evidenceData(evidence),
    options: shown.map((place) => ({ text: skeleton(place), maxBytes: 900, maxLines: 3 })),
    samples: pickSamples,
    seed,
    ...pickQuestion,
  });
  const first = chosen?.index === undefined || chosen.index === null ? undefined : shown[chosen.index];
  if (chosen !== null)
    journal.note("localise", first === undefined ? chosen.why : `${nameOf(first)}: ${chosen.why}`);
  return first === undefined ? places : [first, ...places.filter((place) => place !== first)];
}
