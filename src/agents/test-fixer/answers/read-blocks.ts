// The large model may answer with SEARCH/REPLACE blocks: text that stands in a file once, and what stands there instead.
import { stripHidden } from "../../../core/prompt.ts";
import { mostChangedFiles } from "../gates/cheap-gate.ts";
import { linesOf, shiftedTo, withEndsOf } from "./line-ends.ts";

interface Block {
  readonly path: string;
  readonly search: string;
  readonly replace: string;
}

export type ReadBlocks =
  | { readonly kind: "none" }
  | { readonly kind: "blocks"; readonly blocks: readonly Block[] }
  | { readonly kind: "malformed"; readonly why: string };

const head = /^<{5,9} ?SEARCH\s*$/;
const middle = /^={5,9}\s*$/;
const tail = /^>{5,9} ?REPLACE\s*$/;

interface Reading {
  readonly blocks: Block[];
  path: string | null;
  state: "outside" | "search" | "replace";
  search: string[];
  replace: string[];
}

/** The blocks of an answer, with or without fences around them; the line above the first of a file names it. */
export function readBlocks(answer: string): ReadBlocks {
  const reading: Reading = { blocks: [], path: null, state: "outside", search: [], replace: [] };
  for (const line of answer.replaceAll("\r\n", "\n").split("\n")) {
    const fault = take(line, reading);
    if (fault !== null) return { kind: "malformed", why: fault };
  }
  if (reading.state !== "outside")
    return { kind: "malformed", why: "A SEARCH/REPLACE block was not closed." };
  const { blocks } = reading;
  if (blocks.length === 0) return { kind: "none" };
  if (new Set(blocks.map(({ path }) => path)).size > mostChangedFiles)
    return { kind: "malformed", why: `The answer changes more than ${mostChangedFiles} files.` };
  if (blocks.some(({ search, replace }) => stripHidden(search + replace) !== search + replace))
    return { kind: "malformed", why: "The answer held characters that cannot be seen." };
  return { kind: "blocks", blocks };
}

/** Reads one line; what is wrong with it, or `null`. */
function take(line: string, reading: Reading): string | null {
  switch (reading.state) {
    case "outside":
      return takeOutside(line, reading);
    case "search":
      if (head.test(line) || tail.test(line)) return "A SEARCH/REPLACE block had no ======= in it.";
      if (middle.test(line)) reading.state = "replace";
      else reading.search.push(line);
      return null;
    case "replace":
      if (head.test(line)) return "A SEARCH/REPLACE block was not closed.";
      if (tail.test(line)) close(reading);
      else reading.replace.push(line);
      return null;
  }
}

function takeOutside(line: string, reading: Reading): string | null {
  if (!head.test(line)) {
    reading.path = pathIn(line) ?? reading.path;
    return null;
  }
  if (reading.path === null) return "A SEARCH/REPLACE block had no path above it.";
  reading.state = "search";
  reading.search = [];
  reading.replace = [];
  return null;
}

function close(reading: Reading): void {
  const { path, search, replace } = reading;
  reading.blocks.push({ path: path ?? "", search: textOf(search), replace: textOf(replace) });
  reading.state = "outside";
}

const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");

const longestPath = 400;

/** A line that may be a path: no spaces in it but for what stands around it, and a dot or a slash. */
function pathIn(line: string): string | null {
  const bare = line
    .trim()
    .replace(/^[`*#:"' ]{1,10}/, "")
    .replace(/[`*#:"' ]{1,10}$/, "");
  if (bare === "" || bare.length > longestPath || /\s/.test(bare) || !/[./]/.test(bare)) return null;
  return bare.startsWith("./") ? bare.slice(2) : bare;
}

export type Applied =
  | { readonly kind: "text"; readonly text: string }
  /** `why`: one sentence, for the next question. */
  | { readonly kind: "refused"; readonly why: string };

/** Puts the blocks of one file into it, one after the other: each has to stand there exactly once, as it is or moved by the same white space. */
export function applyBlocks(path: string, text: string, blocks: readonly Omit<Block, "path">[]): Applied {
  let lines = linesOf(text);
  const endsInLine = text.endsWith("\n");
  for (const { search, replace } of blocks) {
    const wanted = linesOf(search);
    if (wanted.every((line) => line.trim() === ""))
      return { kind: "refused", why: `A SEARCH block for ${path} was empty.` };
    const at = placeOf(lines, wanted);
    if (typeof at === "string") return { kind: "refused", why: `${path}: ${at}` };
    const found = lines.slice(at, at + wanted.length);
    const moved = moveLike(wanted, found, linesOf(replace));
    lines = [...lines.slice(0, at), ...moved, ...lines.slice(at + wanted.length)];
  }
  const joined = lines.join("\n") + (endsInLine && lines.length > 0 ? "\n" : "");
  return { kind: "text", text: withEndsOf(text, joined) };
}

/** The index of the only place where the lines stand, or what is wrong. */
function placeOf(lines: readonly string[], wanted: readonly string[]): number | string {
  for (const same of [sameLines, sameButMoved]) {
    const places: number[] = [];
    for (let at = 0; at + wanted.length <= lines.length && places.length < 2; at++)
      if (same(lines, at, wanted)) places.push(at);
    const [place, second] = places;
    if (second !== undefined)
      return "a SEARCH block stands there more than once; it needs more lines around it.";
    if (place !== undefined) return place;
  }
  return `a SEARCH block does not stand there.${nearestTo(lines, wanted)}`;
}

const sameLines = (lines: readonly string[], at: number, wanted: readonly string[]): boolean =>
  wanted.every((line, index) => lines[at + index] === line);

/** The same but for white space in front, which is longer or shorter by the same in every line. */
function sameButMoved(lines: readonly string[], at: number, wanted: readonly string[]): boolean {
  const found = lines.slice(at, at + wanted.length);
  return linesOf(shiftedTo(textOf(wanted), textOf(found))).every(
    (line, index) => (found[index] ?? "").trimEnd() === line.trimEnd(),
  );
}

/** What replaces lines that were found moved is moved as far. */
function moveLike(
  wanted: readonly string[],
  found: readonly string[],
  replace: readonly string[],
): readonly string[] {
  const from = /^[\t ]*/.exec(wanted.find((line) => line.trim() !== "") ?? "")?.[0] ?? "";
  const to = /^[\t ]*/.exec(found.find((line) => line.trim() !== "") ?? "")?.[0] ?? "";
  if (from === to) return replace;
  return replace.map((line) =>
    line.trim() === "" || !line.startsWith(from) ? line : to + line.slice(from.length),
  );
}

/** The line that stands there and is most like the first wanted one: the same words at its start. */
function nearestTo(lines: readonly string[], wanted: readonly string[]): string {
  const first = wanted.find((line) => line.trim() !== "")?.trim() ?? "";
  const words = new Set(first.split(/\W+/).filter((word) => word.length > 1));
  let best = { score: 0, line: "" };
  for (const line of lines) {
    const score = line.split(/\W+/).filter((word) => words.has(word)).length;
    if (score > best.score) best = { score, line: line.trim() };
  }
  return best.score * 2 > words.size && best.line !== "" ? ` Did you mean: ${best.line.slice(0, 120)}` : "";
}
