// The search for edits that pass: place by place, fresh answers first, then what the gates said of the best, one candidate over another where it helped in part.
import type { Aim, Judgement, Standing } from "./aim.ts";
import type { Budget } from "./budget.ts";
import { unifiedDiff } from "./gates/unified-diff.ts";
import type { Journal } from "./journal.ts";
import { feedbackRounds, mostStacked, sameFailures, samplesEach } from "./limits.ts";
import { propose } from "./propose.ts";
import type { Proposed } from "./propose.ts";
import type { Evidence, Refusal } from "./show.ts";
import { stacked } from "./tree-text.ts";
import type { FixPorts, Place } from "./types.ts";

/** A candidate that was judged. `place`: the index of where it was written, 0 for the likeliest. */
export interface Tried {
  readonly judgement: Judgement;
  readonly place: number;
  readonly callIds: readonly string[];
}

export interface Found {
  readonly accepted: readonly Tried[];
  /** Of those that were not: the one that fixed most and broke least. */
  readonly best: Tried | null;
  readonly standing: Standing;
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
  return state;
}

async function tryPlaces(state: Search): Promise<PlaceEnd> {
  state.places = await state.aim.placesOf(state.standing);
  for (const [index, place] of state.places.entries()) {
    const end = await tryPlace(place, index, state);
    if (end !== "next") return end;
  }
  return "next";
}

/** What one place has come to. */
interface Round {
  readonly place: Place;
  readonly index: number;
  /** Of this place and this standing: the best that was run and not accepted. */
  best: Tried | null;
  /** Refused before anything was run: said to the next sample at once. */
  readonly refused: Refusal[];
  signature: { readonly name: string; readonly times: number } | null;
}

async function tryPlace(place: Place, index: number, state: Search): Promise<PlaceEnd> {
  const round: Round = { place, index, best: null, refused: [], signature: null };
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

const isStuck = ({ signature }: Round): boolean => signature !== null && signature.times >= sameFailures;

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
  const prompt = place.span === null ? aim.prompts.file : aim.prompts.part;
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
    round.refused.push({ diff: "", why: proposed.why });
    await models.note(proposed.callIds, { status: "malformed", accepted: false });
    return;
  }
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

const counted = (before: Round["signature"], name: string) => ({
  name,
  times: before?.name === name ? before.times + 1 : 1,
});

/** More put right first, then less broken; what was run before what was not. */
function better(one: Tried | null, other: Tried): Tried {
  if (one === null) return other;
  const [a, b] = [one.judgement, other.judgement];
  const isRun = Number(b.evidence !== null) - Number(a.evidence !== null);
  return (isRun || b.fixed - a.fixed || a.worse - b.worse) > 0 ? other : one;
}

export function refusalOf(judgement: Judgement, standing: Standing): Refusal {
  const under = new Map(standing.edits.map(({ path, after }) => [path, after]));
  const own = judgement.edits.map((edit) => ({ ...edit, before: under.get(edit.path) ?? edit.before }));
  return { why: judgement.why, diff: unifiedDiff(own) };
}

export const diffOf = ({ edits }: Pick<Standing, "edits">): string =>
  edits.length === 0 ? "" : unifiedDiff(edits);

export const nameOf = ({ path, span }: Place): string => (span === null ? path : `${span.name} in ${path}`);
