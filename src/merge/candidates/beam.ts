// Ordered mixes of both sides, block by block, the likeliest first.
import type { Block, Fork } from "./blocks.ts";
import { blocksOf } from "./blocks.ts";
import type { Family, Proposal } from "./candidate.ts";
import { forkKind } from "./choice-table.ts";
import type { ChoiceOdds, ForkKind } from "./choice-table.ts";
import { lineChoices, tokenChoices } from "./choices.ts";
import type { Choice } from "./choices.ts";
import type { Register, Sides } from "./sides.ts";
import { hashOf, joined } from "./text-hash.ts";
import type { TextHash } from "./text-hash.ts";

/** Mixes that are followed at a time. More find nothing: 80 of each kind added nothing to the oracle on the development hunks. */
const beamWidth = 24;
/** Forks beyond which a hunk is no longer mixed. */
const mostForks = 60;

/** Lines (or tokens) of the answer, by beam. */
const lineAnswers = 16;
const tokenAnswers = 10;

/** UTF-16 units of a hunk beyond which it is not mixed: every step copies the text. */
const longestHunk = 24_000;

/** Empty lines alone do not keep two forks apart. */
const isSlightLines = (shared: readonly string[]): boolean =>
  shared.length <= 2 && shared.every((line) => line.trim() === "");

/** A blank or a sign or two between two words does not keep them apart. */
const isSlightTokens = (shared: readonly string[]): boolean => {
  const text = shared.join("");
  return text.length <= 2 && !/[\p{L}\p{N}_\n]/u.test(text);
};

export interface BeamOdds {
  readonly line: ChoiceOdds;
  readonly token: ChoiceOdds;
}

/** The forks of a hunk's lines, for the beam and for learning its odds. */
export function lineBlocks(sides: Sides): Block[] {
  return blocksOf(sides.lines(), isSlightLines);
}

/** The forks of a hunk's tokens; `null` where it is too long. */
export function tokenBlocks(sides: Sides): Block[] | null {
  const cut = sides.tokens();
  return cut && blocksOf(cut, isSlightTokens);
}

/** Mixes of whole lines, and inside a fork of words. */
export function lineBeam(odds: BeamOdds): Family {
  return (sides) => {
    if (sides.ours.length + sides.theirs.length > longestHunk) return [];
    const choices = (fork: Fork): Choice[] => lineChoices(fork, sides.base);
    return search(lineBlocks(sides), { odds: odds.line, choices, register: sides.register })
      .slice(0, lineAnswers)
      .map(({ text, logProbability }, rank): Proposal => ({ name: "line-beam", text, rank, logProbability }));
  };
}

/** Mixes of words. */
export function tokenBeam(odds: BeamOdds): Family {
  return (sides) => {
    const blocks = tokenBlocks(sides);
    if (blocks === null) return [];
    return search(blocks, { odds: odds.token, choices: tokenChoices, register: sides.register })
      .slice(0, tokenAnswers)
      .map(({ text, logProbability }, rank): Proposal => ({
        name: "token-beam",
        text,
        rank,
        logProbability,
      }));
  };
}

interface Mix {
  readonly logProbability: number;
  readonly previous: string;
  readonly text: string;
  /** Of the text: texts are compared at every step, and reading them whole each time would be most of the work. */
  readonly hash: TextHash;
}

interface SearchOptions {
  readonly odds: ChoiceOdds;
  readonly choices: (fork: Fork) => readonly Choice[];
  readonly register: Register;
}

function search(blocks: readonly Block[], { odds, choices, register }: SearchOptions): Mix[] {
  const forks = blocks.filter(({ kind }) => kind === "fork").length;
  if (forks > mostForks) return [];
  let mixes: Mix[] = [{ logProbability: 0, previous: "^", text: "", hash: hashOf("") }];
  for (const block of blocks) {
    if (block.kind === "shared") {
      const hash = hashOf(block.text);
      mixes = mixes.map((mix) => ({ ...mix, text: mix.text + block.text, hash: joined(mix.hash, hash) }));
      continue;
    }
    const kind = forkKind(block, register, forks === 1);
    const next = new Map<string, Mix>();
    for (const { name, text } of choices(block)) {
      const hash = hashOf(text);
      for (const mix of mixes) keepBetter(next, extended(mix, { name, text, hash, odds, kind }));
    }
    mixes = [...next.values()].sort(byProbability).slice(0, beamWidth);
  }
  const seen = new Set<string>();
  return mixes.filter(({ text }) => !seen.has(text) && seen.add(text));
}

interface Step extends Choice {
  readonly hash: TextHash;
  readonly odds: ChoiceOdds;
  readonly kind: ForkKind;
}

function extended(mix: Mix, { name, text, hash, odds, kind }: Step): Mix {
  return {
    logProbability: mix.logProbability + odds(kind, mix.previous, name),
    previous: name,
    text: mix.text + text,
    hash: joined(mix.hash, hash),
  };
}

function keepBetter(mixes: Map<string, Mix>, mix: Mix): void {
  const key = `${mix.previous} ${mix.hash.low} ${mix.hash.high}`;
  const known = mixes.get(key);
  if (!known || known.logProbability < mix.logProbability) mixes.set(key, mix);
}

/** Likeliest first; equals stay in the order in which they were made. */
function byProbability(one: Mix, other: Mix): number {
  return other.logProbability - one.logProbability;
}
