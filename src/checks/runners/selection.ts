// Test files that are named to a runner: which of a request, whether it would take each name as it is, and in which order.
import { pathWords, rawWords, splitArguments } from "./arguments.ts";
import type { Argument, Selection, TestRequest } from "./types.ts";

export const affectedTests: Selection = { kind: "affected" };

/** What a runner is told of the tests. */
export interface SelectedWords {
  readonly words: readonly string[];
  readonly shuffled: boolean;
}

/** Characters that runners who take patterns read as more than themselves. */
const magic = /[*?[\]{}()!\\]/;

/**
 * The arguments for all tests, or with the files of the selection in place of those that the line names; as they are where the runner would take a name for a
 * pattern. `valued`: options whose value is the next word.
 */
export function namedWords(
  args: readonly Argument[],
  { selection, seed }: TestRequest,
  convention: {
    readonly valued: readonly string[];
    readonly takes?: "patterns" | "paths";
    readonly ordered: boolean;
  },
): SelectedWords {
  const files = selection?.kind === "files" ? selection.files : [];
  const isPattern = convention.takes !== "paths" && files.some((file) => magic.test(file));
  if (files.length === 0 || isPattern) return { words: rawWords(args), shuffled: false };
  const { options } = splitArguments(args, convention.valued);
  const order = convention.ordered && seed !== undefined ? shuffled(files, seed) : files;
  return {
    words: [...rawWords(options), ...pathWords(order)],
    shuffled: order.some((file, index) => file !== files[index]),
  };
}

/** A permutation that hangs on the number alone (Fisher and Yates; drawn with the linear congruence of Numerical Recipes, from a start that a golden ratio spreads). */
export function shuffled<T>(items: readonly T[], seed: number): readonly T[] {
  const mixed = [...items];
  let state = Math.imul(runnerSeed(seed) + 1, 0x9e37_79b1) >>> 0;
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (last + 1));
    const [one, two] = [mixed[last], mixed[other]];
    if (one === undefined || two === undefined) continue;
    mixed[last] = two;
    mixed[other] = one;
  }
  return mixed;
}

/** A seed as the runners take it: from 0 to 2^31 - 1. */
export function runnerSeed(seed: number): number {
  return Math.abs(Math.trunc(seed)) % 2 ** 31;
}

/** Whether a range of versions begins at a version or above it: "^29.7.0" at 29.5. What cannot be read does not. */
export function isFrom(range: string | undefined, major: number, minor: number): boolean {
  const [, first, second] = /^\D{0,3}(\d{1,4})(?:\.(\d{1,4}))?(?:\.|$)/.exec(range ?? "") ?? [];
  if (first === undefined) return false;
  return Number(first) > major || (Number(first) === major && Number(second ?? 0) >= minor);
}
