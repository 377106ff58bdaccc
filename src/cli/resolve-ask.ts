// Asking a person about open hunks: between what the ladder left of the files and the walk at the terminal.
import { hunkLines } from "../merge/hunks.ts";
import type {
  Conflict,
  FileResolution,
  HunkResolution,
  RankedCandidate,
  Settlement,
} from "../core/conflict.ts";
import { precisionOf } from "../merge/precision.ts";
import { resolveChecked } from "../merge/resolve-checked.ts";
import { siblingsOf } from "../merge/siblings.ts";
import type { Settled } from "../merge/siblings.ts";
import type { WorktreeFile } from "../workspace/worktree.ts";
import type { LocalMemory } from "./local-memory.ts";
import { walkAtTerminal } from "./resolve-terminal.ts";
import type { Terminal } from "./resolve-terminal.ts";
import { sure } from "./resolve-text.ts";
import type { Answer, Question, Ranking, Walk, WalkFile } from "./resolve-walk.ts";

/** A conflicted file with hunks that are open. */
export interface OpenFile {
  readonly conflict: Conflict;
  readonly split: WorktreeFile;
  readonly resolution: FileResolution;
}

interface Asked {
  readonly terminal: Terminal;
  readonly memory: LocalMemory;
  /** Least precision, 0 to 1, of what is settled without a key; never less than the App's own bar. */
  readonly bar: number;
  /** Hunks of the merge that were settled for certain before. */
  readonly certain: readonly Settled[];
}

/** Candidates that are shown however unlikely they are; more only where they have a chance worth reading about. */
const alwaysShown = 3;
const worthShowing = 0.02;

const shown = (candidates: readonly RankedCandidate[]): readonly RankedCandidate[] =>
  candidates.filter(({ probability }, index) => index < alwaysShown || probability >= worthShowing);

/** Walks the open hunks of the files, then hands each file to `finish` with what was answered. */
export async function askAboutOpenHunks(
  files: readonly OpenFile[],
  { terminal, memory, bar, certain }: Asked,
  finish: (file: OpenFile) => Promise<void>,
): Promise<void> {
  await walkAtTerminal(files.map(walkFile), {
    terminal,
    rank: async (index, walk) => {
      const file = files[index];
      if (!file) throw new Error("The walk asks for a file that is not in it.");
      const { own, others } = answeredIn(walk, files, index);
      const elsewhere = certain.filter(({ path }) => path !== file.conflict.path);
      const siblings = siblingsOf([...elsewhere, ...others], own);
      const ranked = await resolveChecked(file.split.file, { memory: memory.resolutions, siblings });
      return rankingOf(ranked, Math.max(bar, sure), memory);
    },
    finish: async (walk) => {
      for (const [index, file] of files.entries()) {
        const answers = walk.answers.filter(({ place }) => place.file === index);
        await finish({ ...file, resolution: answered(file.resolution, answers) });
      }
    },
  });
}

function walkFile({ split: { file, labels }, resolution }: OpenFile): WalkFile {
  const lines = hunkLines(file);
  const questions = resolution.openHunks.flatMap((index): [number, Question][] => {
    const one = resolution.hunks[index];
    if (!one) return [];
    const { hunk, candidates } = one;
    const line = lines[index] ?? 1;
    return [[index, { line, hunk, candidates: shown(candidates), offer: null }]];
  });
  return { path: file.path, labels, questions: new Map(questions), order: resolution.openHunks };
}

/** What the answers so far tell about a file: those in it by their index, and those of the other files. */
function answeredIn(
  { answers }: Walk,
  files: readonly OpenFile[],
  index: number,
): { readonly own: (Settled & { readonly index: number })[]; readonly others: Settled[] } {
  const own: (Settled & { readonly index: number })[] = [];
  const others: Settled[] = [];
  for (const { place, settlement } of answers) {
    const { path, hunks } = files[place.file]?.resolution ?? { path: "", hunks: [] };
    const hunk = hunks[place.hunk]?.hunk;
    if (!hunk || settlement === null) continue;
    const settled = { path, hunk, text: settlement.text };
    if (place.file === index) own.push({ ...settled, index: place.hunk });
    else others.push(settled);
  }
  return { own, others };
}

function rankingOf({ hunks, openHunks }: FileResolution, bar: number, { counts }: LocalMemory): Ranking {
  const isSure = (settlement: Settlement | null): boolean =>
    settlement !== null && precisionOf(settlement.tier, settlement.class, counts).lower >= bar;
  return {
    hunks: hunks.map(({ candidates, settlement }) => ({
      candidates: shown(candidates),
      settlement,
      sure: isSure(settlement),
    })),
    order: openHunks,
  };
}

function answered(resolution: FileResolution, answers: readonly Answer[]): FileResolution {
  const given = new Map(answers.map(({ place, settlement }) => [place.hunk, settlement]));
  const hunks = resolution.hunks.map((one, index): HunkResolution => {
    const settlement = given.get(index) ?? one.settlement;
    return { ...one, settlement, why: settlement?.why ?? one.why };
  });
  const openHunks = resolution.openHunks.filter((index) => (given.get(index) ?? null) === null);
  return { ...resolution, hunks, openHunks };
}
