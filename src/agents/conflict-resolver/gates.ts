// What every answer of a model has to pass, whatever the model said of it. Each gate is a named verdict with one line of evidence.
import type { MergeRules } from "../../core/agent.ts";
import type { ConflictedFile, Hunk } from "../../core/conflict.ts";
import type { GateVerdict } from "../../core/ledger.ts";
import { droppedAdditions } from "../../merge/check/dropped.ts";
import { newMarkers } from "../../merge/check/markers.ts";
import { tokensFromNowhere } from "../../merge/check/provenance.ts";
import { newlyRepeated } from "../../merge/check/repeated.ts";
import { lostLines } from "./kept-lines.ts";
import { newlyRedeclared } from "./redeclared.ts";
import { isShuffled } from "./word-order.ts";
import { hasHidden } from "./written-text.ts";

export interface Gate extends GateVerdict {
  /** What was found, for people; "" where the gate was passed. */
  readonly evidence: string;
}

/** An answer, and everything that it is judged by. */
interface Judged {
  /** Whole lines that would replace the hunk. */
  readonly text: string;
  /** Whether a model wrote it; else it is a candidate of the rules, which a model chose. */
  readonly written: boolean;
  readonly file: ConflictedFile;
  /** The hunk's place in the file, from 0. */
  readonly index: number;
  /** What the file's hunks are settled with so far; `null` where one is open. */
  readonly texts: readonly (string | null)[];
  /** Clean lines that the model was shown. */
  readonly context: readonly string[];
}

const verdict = (name: string, evidence: string): Gate => ({ name, passed: evidence === "", evidence });

/** Everything that is the matter with the answer; the parser is asked only where nothing else is. */
export async function judge(
  judged: Judged,
  { parseErrors }: Pick<MergeRules, "parseErrors">,
): Promise<Gate[]> {
  const hunk = judged.file.segments.filter((segment) => segment.kind === "hunk")[judged.index];
  if (!hunk) return [verdict("in-scope", "there is no such hunk")];
  const { text, written, context } = judged;
  const gates = [
    verdict(
      "no-markers",
      newMarkers(text, [hunk.ours, hunk.theirs]).length > 0 ? "it holds a conflict marker" : "",
    ),
    verdict("size", text.length > longest(hunk) ? `it is ${text.length} characters long` : ""),
    verdict("nothing-from-nowhere", strange(text, hunk, context, written)),
    ...(written ? writtenGates(text, hunk, context) : []),
  ];
  return gates.every(({ passed }) => passed) ? [...gates, ...(await wholeGates(judged, parseErrors))] : gates;
}

/** UTF-16 units: twice all three sides. Of the developers' own resolutions (3,145 development hunks) 0.2% are longer. */
const longest = ({ base, ours, theirs }: Hunk): number =>
  2 * (base.length + ours.length + theirs.length) + 200;

/** Blanks, and what lists are joined with. */
const joins = /[\s,;]/;

function strange(
  text: string,
  { base, ours, theirs }: Hunk,
  context: readonly string[],
  written: boolean,
): string {
  // What a model writes itself may take no word from the lines around: whoever wrote those has not written this hunk.
  const sources = written ? [base, ours, theirs] : [base, ours, theirs, ...context];
  const words = tokensFromNowhere(text, sources);
  const nobody = written ? "no side has" : "neither the sides nor the lines around it have";
  if (words.length > 0) return `${nobody} ${words.slice(0, 5).join(" ")}`;
  const known = new Set(sources.join(""));
  const odd = written ? [...new Set(text)].filter((one) => !known.has(one) && !joins.test(one)) : [];
  return odd.length > 0 ? `${nobody} ${odd.slice(0, 5).join(" ")}` : "";
}

function writtenGates(text: string, hunk: Hunk, context: readonly string[]): Gate[] {
  const shuffled = isShuffled(text, [hunk.base, hunk.ours, hunk.theirs, ...context]);
  return [
    verdict("not-empty", text.trim() === "" ? "it deletes everything" : ""),
    verdict("word-order", shuffled ? "its words stand in an order that nobody wrote" : ""),
    verdict("visible", hasHidden(text) ? "it has characters that cannot be seen" : ""),
    verdict("keeps-something", dropsAll(text, hunk) ? "it drops all that either side added" : ""),
  ];
}

/**
 * Whether nothing of what either side added is left. A resolution that drops *some* addition is no exception: of the developers' own that are none of the first
 * eight candidates, 86% do by lines and 43% by words. So the rest is listed, not refused (docs/decisions/0018); this refuses 1.7% of them.
 */
function dropsAll(text: string, { base, ours, theirs }: Hunk): boolean {
  const [before, own, other, kept] = [base, ours, theirs, text].map(wordSet);
  if (!before || !own || !other || !kept) return false;
  const added = (side: ReadonlySet<string>, elsewhere: ReadonlySet<string>): string[] =>
    [...side].filter((word) => !before.has(word) && !elsewhere.has(word));
  return [added(own, other), added(other, own)].every(
    (words) => words.length > 0 && !words.some((word) => kept.has(word)),
  );
}

const wordSet = (text: string): ReadonlySet<string> => new Set(text.match(/[\p{L}\p{N}_$]+/gu));

/**
 * The file with the answer in it. Hunks that are still open stand in it once as ours and once as theirs: an answer may need the neighbour from either side, so
 * it has to hold with one of them. With all hunks settled both are the file itself, which is judged again as a whole at the end.
 */
async function wholeGates(judged: Judged, parseErrors: MergeRules["parseErrors"]): Promise<Gate[]> {
  let first: Gate[] | null = null;
  for (const result of new Set([completed(judged, "ours"), completed(judged, "theirs")])) {
    const gates = await fileGates(judged.file, result, parseErrors);
    if (refusal(gates) === null) return gates;
    first ??= gates;
  }
  return first ?? [];
}

async function fileGates(
  { path, ours, theirs }: ConflictedFile,
  result: string,
  parseErrors: MergeRules["parseErrors"],
): Promise<Gate[]> {
  const [repeated] = newlyRepeated(path, result, [ours, theirs]);
  const [declared] = newlyRedeclared(path, result, [ours, theirs]);
  const gates = [
    verdict("no-repeats", repeated === undefined ? "" : `the file then has ${repeated} twice`),
    verdict("declared-once", declared === undefined ? "" : `the file then declares ${declared} twice`),
  ];
  if (refusal(gates) !== null) return gates;
  return [...gates, verdict("parses", (await parseErrors(path, { ours, theirs, result })) ?? "")];
}

function completed({ file, index, text, texts }: Judged, side: "ours" | "theirs"): string {
  let at = -1;
  return file.segments
    .map((segment) => {
      if (segment.kind === "clean") return segment.text;
      at++;
      return at === index ? text : (texts[at] ?? segment[side]);
    })
    .join("");
}

/** The first gate that was not passed; `null` where all were. Its evidence may hold words of the text that was judged. */
export function refusal(gates: readonly Gate[]): Gate | null {
  return gates.find(({ passed }) => !passed) ?? null;
}

export const verdictsOf = (gates: readonly Gate[]): GateVerdict[] =>
  gates.map(({ name, passed }) => ({ name, passed }));

/**
 * What a written text leaves out, in words for the report: lines that all three sides have, then additions; "" where nothing is. Named and not refused: of the
 * developers' own resolutions that are none of the first eight candidates, 3.4% leave out a line that all sides have.
 */
export function leftOut(text: string, hunk: Hunk): string {
  const { base, ours, theirs } = hunk;
  const kept = lostLines(text, hunk).map(quoted);
  const added = droppedAdditions({ base, ours, theirs, result: text });
  return [
    listed("It leaves out what both sides kept", kept),
    listed(
      "It leaves out",
      added.map(({ side, line }) => `${side} ${quoted(line)}`),
    ),
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

const quoted = (line: string): string => `“${line.slice(0, 60)}”`;

function listed(what: string, items: readonly string[]): string {
  if (items.length === 0) return "";
  const some = items.slice(0, 2);
  const more = items.length > some.length ? `, and ${items.length - some.length} more` : "";
  return `${what}: ${some.join(", ")}${more}.`;
}
