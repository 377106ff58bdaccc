// Whether a perfect model could settle a hunk that the rules left open: from what the ladder says of its limits, and from the bench's own judge. The
// ladder's verdicts have no part in it.
import type { ConflictedFile, Hunk, RankedCandidate } from "../../core/conflict.ts";
import { isRight, scorerOf } from "../../merge/score.ts";
import { condemn } from "./judge/index.ts";
import { linesOf } from "./judge/lines.ts";
import { strangeWords } from "./judge/words.ts";
import { judgedFile } from "./models-judged.ts";
import type { KnownHunk } from "./models-cases.ts";
import { bare } from "./models-prompt.ts";

/**
 * `pick`: the resolution is among the candidates that are shown. `write`: it can be written. Otherwise why it cannot, the first that holds: `protected`, the
 * file decides what is installed, and no model is asked about it; `unheard`, the developers used words that stand neither in the sides nor in the lines
 * around the conflict that models are shown; `condemned`, the judge itself would condemn their resolution; `too large`, the conflict is more than models are
 * shown; `empty`, it is no lines at all, which nobody may write; `too long`, it is more than they may write; `unwritable`, the sides have hidden characters
 * or mixed line ends, which a written text would lose.
 */
export type Reach =
  | "pick"
  | "write"
  | "protected"
  | "unheard"
  | "condemned"
  | "too large"
  | "empty"
  | "too long"
  | "unwritable";

export interface ReachedHunk {
  readonly file: ConflictedFile;
  readonly index: number;
  readonly hunk: Hunk;
  readonly candidates: readonly RankedCandidate[];
  readonly known: KnownHunk;
  readonly resolution: string;
}

/** Stated by the ladder (src/agents/conflict-resolver/limits.ts); written down again, so that a limit that moves by mistake shows here. */
const shownOptions = 8;
const bytesPerToken = 3.5;
/** Bytes that the small and the large model are shown. */
const smallBytes = 2_000 * bytesPerToken;
const largeBytes = 6_000 * bytesPerToken;
/** Bytes that may be written: a truncated small answer is asked for again with the room that the large one has. */
const writtenBytes = 800 * bytesPerToken;
/** Bytes of instructions and notes in a pick, in a question with the lines around the conflict, and in a consult; and of one more piece of data: about. */
const around = { pick: 1_900, write: 2_700, consult: 3_600, piece: 60 };
/** Clean lines that are shown on each side of the conflict, and how much of them. */
const shownLines = 10;
const shownBytes = 600;
/** Files that decide what is installed. */
const protectedFile =
  /(?:^|\/)(?:package\.json|npm-shrinkwrap\.json|[^/]*\.lock|[^/]*-lock\.(?:json|ya?ml)|[^/]*\.lockb|go\.sum)$/i;

const bytes = (text: string): number => Buffer.byteLength(text);

export async function reachOf(asked: ReachedHunk): Promise<Reach> {
  const { file, index, hunk, resolution } = asked;
  const sides = [hunk.base, hunk.ours, hunk.theirs];
  if (protectedFile.test(file.path)) return "protected";
  if (strangeWords(resolution, [...sides, ...shownAround(file, index)]).length > 0) return "unheard";
  if (await isCondemned(asked)) return "condemned";
  const { picked, written } = fitting(asked);
  if (picked) return "pick";
  if (!written) return "too large";
  if (bare(resolution) === "") return "empty";
  const shorter = Math.min(bytes(hunk.ours), bytes(hunk.theirs));
  if (Math.max(bytes(resolution), shorter) > writtenBytes) return "too long";
  return sides.some(hasHiddenCharacters) || mixesLineEnds(sides) ? "unwritable" : "write";
}

/** The other hunks as one side has them, then as the other: the true result of the whole is not known. */
async function isCondemned({ file, index, resolution }: ReachedHunk): Promise<boolean> {
  const hunks = file.segments.filter((segment) => segment.kind === "hunk");
  for (const side of ["ours", "theirs"] as const) {
    const texts = hunks.map((other, place) => (place === index ? resolution : other[side]));
    if ((await condemn(judgedFile(file, texts))).length === 0) return false;
  }
  return true;
}

/** Whether the resolution is shown as an option, and whether there is room for a question in which it may be written: to either model. */
function fitting({ hunk, candidates, known, resolution }: ReachedHunk): {
  readonly picked: boolean;
  readonly written: boolean;
} {
  const options = candidates.slice(0, shownOptions);
  const score = scorerOf({ ...known, resolution });
  const place = options.findIndex(({ text }) => isRight(score(text)));
  const sides = bytes(hunk.base) + bytes(hunk.ours) + bytes(hunk.theirs);
  // Nobody is asked to choose among fewer than two.
  const wanted = Math.max(2, place + 1);
  const shown = options.slice(0, wanted).reduce((sum, { text }) => sum + bytes(text) + around.piece, sides);
  const all = options.reduce((sum, { text }) => sum + bytes(text) + around.piece, sides);
  const consulted = around.consult + all <= largeBytes;
  return {
    picked: place >= 0 && ((options.length >= 2 && around.pick + shown <= smallBytes) || consulted),
    written: consulted || around.write + sides <= smallBytes,
  };
}

function shownAround({ segments }: ConflictedFile, index: number): string[] {
  const at = segments.flatMap(({ kind }, place) => (kind === "hunk" ? [place] : []))[index] ?? -1;
  const clean = (place: number): string[] => {
    const segment = segments[place];
    return segment?.kind === "clean" ? linesOf(segment.text) : [];
  };
  const before = clean(at - 1).slice(-shownLines);
  const after = clean(at + 1).slice(0, shownLines);
  return [before.join("").slice(-shownBytes), after.join("").slice(0, shownBytes)];
}

/** Prompts show none of these (zero-width and the like), so nobody can write them. */
const hasHiddenCharacters = (text: string): boolean => /(?![\t\r\n])[\p{Cc}\p{Cf}\p{Co}]/u.test(text);

const mixesLineEnds = (sides: readonly string[]): boolean =>
  sides.some((side) => side.includes("\r\n")) && sides.some((side) => /(?<!\r)\n/.test(side));
