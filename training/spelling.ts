// Which choices, fork by fork, spell a known resolution: what the beams' odds are counted from.
import type { Block, Fork } from "../src/merge/candidates/blocks.ts";
import type { Choice, ChoiceName } from "../src/merge/candidates/choices.ts";

/** Places in the resolution that are followed at a time: more means that the resolution repeats itself. */
const mostPlaces = 200;

/** The choice made in each fork, or `null` where no choices spell the resolution. */
export function choicesThatSpell(
  blocks: readonly Block[],
  resolution: string,
  choicesOf: (fork: Fork) => readonly Choice[],
): readonly ChoiceName[] | null {
  let paths: Paths = new Map([[0, []]]);
  for (const block of blocks) {
    const steps =
      block.kind === "shared"
        ? [{ text: block.text, taken: [] }]
        : choicesOf(block).map(({ name, text }) => ({ text, taken: [name] }));
    paths = stepped(paths, steps, resolution);
    if (paths.size === 0 || paths.size > mostPlaces) return null;
  }
  return paths.get(resolution.length) ?? null;
}

/** By place in the resolution, the choices that spell it up to there. */
type Paths = ReadonlyMap<number, readonly ChoiceName[]>;

interface Step {
  readonly text: string;
  readonly taken: readonly ChoiceName[];
}

/** Every path, lengthened by every step that goes on as the resolution does. */
function stepped(paths: Paths, steps: readonly Step[], resolution: string): Paths {
  const next = new Map<number, readonly ChoiceName[]>();
  for (const [place, path] of paths) {
    for (const { text, taken } of steps) {
      const end = place + text.length;
      if (!next.has(end) && resolution.startsWith(text, place)) next.set(end, [...path, ...taken]);
    }
  }
  return next;
}
