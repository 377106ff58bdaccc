// The search for edits that pass: place by place, fresh answers first, then what the gates said of the best, one candidate over another where it helped in part.
import type { Aim, Judgement, Standing } from "./aim.ts";
import type { Budget } from "./budget.ts";
import { unifiedDiff } from "./gates/unified-diff.ts";
import type { Journal } from "./journal.ts";
import { feedbackRounds, mostPlaces, mostStacked, sameFailures, samplesEach } from "./limits.ts";
import { codeAlone } from "./prompts/code-alone.ts";
import { propose } from "./propose.ts";
import type { Proposed } from "./propose.ts";
import { better, counted, inTurn, isStuck, nameOf, openRound } from "./rounds.ts";
import type { Round, Tried } from "./rounds.ts";
import type { Evidence, Refusal } from "./show.ts";
import { stacked } from "./tree-text.ts";
import type { FixPorts, Place } from "./types.ts";

export interface Found {
  readonly accepted: readonly Tried[];
  /** Of those that were not: the one that fixed most and broke least. */
  readonly best: Tried | null;
  readonly standing: Standing;
  /** The likeliest; where candidates were accepted, those first. */
  readonly places: readonly Place[];
  readonly refused: readonly Refusal[];
  readonly tried: number;
  /** Reasons with which models gave up, and whether one said that the test is out of date. */
  readonly gaveUp: readonly string[];
  readonly saysStale: boolean;
  /** Why it ended before everything was tried, for people; `null`: it did not. */
  readonly ended: string | null;
}

export interface Tools {
  readonly budget: Budget;
  readonly journal: Journal;
  readonly models: FixPorts["models"];
}

/** What is known so far: changed by one step after another. */
interface Search extends Tools {
  readonly aim: Aim;
  standing: Standing;
  places: readonly Place[];
  /** Names of places where nothing was gained, whatever stood. */
  readonly fruitless: Set<string>;
  accepted: Tried[];
  best: Tried | null;
  refused: Refusal[];
  tried: number;
  gaveUp: string[];
  saysStale: boolean;
  ended: string | null;
}

/** `grown`: a candidate helped in part and stands now, so that places are looked for anew. */
type PlaceEnd = "accepted" | "grown" | "ended" | "next";

/** Never throws for what models answer; throws the signal's reason. */
export async function search(aim: Aim, start: Standing, tools: Tools): Promise<Found> {
  const state: Search = {
    ...tools,
    aim,
    standing: start,
    places: [],
    fruitless: new Set(),
    accepted: [],
    best: null,
    refused: [],
    tried: 0,
    gaveUp: [],
    saysStale: false,
    ended: null,
  };
  for (let level = 0; level < mostStacked; level++) {
    if ((await tryPlaces(state)) !== "grown") break;
  }
  return { ...state, places: tellingPlaces(state) };
}

function tellingPlaces({ accepted, places }: Search): readonly Place[] {
  const written = accepted.flatMap(({ place }) => places[place] ?? []);
  return [...new Set([...written, ...places])].slice(0, mostPlaces);
}

async function tryPlaces(state: Search): Promise<PlaceEnd> {
  state.places = await state.aim.placesOf(state.standing);
  let written = 0;
  for (const index of inTurn(state)) {
    const place = state.places[index];
    if (place === undefined || written >= mostPlaces) break;
    const round = openRound(place, index);
    const end = await tryPlace(round, state);
    if (end !== "next") return end;
    state.fruitless.add(nameOf(place));
    if (round.written > 0) written += 1;
  }
  return "next";
}

async function tryPlace(round: Round, state: Search): Promise<PlaceEnd> {
  for (let sample = 0; sample < samplesEach && !isStuck(round); sample++) {
    const shown = { evidence: state.standing.evidence, refused: round.refused };
    if (!(await tryOnce(round, { ...shown, sample }, state))) return endOf(state);
  }
  if (state.accepted.length > 0) return "accepted";
  for (let feedback = 0; feedback < feedbackRounds && !isStuck(round); feedback++) {
    const end = await tryFeedback(round, feedback, state);
    if (end !== "next") return end;
  }
  return grow(round.best, state) ? "grown" : "next";
}

/** Asks again with what the best candidate did and its new failure alone, the question made anew. */
async function tryFeedback(round: Round, feedback: number, state: Search): Promise<PlaceEnd> {
  const { best } = round;
  if (grow(best, state)) return "grown";
  const evidence = best?.judgement.evidence ?? null;
  if (best === null || evidence === null) return "next";
  const refused = [refusalOf(best.judgement, state.standing)];
  const goesOn = await tryOnce(round, { evidence, refused, sample: feedback }, state);
  return goesOn && state.accepted.length === 0 ? "next" : endOf(state);
}

const endOf = (state: Search): PlaceEnd => (state.accepted.length > 0 ? "accepted" : "ended");

/** A candidate that puts more right than stands and breaks nothing is what the next ones are written over. */
function grow(best: Tried | null, state: Search): boolean {
  if (best === null) return false;
  const { judgement } = best;
  const { edits, fixed, worse, evidence, run } = judgement;
  if (worse > 0 || fixed <= state.standing.fixed || evidence === null) return false;
  state.standing = { edits, fixed, evidence, run };
  state.journal.note(
    "propose",
    `A candidate put ${fixed} right and broke nothing; the rest is looked for with it in place.`,
  );
  return true;
}

interface Question {
  readonly evidence: Evidence;
  readonly refused: readonly Refusal[];
  readonly sample: number;
}

/** One question and, where it brings a candidate, the gates. `false`: nobody is to be asked any more. */
async function tryOnce(
  round: Round,
  { evidence, refused, sample }: Question,
  state: Search,
): Promise<boolean> {
  const { aim, budget, standing } = state;
  const { place } = round;
  const around = await aim.aroundOf(place);
  const shown = { evidence, around, standing: diffOf(standing), refused: refused.slice(-2) };
  const fromCause = place.span === null ? aim.prompts.file : aim.prompts.part;
  const prompt = round.codeAlone ? codeAlone(fromCause) : fromCause;
  const proposed = await propose({ slot: aim.slot, prompt, place, shown, sample }, budget);
  switch (proposed.kind) {
    case "ended":
      state.ended = proposed.why;
      return false;
    case "skipped":
      state.journal.note("propose", `${nameOf(place)}: ${proposed.why}`);
      round.signature = { name: "skipped", times: sameFailures };
      return true;
    case "give-up":
    case "malformed":
      await notACandidate(proposed, round, state);
      return true;
    case "text":
      await tryCandidate(round, proposed, state);
      return true;
  }
}

async function notACandidate(
  proposed: Extract<Proposed, { readonly kind: "give-up" | "malformed" }>,
  round: Round,
  state: Search,
): Promise<void> {
  const { budget, journal, models } = state;
  budget.read(proposed.kind === "give-up");
  journal.note(
    "propose",
    `${nameOf(round.place)}: ${proposed.kind === "give-up" ? `gave up: ${proposed.why}` : proposed.why}`,
  );
  if (proposed.kind === "malformed") {
    round.written += 1;
    round.codeAlone = true;
    // What is wrong with the form the next question says by itself: its data stay the same, so that servers find it in their caches.
    if (proposed.isCode) round.refused.push({ diff: "", why: proposed.why });
    await models.note(proposed.callIds, { status: "malformed", accepted: false });
    return;
  }
  round.gaveUp += 1;
  state.gaveUp.push(proposed.why);
  state.saysStale ||= proposed.isStale;
  await models.note(proposed.callIds, { accepted: false, outcome: "abstained" });
}

async function tryCandidate(
  round: Round,
  { after, callIds }: Extract<Proposed, { readonly kind: "text" }>,
  state: Search,
): Promise<void> {
  const { place, index } = round;
  state.budget.read(true);
  round.written += 1;
  if (round.texts.has(after)) round.repeats += 1;
  round.texts.add(after);
  const edits = stacked(state.standing.edits, [{ path: place.path, before: place.text, after }]);
  const tried = await judged(edits, { place: index, callIds }, state);
  const { judgement } = tried;
  state.journal.note("propose", `${nameOf(place)}: ${judgement.accepted ? "accepted" : judgement.why}`);
  if (judgement.accepted) return;
  const refusal = refusalOf(judgement, state.standing);
  if (judgement.evidence === null) round.refused.push(refusal);
  else round.best = better(round.best, tried);
  if (judgement.signature !== null) round.signature = counted(round.signature, judgement.signature);
}

/** Has a candidate judged, and keeps what that showed. */
export async function judged(
  edits: readonly Judgement["edits"][number][],
  { place, callIds }: { readonly place: number; readonly callIds: readonly string[] },
  state: Pick<Search, "aim" | "models" | "accepted" | "best" | "refused" | "tried" | "standing">,
): Promise<Tried> {
  const judgement = await state.aim.judge(edits);
  const { accepted, gates } = judgement;
  const tried = { judgement, place, callIds };
  state.tried += 1;
  await state.models.note(callIds, { gates, accepted });
  if (accepted) state.accepted.push(tried);
  else {
    state.best = better(state.best, tried);
    state.refused.push(refusalOf(judgement, state.standing));
  }
  return tried;
}

export function refusalOf(judgement: Judgement, standing: Standing): Refusal {
  const under = new Map(standing.edits.map(({ path, after }) => [path, after]));
  const own = judgement.edits.map((edit) => ({ ...edit, before: under.get(edit.path) ?? edit.before }));
  return { why: judgement.why, diff: unifiedDiff(own) };
}

export const diffOf = ({ edits }: Pick<Standing, "edits">): string =>
  edits.length === 0 ? "" : unifiedDiff(edits);
