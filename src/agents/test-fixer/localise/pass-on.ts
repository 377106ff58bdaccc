// Points passed along calls: a fault is as likely in what a suspect calls, where it does little itself.
import type { Candidate } from "./candidates.ts";
import { isTelling } from "./words.ts";

/** Only hands on: no decision, no loop, nothing kept. */
export function isThin({ span }: Candidate): boolean {
  const { text, signature } = span ?? { text: "", signature: "" };
  const body = text
    .replace(/^\s*(?:\/\/|#|\/?\*).*$/gm, "")
    .replace(/\s+/g, " ")
    .trim()
    .slice(signature.length);
  return (
    body.length < 240 && !/\b(?:if|for|while|switch|match|try|throw|raise)\b|[^=!<>]=[^=>]|[?&|]/.test(body)
  );
}

/** Shares of the points that go to what a likely function names, by how little it does itself; tables are named without being called. */
const share = { thin: 0.8, first: 0.3, further: 0.6 };
const mostSteps = 4;
/** A name that so many functions have says nothing of which one is called. */
const mostNamesakes = 3;

/** For each candidate the points that others pass to it; `own` are theirs. */
export function passedOn(candidates: readonly Candidate[], own: readonly number[]): readonly number[] {
  const byName = placesByName(candidates);
  const passed = candidates.map(() => 0);
  const give = (from: number, points: number, steps: number): void => {
    const caller = candidates[from];
    if (caller === undefined || caller.kind === "file" || steps === 0 || points < 0.3) return;
    const given = points * shareOf(caller, steps === mostSteps);
    for (const target of targetsOf(from, candidates, byName)) {
      if ((passed[target] ?? 0) >= given) continue;
      passed[target] = given;
      give(target, given, steps - 1);
    }
  };
  const order = [...own.keys()].sort((one, other) => (own[other] ?? 0) - (own[one] ?? 0));
  for (const index of order.slice(0, 8)) give(index, own[index] ?? 0, mostSteps);
  return passed;
}

function placesByName(candidates: readonly Candidate[]): ReadonlyMap<string, readonly number[]> {
  const byName = new Map<string, number[]>();
  for (const [index, { name, kind, tables }] of candidates.entries()) {
    for (const one of kind === "file" ? tables : [name]) {
      if (isTelling(one)) byName.set(one, [...(byName.get(one) ?? []), index]);
    }
  }
  return byName;
}

const shareOf = (caller: Candidate, isFirst: boolean): number =>
  isThin(caller) ? share.thin : isFirst ? share.first : share.further;

/** Functions are called, tables are named; a table names functions without a call. */
function targetsOf(
  from: number,
  candidates: readonly Candidate[],
  byName: ReadonlyMap<string, readonly number[]>,
): readonly number[] {
  const caller = candidates[from];
  return [...(caller?.identifiers ?? [])].flatMap((name) => {
    const known = namesakes(byName.get(name) ?? [], from, candidates);
    const isCalled = caller?.kind === "region" || caller?.calls.has(name) === true;
    const meant = isCalled ? known : known.filter((index) => candidates[index]?.kind !== "function");
    return meant.length > mostNamesakes ? [] : meant;
  });
}

/** Those in the caller's own file, or else all. */
function namesakes(
  targets: readonly number[],
  from: number,
  candidates: readonly Candidate[],
): readonly number[] {
  const others = targets.filter((index) => index !== from);
  const near = others.filter((index) => candidates[index]?.path === candidates[from]?.path);
  return near.length > 0 ? near : others;
}
