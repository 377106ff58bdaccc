// One question, one candidate: a model writes a place anew, or says why not.
import type { PromptTemplate } from "../../core/prompt.ts";
import { readPlaceAnswer } from "./answers/read-function.ts";
import type { ReadAnswer } from "./answers/read-function.ts";
import type { Budget } from "./budget.ts";
import { smallQuestion } from "./limits.ts";
import { placeData } from "./show.ts";
import type { Shown } from "./show.ts";
import type { Place } from "./types.ts";

export type Proposed = { readonly callIds: readonly string[] } & (
  | ReadAnswer
  /** `ended`: nobody may be asked any more. `skipped`: not about this place. */
  | { readonly kind: "ended" | "skipped"; readonly why: string }
);

export interface Proposal {
  readonly slot: string;
  readonly prompt: PromptTemplate;
  readonly place: Place;
  readonly shown: Shown;
  readonly sample: number;
}

/** Asks the small model once; an answer that was cut off is asked for once more, with twice the room. */
export async function propose(proposal: Proposal, budget: Budget): Promise<Proposed> {
  const { slot, prompt, place, shown, sample } = proposal;
  const data = placeData(prompt, place, shown, smallQuestion.maxBytes);
  if (data === null)
    return {
      kind: "skipped",
      why: "It is too large for a small model, or holds characters that cannot be shown.",
      callIds: [],
    };
  const about = {
    slot,
    role: "small" as const,
    path: place.path,
    subject: `${place.path}#${place.span?.name ?? ""}`,
  };
  const calls: string[] = [];
  for (const factor of [1, 2]) {
    const maxOutputTokens = factor * smallQuestion.maxOutputTokens;
    const asked = await budget.ask(about, {
      prompt,
      data,
      maxBytes: smallQuestion.maxBytes,
      maxOutputTokens,
      sample,
    });
    calls.push(...(asked?.callIds ?? []));
    const callIds = [...calls];
    if (asked === null) return { kind: "ended", why: budget.ended("small") ?? "", callIds };
    if (asked.status === "truncated" && factor === 1) continue;
    if (asked.status === "unavailable") return { kind: "ended", why: asked.why, callIds };
    if (asked.status === "too-large") return { kind: "skipped", why: asked.why, callIds };
    if (asked.status !== "answered") return { kind: "malformed", why: asked.why, callIds };
    return { ...(await readPlaceAnswer(asked.text, place)), callIds };
  }
  return { kind: "malformed", why: "The answer did not come to an end.", callIds: calls };
}
