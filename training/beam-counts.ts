// Counts the choices that developers made, fork by fork: what the beams go by.
import type { HunkCase } from "../src/cli/bench/cases.ts";
import { lineBlocks, tokenBlocks } from "../src/merge/candidates/beam.ts";
import type { Block } from "../src/merge/candidates/blocks.ts";
import { forkKind } from "../src/merge/candidates/choice-table.ts";
import type { BeamCounts } from "../src/merge/candidates/choice-table.ts";
import { lineChoices, tokenChoices } from "../src/merge/candidates/choices.ts";
import type { ChoiceName } from "../src/merge/candidates/choices.ts";
import { sidesOf } from "../src/merge/candidates/sides.ts";
import type { Register, Sides } from "../src/merge/candidates/sides.ts";
import { contextOf, hunkOf } from "./cases.ts";
import { choicesThatSpell } from "./spelling.ts";

type Counts = Record<string, Record<string, Partial<Record<ChoiceName, number>>>>;

/** The choices that spell each case's resolution. */
interface Spelling {
  readonly register: Register;
  readonly line: Spelled | null;
  readonly token: Spelled | null;
}

interface Spelled {
  readonly blocks: readonly Block[];
  readonly choices: readonly ChoiceName[];
}

/** A resolution with more forks than this says little: it was rewritten. */
const mostForks = 40;

export function spell(test: HunkCase): Spelling {
  const sides: Sides = sidesOf(hunkOf(test), contextOf(test));
  const spelled = (
    blocks: readonly Block[] | null,
    choicesOf: Parameters<typeof choicesThatSpell>[2],
  ): Spelled | null => {
    if (blocks === null || blocks.filter(({ kind }) => kind === "fork").length > mostForks) return null;
    const choices = choicesThatSpell(blocks, test.resolution, choicesOf);
    return choices && { blocks, choices };
  };
  return {
    register: sides.register,
    line: spelled(lineBlocks(sides), (fork) => lineChoices(fork, sides.base)),
    token: spelled(tokenBlocks(sides), tokenChoices),
  };
}

export function countChoices(spellings: readonly Spelling[]): BeamCounts {
  const counts = { line: {} as Counts, token: {} as Counts };
  for (const spelling of spellings) {
    if (spelling.line) add(counts.line, spelling.line, spelling.register);
    if (spelling.token) add(counts.token, spelling.token, spelling.register);
  }
  return counts;
}

function add(counts: Counts, { blocks, choices }: Spelled, register: Register): void {
  const forks = blocks.filter((block) => block.kind === "fork");
  let previous = "^";
  for (const [index, fork] of forks.entries()) {
    const choice = choices[index];
    if (choice === undefined) return;
    const { whole } = forkKind(fork, register, forks.length === 1);
    const byChoice = ((counts[whole] ??= {})[previous] ??= {});
    byChoice[choice] = (byChoice[choice] ?? 0) + 1;
    previous = choice;
  }
}
