// What speaks for a candidate, in points. The weights were set by hand while looking at 118 failing tests of real and small repositories, so what they reach there
// is no forecast.
import type { Candidate } from "./candidates.ts";
import type { Failure } from "./failures.ts";
import { longFunction } from "./limits.ts";
import { isThin, passedOn } from "./pass-on.ts";
import { stemOf } from "./paths.ts";
import type { Reached } from "./reach.ts";
import { isTelling, little, partsOf, rarity, shared } from "./words.ts";

type Lines = ReadonlyMap<string, ReadonlySet<number>>;

export interface Evidence {
  readonly failures: readonly Failure[];
  readonly reach: ReadonlyMap<string, Reached>;
  readonly changed: ReadonlySet<string>;
  /** Texts before the change, of changed paths where that is known; `null`: the file is new. */
  readonly before: ReadonlyMap<string, string | null>;
  /** Lines that ran while the failing tests did. */
  readonly coverage: Lines | null;
  /** Lines that ran, of each passing test file. */
  readonly passing: readonly Lines[];
}

/** Points for one reason, and the reason as a clause for people. */
interface Reason {
  readonly points: number;
  readonly why: string;
}

export interface Scored {
  readonly candidate: Candidate;
  readonly score: number;
  readonly why: string;
}

/** All candidates, best first; equals by path and line. */
export function scored(candidates: readonly Candidate[], evidence: Evidence): readonly Scored[] {
  const rare = rarity(candidates.map(({ parts }) => parts));
  const likeness = candidates.map((one) =>
    meanOf(evidence.failures, (failure) => likenessOf(one, failure, rare)),
  );
  const most = Math.max(...likeness, 1e-9);
  const rareName = rarity(candidates.map(nameParts));
  const own = candidates.map((one, index) => {
    const words = {
      points: (2.5 * (likeness[index] ?? 0)) / most,
      why: "its words are those of the failing test",
    };
    return [...reasonsOf(one, evidence, rareName), words];
  });
  const passed = passedOn(candidates, own.map(sum));
  return candidates
    .map((candidate, index) => {
      const called = { points: passed[index] ?? 0, why: "what the failing test calls leads to it" };
      const reasons = [...(own[index] ?? []), called];
      return { candidate, score: sum(reasons), why: sentence(reasons) };
    })
    .sort((one, other) => other.score - one.score || byPlace(one.candidate, other.candidate));
}

const sum = (reasons: readonly Reason[]): number => reasons.reduce((total, { points }) => total + points, 0);

function byPlace(one: Candidate, other: Candidate): number {
  if (one.path !== other.path) return one.path < other.path ? -1 : 1;
  return one.firstLine - other.firstLine || other.lastLine - one.lastLine;
}

function meanOf(failures: readonly Failure[], points: (failure: Failure) => number): number {
  const each = failures.map(points);
  return each.length === 0 ? 0 : each.reduce((total, one) => total + one, 0) / each.length;
}

function reasonsOf(one: Candidate, evidence: Evidence, rare: (word: string) => number): readonly Reason[] {
  const { failures } = evidence;
  return [
    { points: stackPoints(one, failures), why: "the stack of the failing test goes through it" },
    changePoints(one, evidence),
    ...runPoints(one, evidence),
    reachPoints(one, evidence),
    {
      points: meanOf(failures, (failure) => mentionPoints(one, failure)),
      why: "the failing test calls it by name",
    },
    {
      points: meanOf(failures, (failure) => titlePoints(one, failure, rare)),
      why: "the test's title speaks of it",
    },
    { points: formPoints(one), why: "" },
  ];
}

const byRank: readonly number[] = [13, 5, 3, 2, 1];

/** The topmost frame counts most; the mean over the tests and the best of them share. */
function stackPoints(one: Candidate, failures: readonly Failure[]): number {
  const each = failures.map(({ frames }) => {
    const rank = frames.findIndex((frame) => holds(one, frame));
    return rank === -1 ? 0 : (byRank[rank] ?? 1);
  });
  const mean = each.reduce((total, points) => total + points, 0) / Math.max(1, each.length);
  return 0.4 * Math.max(0, ...each) + 0.6 * mean;
}

function holds(
  one: Candidate,
  { path, line, name }: { path: string; line: number | null; name: string },
): boolean {
  if (path !== one.path) return false;
  // A frame of what was built of the file: only the name says where.
  if (line === null) return name !== "" && name === one.name;
  return one.kind !== "file" && one.firstLine <= line && line <= one.lastLine;
}

function changePoints(one: Candidate, { changed, before }: Evidence): Reason {
  const why = "the pull request changes it";
  if (!changed.has(one.path)) return { points: 0, why };
  const old = before.get(one.path);
  if (old === undefined) return { points: 2, why };
  const text = (one.span?.text ?? one.text).trim();
  return { points: old === null || old.includes(text) ? (old === null ? 2 : 0) : 4, why };
}

/** Ochiai over one failing run: 1 where no passing test runs it, less with each that does. What was measured and did not run is hardly at fault. */
function runPoints(one: Candidate, { coverage, passing }: Evidence): readonly Reason[] {
  const ran = coverage?.get(one.path);
  if (ran === undefined || one.kind === "file") return [];
  if (!runsIn(one, ran)) return [{ points: one.kind === "function" ? -8 : 0, why: "" }];
  const alsoPassing = passing.filter((lines) => runsIn(one, lines.get(one.path) ?? new Set())).length;
  return [{ points: 3 / Math.sqrt(1 + alsoPassing), why: "the failing test runs it" }];
}

/** Any line but the first, which runs where the function is made; of one line, that one. */
function runsIn({ firstLine, lastLine }: Candidate, lines: ReadonlySet<number>): boolean {
  for (let line = Math.min(firstLine + 1, lastLine); line <= lastLine; line += 1) {
    if (lines.has(line)) return true;
  }
  return false;
}

function reachPoints(one: Candidate, { reach, failures }: Evidence): Reason {
  const reached = reach.get(one.path);
  const isNamed = reached?.names.has(one.name) === true || reached?.names.has(one.owner) === true;
  const near = reached === undefined ? 0 : reached.distance === 1 ? 1.5 : 0.5;
  const stem = stemOf(one.path);
  const isSibling = failures.some(({ file }) => file !== null && stemOf(file) === stem) ? 1.5 : 0;
  return { points: near + (isNamed ? 1.5 : 0) + isSibling, why: "the failing test imports it" };
}

/** Calls count for more than words: a table of cases names what it tests in strings. Where a stack says more, what leads to its top counts half. */
function mentionPoints(one: Candidate, failure: Failure): number {
  const [top] = failure.frames;
  return top === undefined || holds(one, top) ? namedPoints(one, failure) : namedPoints(one, failure) / 2;
}

function namedPoints({ name, owner, kind }: Candidate, { identifiers, calls }: Failure): number {
  if (kind === "file") return 0;
  if (name === "constructor") return calls.has(owner) ? 1 : 0;
  const called = calls.get(name);
  if (called !== undefined) return isTelling(name) ? 1.5 + 2.5 * called : 1;
  return identifiers.has(name) && isTelling(name) ? 2 : 0;
}

/** A suite or a title that is the name, or a compound word that is; else rare words of the name, and how many of its words the title has. */
function titlePoints(one: Candidate, failure: Failure, rare: (word: string) => number): number {
  const { segments, titleParts, messageParts } = failure;
  const isCompound = /[a-z][A-Z]|_/.test(one.name);
  const whole = segments.has(one.name) && isTelling(one.name) ? (isCompound ? 3 : 1.5) : 0;
  const words = [...nameParts(one)].filter((part) => !little.has(part));
  const partsIn = (text: ReadonlySet<string>): number => {
    const found = words.filter((part) => text.has(part));
    const weight = found.reduce((total, part) => total + Math.min(1, Math.max(0, rare(part)) / 3), 0);
    return words.length === 0 ? 0 : Math.min(3, weight) * (found.length / words.length) ** 0.5;
  };
  return Math.max(whole, 1.6 * partsIn(titleParts), partsIn(messageParts));
}

const nameParts = ({ name }: Candidate): ReadonlySet<string> =>
  new Set([...partsOf([name])].filter((part) => part !== name.toLowerCase() || !/[a-z][A-Z]|_/.test(name)));

function likenessOf({ parts }: Candidate, failure: Failure, rare: (word: string) => number): number {
  // Long functions have more words; the square root is between their number and their share.
  return shared(parts, failure.parts, rare) / Math.sqrt(20 + parts.size);
}

/** Long functions are hard to write anew, very short ones have little to be wrong, and outside of functions faults are rare. */
function formPoints(one: Candidate): number {
  if (one.kind === "file") return -1.5;
  if (one.kind === "region") return -1;
  if (one.lastLine - one.firstLine >= longFunction) return -0.7;
  return isThin(one) ? -2 : 0;
}

function sentence(reasons: readonly Reason[]): string {
  const best = reasons
    .filter(({ points, why }) => points > 0.8 && why !== "")
    .sort((one, other) => other.points - one.points)
    .slice(0, 2)
    .map(({ why }) => why);
  const words = best.length === 0 ? "it is near what the failing test imports" : best.join(", and ");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
