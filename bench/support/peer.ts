// What a merge tool is to the bench: three texts in, one text out, or none.
import type { Score } from "../../src/merge/score.ts";

/** One conflict: three whole texts, and how a result compares with what the developers did. */
export interface Conflict {
  readonly path: string;
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  readonly judge: (result: string) => Score;
}

/** What a tool made of one conflict. */
export interface Answer {
  /** `false`: not a kind of file that it merges. */
  readonly applies: boolean;
  /** The merged text; `null` where it leaves a conflict, or fails. */
  readonly text: string | null;
  /** Milliseconds; of a tool that merges all at once, its share of the whole. */
  readonly ms: number;
}

export interface Peer {
  readonly name: string;
  /** How it was called, for people. */
  readonly how: string;
  readonly answer: (conflicts: readonly Conflict[]) => Promise<readonly Answer[]>;
}

/** A tool that is not there, and why. */
export interface Absent {
  readonly name: string;
  readonly absent: string;
}

/** A tool that merges one conflict at a time; one that throws leaves the conflict. Only `merge` is timed. */
export function oneByOne(
  peer: Pick<Peer, "name" | "how">,
  tool: {
    readonly applies: (conflict: Conflict) => boolean;
    readonly merge: (conflict: Conflict) => Promise<string | null> | string | null;
  },
): Peer {
  return {
    ...peer,
    answer: async (conflicts) => {
      const answers: Answer[] = [];
      for (const conflict of conflicts) {
        if (!tool.applies(conflict)) {
          answers.push({ applies: false, text: null, ms: 0 });
          continue;
        }
        const began = performance.now();
        const text = await settled(() => tool.merge(conflict));
        answers.push({ applies: true, text, ms: performance.now() - began });
      }
      return answers;
    },
  };
}

async function settled(merge: () => Promise<string | null> | string | null): Promise<string | null> {
  try {
    return await merge();
  } catch {
    return null;
  }
}
