// What a model is shown of a failure and a place: data, each piece bounded. The code to write anew is never cut: what does not fit as a whole is not asked about.
import type { PromptData, PromptTemplate, Untrusted } from "../../core/prompt.ts";
import { renderPrompt, stripHidden } from "../../core/prompt.ts";
import { syntaxOf } from "../../syntax/index.ts";
import { shownFailure } from "./limits.ts";
import type { Place } from "./types.ts";

/** What fails, for a model. */
export interface Evidence {
  /** The source of one failing test, or what a checker complains of. */
  readonly test: string;
  /** Expected and actual, and the stack. */
  readonly failure: string;
}

/** What is known around a place. */
export interface Around {
  readonly imports: string;
  /** Signatures. */
  readonly callees: string;
  /** Of the pull request, in this file. */
  readonly hunks: string;
}

/** A text that was refused, and why. */
export interface Refusal {
  readonly diff: string;
  readonly why: string;
}

export interface Shown {
  readonly evidence: Evidence;
  readonly around: Around;
  /** Unified diff of what helped in part already; "" where there is nothing. */
  readonly standing: string;
  readonly refused: readonly Refusal[];
}

const uncut = 100_000;
const whole = (text: string): Untrusted => ({ text, maxBytes: uncut, maxLines: uncut });

/** Most bytes and lines of each piece, and which goes first where not all fit. */
const caps = {
  hunks: { maxBytes: 3_000, maxLines: 80 },
  callees: { maxBytes: 1_500, maxLines: 20 },
  imports: { maxBytes: 1_500, maxLines: 40 },
  standing: { maxBytes: 2_000, maxLines: 60 },
  refused: { maxBytes: 2_500, maxLines: 80 },
  failure: shownFailure,
  test: { maxBytes: 4_000, maxLines: 100 },
} as const;

const inOrderOfLoss = ["hunks", "callees", "imports", "standing", "refused"] as const;

/** The data for a question about one place, so that the whole question has at most `maxBytes`; `null` where it cannot. */
export function placeData(
  prompt: PromptTemplate,
  place: Place,
  shown: Shown,
  maxBytes: number,
): PromptData | null {
  const code = place.span?.text ?? place.text;
  // What a model cannot be shown would be gone from what it writes.
  if (stripHidden(code) !== withoutMark(code).replaceAll("\r\n", "\n")) return null;
  const required = {
    place: { text: placeLine(place), maxBytes: 600, maxLines: 3 },
    code: whole(withoutMark(code)),
  };
  return fitted(prompt, required, piecesOf(shown), maxBytes);
}

const withoutMark = (text: string): string => (text.startsWith("\uFEFF") ? text.slice(1) : text);

/** The data for a question about several places. */
export function placesData(
  prompt: PromptTemplate,
  places: readonly Place[],
  shown: Shown,
  maxBytes: number,
): PromptData | null {
  const labelled = places.map((place, index) => ({
    label: `${index + 1}`,
    text: `${placeLine(place)}\n${withoutMark(place.span?.text ?? place.text)}`,
    maxBytes: 10_000,
    maxLines: 300,
  }));
  return fitted(prompt, { places: labelled }, piecesOf(shown), maxBytes);
}

/** What fails, alone. */
export function evidenceData({ test, failure }: Evidence): PromptData {
  return { test: { text: test, ...caps.test }, failure: { text: failure, ...caps.failure } };
}

type Pieces = Readonly<Record<keyof typeof caps, string>>;

function piecesOf({ evidence, around, standing, refused }: Shown): Pieces {
  return {
    ...around,
    standing,
    refused: refused.map(({ diff, why }) => `${why}\n${diff}`).join("\n"),
    test: evidence.test,
    failure: evidence.failure,
  };
}

/** Gives up pieces, the least telling first, until the question fits. */
function fitted(
  prompt: PromptTemplate,
  required: PromptData,
  pieces: Pieces,
  maxBytes: number,
): PromptData | null {
  for (let given = 0; given <= inOrderOfLoss.length; given++) {
    const lost: readonly string[] = inOrderOfLoss.slice(0, given);
    const kept = Object.entries(caps).map(([name, cap]) => {
      const text = lost.includes(name) ? "" : pieces[name as keyof typeof caps];
      return [name, { text, ...cap }] as const;
    });
    const data = { ...required, ...Object.fromEntries(kept) };
    if (renderPrompt(prompt, data).bytes <= maxBytes) return data;
  }
  return null;
}

/** "src/a.ts, line 12: parse (typescript)": where it stands, for models and people. */
function placeLine({ path, span }: Place): string {
  const language = syntaxOf(path)?.language ?? "text";
  return span === null
    ? `${path} (${language})`
    : `${path}, line ${span.firstLine}: ${span.name} (${language})`;
}
