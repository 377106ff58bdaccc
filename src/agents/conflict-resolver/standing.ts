// A file while models settle it: what is settled by whom so far.
import type { FileResolution, HunkResolution } from "../../core/conflict.ts";
import type { ModelSettlement } from "../../core/task.ts";
import { mostTelling } from "../../merge/rank/most-telling.ts";
import type { Settled } from "../../merge/siblings.ts";
import type { Climbed } from "./climb.ts";

export interface Standing {
  resolution: FileResolution;
  /** Hunks that a model settled, by their index, and the calls that did. */
  readonly byModel: Map<number, Pick<Climbed, "callIds" | "verdicts">>;
  /** Hunks that the ranker settled because of those. */
  readonly beside: Set<number>;
  /** Hunks that had their turn. */
  readonly done: Set<number>;
  /** Answers by the key of their hunk, those of earlier attempts included. */
  readonly known: Map<string, ModelSettlement>;
  /** Keys of hunks that stay open: the same sides are not asked about twice. */
  readonly failed: Set<string>;
  /** Hunks that a model was asked about. */
  asked: number;
  readonly steps: string[];
  readonly guidance: string[];
}

export function standingAtFirst(resolution: FileResolution, known: readonly ModelSettlement[]): Standing {
  return {
    resolution,
    byModel: new Map(),
    beside: new Set(),
    done: new Set(),
    known: new Map(known.map((one) => [one.key, one])),
    failed: new Set(),
    asked: 0,
    steps: [],
    guidance: [],
  };
}

export function hunkAt({ resolution }: Standing, index: number): HunkResolution {
  const one = resolution.hunks[index];
  if (!one) throw new Error(`${resolution.path} has no hunk ${index + 1}.`);
  return one;
}

/** Puts a hunk's new state in the place of its old one; the others stay open in the order in which they were. */
export function settle(standing: Standing, index: number, state: HunkResolution): void {
  const hunks = standing.resolution.hunks.map((one, at) => (at === index ? state : one));
  const openHunks = standing.resolution.openHunks.filter((open) => hunks[open]?.settlement === null);
  standing.resolution = { ...standing.resolution, hunks, openHunks };
}

/** Puts all that is open in the order in which it is best asked about. */
export function reorder(standing: Standing): void {
  const { resolution } = standing;
  standing.resolution = { ...resolution, openHunks: mostTelling(resolution.hunks) };
}

/** Adds a sentence to why a hunk is open. */
export function explain(standing: Standing, index: number, sentence: string): void {
  const one = hunkAt(standing, index);
  settle(standing, index, { ...one, why: `${one.why} ${sentence}` });
}

export function explainOpen(standing: Standing, sentence: string): void {
  for (const index of standing.resolution.openHunks) explain(standing, index, sentence);
}

export function addStep(standing: Standing, line: string, record: (line: string) => void): void {
  standing.steps.push(line);
  record(line);
}

/** The settled hunks of the file, in file order. */
export function settledIn({ path, hunks }: FileResolution): Settled[] {
  return hunks.flatMap(({ hunk, settlement }) => (settlement ? [{ path, hunk, text: settlement.text }] : []));
}
