// What speaks for a candidate, in points. The weights were set by hand and checked on failing tests of real repositories; their order is that of the literature:
// stacks, then what ran, then what was changed, then names (docs/decisions, issue of failing checks).
import type { Candidate } from "./candidates.ts";
import type { Failure } from "./failures.ts";
import { longFunction } from "./limits.ts";
import { stemOf } from "./paths.ts";
import type { Reached } from "./reach.ts";
import { common, rarity, shared } from "./words.ts";

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
  const own = candidates.map((one, index) => {
    const words = {
      points: (2.5 * (likeness[index] ?? 0)) / most,
      why: "its words are those of the failing test",
    };
    return [...reasonsOf(one, evidence), words];
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

function reasonsOf(one: Candidate, evidence: Evidence): readonly Reason[] {
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
      points: meanOf(failures, (failure) => titlePoints(one, failure)),
      why: "the test's title speaks of it",
    },
    { points: formPoints(one), why: "" },
  ];
}

const byRank: readonly number[] = [10, 6, 4, 3, 2];

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
  if (!runsIn(one, ran)) return [{ points: one.kind === "function" ? -5 : 0, why: "" }];
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

/** Names of one or two letters are in every test. */
const isTelling = (name: string): boolean => name.length > 2 && !common.has(name.toLowerCase());

function mentionPoints({ name, owner, kind }: Candidate, { identifiers }: Failure): number {
  if (kind === "file") return 0;
  if (name === "constructor") return identifiers.has(owner) ? 1 : 0;
  const plain = name.replace(/^[#_]+/, "");
  if (identifiers.has(name)) return isTelling(name) ? 4 : 1;
  return plain !== name && identifiers.has(plain) ? 1.5 : 0;
}

function titlePoints(one: Candidate, { titleParts }: Failure): number {
  const words = [...partsOfName(one)].filter((part) => !common.has(part));
  const found = words.filter((part) => titleParts.has(part)).length;
  return words.length === 0 ? 0 : (2.5 * found) / words.length;
}

function partsOfName({ name }: Candidate): ReadonlySet<string> {
  const parts = name.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+/gu) ?? [];
  return new Set(parts.map((part) => part.toLowerCase()).filter((part) => part.length > 1));
}

function likenessOf({ parts }: Candidate, failure: Failure, rare: (word: string) => number): number {
  // Long functions have more words; the square root is between their number and their share.
  return shared(parts, failure.parts, rare) / Math.sqrt(20 + parts.size);
}

/** Long functions are hard to write anew, very short ones have little to be wrong, and outside of functions faults are rare. */
function formPoints({ kind, firstLine, lastLine }: Candidate): number {
  if (kind === "file") return -1.5;
  if (kind === "region") return -1;
  const lines = lastLine - firstLine + 1;
  return lines > longFunction ? -0.7 : lines < 4 ? -0.4 : 0;
}

/** Points that go to what a likely function names, and half as many one call further. */
function passedOn(candidates: readonly Candidate[], own: readonly number[]): readonly number[] {
  const order = [...own.keys()].sort((one, other) => (own[other] ?? 0) - (own[one] ?? 0));
  const byName = new Map<string, number[]>();
  for (const [index, { name, kind }] of candidates.entries()) {
    if (kind === "file" || !isTelling(name)) continue;
    byName.set(name, [...(byName.get(name) ?? []), index]);
  }
  const passed = new Map<number, number>();
  const give = (from: number, points: number, steps: number): void => {
    const caller = candidates[from];
    if (caller === undefined || steps === 0) return;
    for (const name of caller.identifiers) {
      const targets = (byName.get(name) ?? []).filter((index) => index !== from);
      for (const target of targets.length > 3 ? [] : targets) {
        if ((passed.get(target) ?? 0) >= points) continue;
        passed.set(target, points);
        give(target, points / 2, steps - 1);
      }
    }
  };
  for (const index of order.slice(0, 6)) give(index, 0.25 * (own[index] ?? 0), 2);
  return candidates.map((_, index) => passed.get(index) ?? 0);
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
