// The walk through open hunks while a person decides them: what a key does, and what has to be done then. Pure.
import type { Hunk, RankedCandidate, Settlement } from "../core/conflict.ts";
import { endingOf } from "../merge/lines.ts";

/** A hunk by the number of its file in the walk and its own in the file, both from 0. */
export interface Place {
  readonly file: number;
  readonly hunk: number;
}

/** An open hunk, as it is put to the person. */
export interface Question {
  /** 1-based line in the file as the current branch has it. */
  readonly line: number;
  readonly hunk: Hunk;
  readonly candidates: readonly RankedCandidate[];
  /** What other answers have made likely enough to be taken with one key; `null` where nothing is. */
  readonly offer: Settlement | null;
}

export interface WalkFile {
  readonly path: string;
  /** The names of the two sides, as beside git's markers. */
  readonly labels: { readonly ours: string; readonly theirs: string };
  /** By the hunk's index in the file; without those that were settled before the walk. */
  readonly questions: ReadonlyMap<number, Question>;
  /** Indexes of the questions, most telling first. */
  readonly order: readonly number[];
}

/** `settlement` is `null` where the person leaves the hunk as git marked it. */
export interface Answer {
  readonly place: Place;
  readonly by: "person" | "ranker";
  readonly settlement: Settlement | null;
}

export interface Walk {
  readonly files: readonly WalkFile[];
  /** In the order in which they were given: the last is undone first. */
  readonly answers: readonly Answer[];
  /** The hunk that is being asked about; `null` while a ranking is awaited, and at the end. */
  readonly at: Place | null;
  /** The file whose ranking is awaited. */
  readonly awaited: number | null;
  /** Taken back by the person, the last first: never settled without a key again, and asked before all others. */
  readonly undone: readonly Place[];
  readonly ended: "done" | "quit" | null;
}

/** A file ranked anew in the light of the answers: one entry per hunk, in file order. */
export interface Ranking {
  readonly hunks: readonly {
    readonly candidates: readonly RankedCandidate[];
    readonly settlement: Settlement | null;
    /** The settlement's class is at or above the bar: it needs no key. */
    readonly sure: boolean;
  }[];
  /** Indexes of the open hunks, most telling first. */
  readonly order: readonly number[];
}

export type WalkEvent =
  /** A character, or "enter", "ctrl-c", "ctrl-d". */
  | { readonly kind: "key"; readonly key: string }
  /** `null`: the file could not be ranked anew; what was known of it stands. */
  | { readonly kind: "ranked"; readonly file: number; readonly ranking: Ranking | null };

export type WalkEffect =
  /** Rank the file anew, then send `ranked`. */
  | { readonly kind: "rank"; readonly file: number }
  | { readonly kind: "ask" }
  | { readonly kind: "help" }
  | { readonly kind: "settled"; readonly answer: Answer }
  | { readonly kind: "tell"; readonly text: string };

export interface WalkStep {
  readonly walk: Walk;
  readonly effects: readonly WalkEffect[];
}

const isSame = (one: Place, other: Place): boolean => one.file === other.file && one.hunk === other.hunk;

const isAnswered = ({ answers }: Pick<Walk, "answers">, place: Place): boolean =>
  answers.some((answer) => isSame(answer.place, place));

export function questionAt({ files }: Walk, { file, hunk }: Place): Question | null {
  return files[file]?.questions.get(hunk) ?? null;
}

/** Open hunks without an answer. */
export function openPlaces(walk: Walk): Place[] {
  return walk.files
    .flatMap(({ questions }, file) => [...questions.keys()].map((hunk) => ({ file, hunk })))
    .filter((place) => !isAnswered(walk, place));
}

export function beginWalk(files: readonly WalkFile[]): WalkStep {
  return moveOn({ files, answers: [], at: null, awaited: null, undone: [], ended: null }, 0);
}

/** Ranks the file where the next question is: one that was taken back, else in this file, else in the next that has one. */
function moveOn(walk: Walk, from: number): WalkStep {
  const open = openPlaces(walk);
  const next =
    walk.undone.find((place) => !isAnswered(walk, place)) ?? open.find(({ file }) => file >= from) ?? open[0];
  if (!next) return { walk: { ...walk, at: null, awaited: null, ended: "done" }, effects: [] };
  return {
    walk: { ...walk, at: null, awaited: next.file },
    effects: [{ kind: "rank", file: next.file }],
  };
}

/** Carries the walk one event further. After its end nothing changes it. */
export function stepWalk(walk: Walk, event: WalkEvent): WalkStep {
  if (walk.ended !== null) return { walk, effects: [] };
  if (event.kind === "ranked") return takeRanking(walk, event.file, event.ranking);
  if (["q", "ctrl-c", "ctrl-d"].includes(event.key))
    return { walk: { ...walk, at: null, awaited: null, ended: "quit" }, effects: [] };
  // A key that came while the next question was not yet to be seen was not meant for it.
  const question = walk.at && questionAt(walk, walk.at);
  return walk.at && question ? pressKey(walk, walk.at, question, event.key) : { walk, effects: [] };
}

function takeRanking(walk: Walk, file: number, ranking: Ranking | null): WalkStep {
  if (walk.awaited !== file) return { walk, effects: [] };
  const ranked = ranking === null ? walk : withRanking(walk, file, ranking);
  const settled = ranking === null ? [] : sureAnswers(ranked, file, ranking);
  const known: Walk = { ...ranked, answers: [...ranked.answers, ...settled], awaited: null };
  const effects = settled.map((answer): WalkEffect => ({ kind: "settled", answer }));
  const at = nextIn(known, file);
  if (at !== null) return { walk: { ...known, at }, effects: [...effects, { kind: "ask" }] };
  const further = moveOn(known, file);
  return { ...further, effects: [...effects, ...further.effects] };
}

function withRanking(walk: Walk, index: number, { hunks, order }: Ranking): Walk {
  const files = walk.files.map((file, at) => {
    if (at !== index) return file;
    const questions = new Map(
      [...file.questions].map(([hunk, question]): [number, Question] => {
        const { candidates = question.candidates, settlement = null } = hunks[hunk] ?? {};
        return [hunk, { ...question, candidates, offer: settlement }];
      }),
    );
    return { ...file, questions, order };
  });
  return { ...walk, files };
}

function sureAnswers(walk: Walk, file: number, { hunks }: Ranking): Answer[] {
  return [...(walk.files[file]?.questions.keys() ?? [])].flatMap((hunk): Answer[] => {
    const place = { file, hunk };
    const { settlement = null, sure = false } = hunks[hunk] ?? {};
    if (!sure || settlement === null || isAnswered(walk, place)) return [];
    return walk.undone.some((one) => isSame(one, place)) ? [] : [{ place, by: "ranker", settlement }];
  });
}

/** What was taken back, then what needs one key only, then the most telling. */
function nextIn(walk: Walk, file: number): Place | null {
  const undone = walk.undone.find((place) => !isAnswered(walk, place));
  if (undone) return undone.file === file ? undone : null;
  const { questions = new Map<number, Question>(), order = [] } = walk.files[file] ?? {};
  const offered = [...questions].flatMap(([hunk, { offer }]) => (offer === null ? [] : [hunk]));
  const inTurn = [...offered, ...order.filter((hunk) => questions.has(hunk)), ...questions.keys()];
  const next = inTurn.map((hunk) => ({ file, hunk })).find((place) => !isAnswered(walk, place));
  return next ?? null;
}

function pressKey(walk: Walk, at: Place, { hunk, candidates, offer }: Question, key: string): WalkStep {
  const tell = (text: string): WalkStep => ({ walk, effects: [{ kind: "tell", text }] });
  const answer = (settlement: Settlement | null): WalkStep =>
    moveOn({ ...walk, answers: [...walk.answers, { place: at, by: "person", settlement }] }, at.file);
  switch (key) {
    case "o":
      return answer(chosen(hunk.ours, "ours."));
    case "t":
      return answer(chosen(hunk.theirs, "theirs."));
    case "b":
      return answer(chosen(bothOf(hunk), "both, ours first."));
    case "s":
      return answer(null);
    case "enter":
      return offer === null ? tell("Nothing is sure here: press a number, or ? for help.") : answer(offer);
    case "u":
      return undo(walk);
    case "?":
      return { walk, effects: [{ kind: "help" }, { kind: "ask" }] };
  }
  if (!/^[1-9]$/.test(key)) return tell("That key does nothing. ? lists the keys.");
  const candidate = candidates[Number(key) - 1];
  if (!candidate) return tell(`There is no candidate ${key}.`);
  return answer(chosen(candidate.text, `candidate ${key}. ${candidate.why}`));
}

const chosen = (text: string, what: string): Settlement => ({
  tier: "human",
  class: "chosen",
  text,
  why: `You chose ${what}`,
});

/** Ours, then theirs; a last line without an end is given one before more follows. */
function bothOf({ ours, theirs }: Hunk): string {
  const isUnfinished = ours !== "" && theirs !== "" && !ours.endsWith("\n");
  return `${ours}${isUnfinished ? endingOf(ours + theirs) : ""}${theirs}`;
}

function undo(walk: Walk): WalkStep {
  const last = walk.answers.at(-1);
  if (!last) return { walk, effects: [{ kind: "tell", text: "There is nothing to undo." }] };
  const undone = [last.place, ...walk.undone.filter((place) => !isSame(place, last.place))];
  return moveOn({ ...walk, answers: walk.answers.slice(0, -1), undone }, last.place.file);
}
