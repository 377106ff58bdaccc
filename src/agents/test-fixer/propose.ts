// One question, one candidate: a model writes a place anew, or says why not.
import type { Asked } from "../../core/models.ts";
import type { PromptTemplate } from "../../core/prompt.ts";
import { readPlaceAnswer } from "./answers/read-function.ts";
import type { ReadAnswer } from "./answers/read-function.ts";
import type { Budget } from "./budget.ts";
import { smallQuestion } from "./limits.ts";
import { placeData } from "./show.ts";
import type { Shown } from "./show.ts";
import type { Place } from "./types.ts";

export type Proposed = Read & { readonly callIds: readonly string[] };

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
    const question = { prompt, data, maxBytes: smallQuestion.maxBytes, maxOutputTokens, sample };
    const asked = await budget.ask(about, question);
    calls.push(...(asked?.callIds ?? []));
    if (asked?.status === "truncated" && factor === 1) continue;
    const read = asked === null ? ended(budget) : await readAsked(asked, place);
    return { ...read, callIds: calls };
  }
  return { ...ended(budget), callIds: calls };
}

/** `ended`: nobody may be asked any more. `skipped`: not about this place. */
type Read = ReadAnswer | { readonly kind: "ended" | "skipped"; readonly why: string };

const ended = (budget: Budget): Read => ({ kind: "ended", why: budget.ended("small") ?? "" });

async function readAsked(asked: Asked, place: Place): Promise<Read> {
  switch (asked.status) {
    case "answered":
      return readPlaceAnswer(asked.text, place);
    case "unavailable":
      return { kind: "ended", why: asked.why };
    case "too-large":
      return { kind: "skipped", why: asked.why };
    case "refused":
    case "empty":
    case "malformed":
    case "truncated":
      return { kind: "malformed", why: asked.why, isCode: false };
  }
}
