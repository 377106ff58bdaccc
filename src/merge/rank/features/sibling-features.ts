// Features of a candidate beside what was chosen in other hunks of the same merge.
import type { Hunk, SettledSibling } from "../../../core/conflict.ts";
import { splitLines } from "../../lines.ts";
import { tokenize } from "../../candidates/tokens.ts";
import { covered, likeness, minus, bagsOf } from "../bags.ts";
import type { View, Views } from "./views.ts";

type Measure = readonly [name: string, value: number];

/** How a resolution uses the two sides, comparable across hunks. */
type Manner = readonly number[];

const mannerNames = [
  "ours",
  "theirs",
  "ours then theirs",
  "theirs then ours",
  "base",
  "nothing",
  "words of ours alone kept",
  "words of theirs alone kept",
  "words alike base",
  "words alike ours",
  "words alike theirs",
  "share of length",
] as const;

/** UTF-16 units of a side of a sibling that are looked at. */
const longestSibling = 6_000;

const flat = (text: string): string => text.replace(/\s+/g, " ").trim();

/** What a sibling tells: how it was resolved, and which of the words that the sides differ in were kept. */
export interface Lesson {
  readonly path: string;
  readonly place: number;
  readonly manner: Manner;
  readonly kind: string;
  readonly contested: ReadonlySet<string>;
  readonly kept: ReadonlySet<string>;
  readonly left: ReadonlySet<string>;
}

/** What sort of clash it is: which sides are empty, and which only add to the base. */
function kindOf({ base, ours, theirs }: Pick<Hunk, "base" | "ours" | "theirs">): string {
  const adds = (side: string): boolean => splitLines(base).every((line) => side.includes(line));
  const filled = [base, ours, theirs].map((text) => text.trim() !== "");
  return [...filled, adds(ours), adds(theirs)].map(Number).join("");
}

const wordsOf = (text: string): string[] =>
  tokenize(text.slice(0, longestSibling)).filter((token) => token.trim() !== "");

export function lessonOf({ path, hunk, text, place }: SettledSibling): Lesson {
  const words = [hunk.base, hunk.ours, hunk.theirs, text].map(wordsOf);
  const [base = noBag, ours = noBag, theirs = noBag, result = noBag] = bagsOf(words);
  const flats = {
    base: flat(hunk.base),
    ours: flat(hunk.ours),
    theirs: flat(hunk.theirs),
    result: flat(text),
  };
  const [, own = [], other = [], resolved = []] = words.map((list) => [...new Set(list)]);
  const inResult = new Set(resolved);
  const [ownSet, otherSet] = [new Set(own), new Set(other)];
  const contested = [
    ...own.filter((word) => !otherSet.has(word)),
    ...other.filter((word) => !ownSet.has(word)),
  ];
  return {
    path,
    place,
    manner: mannerOf(
      { base, ours, theirs, result },
      flats,
      text.length / Math.max(1, hunk.ours.length + hunk.theirs.length),
    ),
    kind: kindOf(hunk),
    contested: new Set(contested),
    kept: new Set(contested.filter((word) => inResult.has(word))),
    left: new Set(contested.filter((word) => !inResult.has(word))),
  };
}

type Four<T> = Readonly<Record<"base" | "ours" | "theirs" | "result", T>>;

const noBag = { counts: new Uint16Array(0), bits: new Int32Array(0), total: 0 };

function mannerOf(
  { base, ours, theirs, result }: Four<View["words"]>,
  flats: Four<string>,
  length: number,
): Manner {
  const joined = (one: string, other: string): string => flat(`${one} ${other}`);
  return [
    Number(flats.result === flats.ours),
    Number(flats.result === flats.theirs),
    Number(flats.result === joined(flats.ours, flats.theirs)),
    Number(flats.result === joined(flats.theirs, flats.ours)),
    Number(flats.result === flats.base),
    Number(flats.result === ""),
    covered(minus(ours.bits, theirs.bits), result.bits),
    covered(minus(theirs.bits, ours.bits), result.bits),
    likeness(result, base),
    likeness(result, ours),
    likeness(result, theirs),
    length,
  ];
}

/** What the siblings of a hunk tell about it, with the nearest first. */
export interface Lessons {
  readonly sameFile: Manner | null;
  readonly wholeMerge: Manner | null;
  readonly nearest: Manner | null;
  readonly nearestSameFile: boolean;
  readonly sameKind: Manner | null;
  /** Of the sibling that differs in the most of the same words. */
  readonly likest: Manner | null;
  readonly likeness: number;
  readonly inFile: number;
  readonly inMerge: number;
  readonly kept: ReadonlyMap<string, number>;
  readonly left: ReadonlyMap<string, number>;
}

function meanOf(manners: readonly Manner[]): Manner | null {
  if (manners.length === 0) return null;
  return mannerNames.map((_, index) => {
    const known = manners
      .map((manner) => manner[index] ?? Number.NaN)
      .filter((value) => !Number.isNaN(value));
    return known.reduce((sum, value) => sum + value, 0) / known.length;
  });
}

export function lessonsFor(
  { path, place, contest }: { readonly path: string; readonly place: number; readonly contest: Contest },
  lessons: readonly Lesson[],
): Lessons {
  const own = lessons.filter((lesson) => lesson.path === path);
  const distance = (lesson: Lesson): number =>
    Math.abs(lesson.place - place) + (lesson.path === path ? 0 : lessons.length + 1_000);
  const nearest = lessons.reduce<Lesson | null>(
    (best, lesson) => (best === null || distance(lesson) < distance(best) ? lesson : best),
    null,
  );
  const likest = lessons.reduce<{ lesson: Lesson; likeness: number } | null>((best, lesson) => {
    const both = contest.words.filter((word) => lesson.contested.has(word)).length;
    const likeness = both / Math.max(1, contest.words.length + lesson.contested.size - both);
    return best === null || likeness > best.likeness ? { lesson, likeness } : best;
  }, null);
  const tally = (sets: readonly ReadonlySet<string>[]): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const set of sets) for (const word of set) counts.set(word, (counts.get(word) ?? 0) + 1);
    return counts;
  };
  return {
    sameFile: meanOf(own.map(({ manner }) => manner)),
    wholeMerge: meanOf(lessons.map(({ manner }) => manner)),
    nearest: nearest?.manner ?? null,
    nearestSameFile: nearest?.path === path,
    sameKind: meanOf(lessons.filter(({ kind }) => kind === contest.kind).map(({ manner }) => manner)),
    likest: likest?.lesson.manner ?? null,
    likeness: likest?.likeness ?? Number.NaN,
    inFile: own.length,
    inMerge: lessons.length,
    kept: tally(lessons.map(({ kept }) => kept)),
    left: tally(lessons.map(({ left }) => left)),
  };
}

/** The words in which the sides of a hunk differ: the same for all its candidates. */
export interface Contest {
  readonly kind: string;
  readonly words: readonly string[];
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}

export function contestOf({ base, ours, theirs }: Views): Contest {
  const [own, other] = [new Set(wordsOf(ours.text)), new Set(wordsOf(theirs.text))];
  const words = [
    ...[...own].filter((word) => !other.has(word)),
    ...[...other].filter((word) => !own.has(word)),
  ];
  const kind = kindOf({ base: base.text, ours: ours.text, theirs: theirs.text });
  return { kind, words, base: flat(base.text), ours: flat(ours.text), theirs: flat(theirs.text) };
}

/** Named values in a fixed order; NaN where no sibling is known. */
export function siblingFeatures(view: View, views: Views, contest: Contest, lessons: Lessons): Measure[] {
  const { base, ours, theirs } = views;
  const bags = { base: base.words, ours: ours.words, theirs: theirs.words, result: view.words };
  const length = view.text.length / Math.max(1, ours.text.length + theirs.text.length);
  const own = mannerOf(bags, { ...contest, result: flat(view.text) }, length);
  const beside = (label: string, manner: Manner | null): Measure[] =>
    mannerNames.flatMap((name, index): Measure[] => {
      const value = manner?.[index] ?? Number.NaN;
      return [
        [`${label}: ${name}`, value],
        [`off ${label}: ${name}`, Math.abs((own[index] ?? Number.NaN) - value)],
      ];
    });
  return [
    ...beside("same file", lessons.sameFile),
    ...beside("whole merge", lessons.wholeMerge),
    ...beside("nearest", lessons.nearest),
    ...beside("same kind", lessons.sameKind),
    ...beside("likest", lessons.likest),
    ["likeness of the likest", lessons.likeness],
    ["nearest in same file", Number(lessons.nearestSameFile)],
    ["known in file", lessons.inFile],
    ["known in merge", lessons.inMerge],
    ...wordEvidence(view, contest, lessons),
  ];
}

/** How well what the candidate keeps and leaves agrees with what was kept and left elsewhere. */
function wordEvidence(view: View, { words }: Contest, { kept, left, inMerge }: Lessons): Measure[] {
  const own = new Set(wordsOf(view.text));
  let [keptAgain, keptAgainst, leftAgain, leftAgainst, known] = [0, 0, 0, 0, 0];
  for (const word of words) {
    const wasKept = kept.get(word) ?? 0;
    const wasLeft = left.get(word) ?? 0;
    if (wasKept + wasLeft === 0) continue;
    known++;
    const odds = (wasKept - wasLeft) / (wasKept + wasLeft);
    if (own.has(word)) {
      if (odds > 0) keptAgain += odds;
      else keptAgainst -= odds;
    } else if (odds < 0) leftAgain -= odds;
    else leftAgainst += odds;
  }
  const some = known === 0 ? Number.NaN : 1;
  return [
    ["words kept as elsewhere", keptAgain * some],
    ["words kept against elsewhere", keptAgainst * some],
    ["words left as elsewhere", leftAgain * some],
    ["words left against elsewhere", leftAgainst * some],
    ["words as elsewhere", ((keptAgain + leftAgain - keptAgainst - leftAgainst) / Math.max(1, known)) * some],
    ["words known from elsewhere", inMerge === 0 ? Number.NaN : known],
  ];
}
