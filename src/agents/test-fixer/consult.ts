// The large model, once: it sees all the evidence and what was refused, and writes blocks or one function. What it writes passes the same gates.
import { applyBlocks } from "./answers/apply-blocks.ts";
import { readBlocks } from "./answers/read-blocks.ts";
import { readPlaceAnswer } from "./answers/read-function.ts";
import { givenUp, splitAnswer } from "./answers/split-answer.ts";
import type { GivenUp } from "./answers/split-answer.ts";
import type { Aim } from "./aim.ts";
import { largeQuestion } from "./limits.ts";
import { consultPrompt } from "./prompts/consult.ts";
import { nameOf } from "./rounds.ts";
import { diffOf, judged, refusalOf } from "./search.ts";
import type { Found, Tools } from "./search.ts";
import { placesData } from "./show.ts";
import type { Around, Evidence, Refusal } from "./show.ts";
import { stacked } from "./tree-text.ts";
import type { Edit, Place } from "./types.ts";

/** How a file reads with the standing edits in it; `null` where there is none that may be written. */
type TextAt = (path: string) => Promise<string | null>;

type Read =
  | { readonly kind: "edits"; readonly edits: readonly Edit[] }
  | ({ readonly kind: "give-up" } & GivenUp)
  | { readonly kind: "malformed"; readonly why: string };

/** Asked once, and once more with the gates' word on its answer. What it adds is in the result. */
export async function consult(found: Found, aim: Aim, textAt: TextAt, tools: Tools): Promise<Found> {
  const state = { ...found, ...tools, aim, accepted: [...found.accepted], refused: [...found.refused] };
  const gaveUp = [...found.gaveUp];
  let { saysStale } = found;
  let evidence = found.standing.evidence;
  for (let round = 0; round < 2; round++) {
    const answer = await askLarge({ found, evidence, refused: state.refused, round }, aim, tools);
    if (answer === null) break;
    const read = await readConsult(answer.text, found.places, textAt);
    if (read.kind !== "edits") {
      tools.journal.note("consult", read.kind === "give-up" ? `gave up: ${read.why}` : read.why);
      await tools.models.note(
        answer.callIds,
        read.kind === "malformed" ? { status: "malformed" } : { outcome: "abstained" },
      );
      if (read.kind === "malformed") {
        state.refused.push({ diff: "", why: read.why });
        continue;
      }
      gaveUp.push(read.why);
      saysStale ||= read.isStale;
      break;
    }
    const edits = stacked(found.standing.edits, read.edits);
    const { judgement } = await judged(edits, { place: 0, callIds: answer.callIds }, state);
    tools.journal.note(
      "consult",
      judgement.accepted ? "The large model's answer was accepted." : judgement.why,
    );
    if (judgement.accepted) break;
    state.refused = [refusalOf(judgement, found.standing)];
    evidence = judgement.evidence ?? evidence;
  }
  const { accepted, best, refused, tried } = state;
  return { ...found, accepted, best, refused, tried, gaveUp, saysStale };
}

interface Question {
  readonly found: Found;
  readonly evidence: Evidence;
  readonly refused: readonly Refusal[];
  readonly round: number;
}

async function askLarge(
  { found, evidence, refused, round }: Question,
  aim: Aim,
  { budget, journal }: Tools,
): Promise<{ readonly text: string; readonly callIds: readonly string[] } | null> {
  const ended = budget.ended("large");
  if (ended !== null) {
    if (round === 0) journal.note("consult", `Not asked: ${ended}.`);
    return null;
  }
  const shown = {
    evidence,
    around: await aroundAll(found.places, aim),
    standing: diffOf(found.standing),
    refused: refused.slice(-3),
  };
  const data = placesData(consultPrompt, found.places, shown, largeQuestion.maxBytes);
  const [place] = found.places;
  if (data === null || place === undefined) return null;
  const about = { slot: "consult", role: "large" as const, path: place.path, subject: nameOf(place) };
  const asked = await budget.ask(about, { prompt: consultPrompt, data, ...largeQuestion });
  if (asked?.status === "answered") return { text: asked.text, callIds: asked.callIds };
  journal.note("consult", asked?.why ?? "Not asked.");
  return null;
}

async function aroundAll(places: readonly Place[], aim: Aim): Promise<Around> {
  const parts = await Promise.all(places.map((place) => aim.aroundOf(place)));
  const joined = (name: keyof Around) =>
    [...new Set(parts.map((part) => part[name]))].filter((text) => text !== "").join("\n");
  return { imports: joined("imports"), callees: joined("callees"), hunks: joined("hunks") };
}

/** Blocks, or one of the functions that were shown, or a reason. Never throws for what a model writes. */
async function readConsult(answer: string, places: readonly Place[], textAt: TextAt): Promise<Read> {
  const read = readBlocks(answer);
  if (read.kind === "malformed") return read;
  if (read.kind === "blocks") return applied(read.blocks, textAt);
  const { blocks, outside } = splitAnswer(answer);
  const declined = givenUp(outside);
  if (declined !== null && blocks.length === 0) return { kind: "give-up", ...declined };
  let why = "The answer held neither blocks nor one of the functions.";
  for (const place of places) {
    const one = await readPlaceAnswer(answer, place);
    if (one.kind === "text")
      return { kind: "edits", edits: [{ path: place.path, before: place.text, after: one.after }] };
    if (one.kind === "malformed") why = one.why;
  }
  return { kind: "malformed", why };
}

async function applied(
  blocks: readonly { readonly path: string; readonly search: string; readonly replace: string }[],
  textAt: TextAt,
): Promise<Read> {
  const edits: Edit[] = [];
  for (const path of new Set(blocks.map((block) => block.path))) {
    const before = await textAt(path);
    if (before === null) return { kind: "malformed", why: `${path} is no file of text in the project.` };
    const one = applyBlocks(
      path,
      before,
      blocks.filter((block) => block.path === path),
    );
    if (one.kind === "refused") return { kind: "malformed", why: one.why };
    edits.push({ path, before, after: one.text });
  }
  return { kind: "edits", edits };
}
