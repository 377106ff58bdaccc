// Blocks that were read become lines of the file that they are for.
import { linesOf, shiftedTo, textOf, withEndsOf } from "./line-ends.ts";
import type { Block } from "./read-blocks.ts";

export type Applied =
  | { readonly kind: "text"; readonly text: string }
  /** `why`: one sentence, for the next question. */
  | { readonly kind: "refused"; readonly why: string };

type Change = Omit<Block, "path">;

/**
 * Puts the blocks of one file into it, one after the other: each has to stand there exactly once, as it is or moved by the same white space. Of lines that stand
 * there several times, as many blocks as places are each for one, in the order of the file. What is already as a block wants it stays.
 */
export function applyBlocks(path: string, text: string, blocks: readonly Change[]): Applied {
  let lines: readonly string[] = linesOf(text);
  const refused = (why: string): Applied => ({ kind: "refused", why });
  const open = [...blocks];
  for (let block = open.shift(); block !== undefined; block = open.shift()) {
    const wanted = linesOf(block.search);
    if (wanted.every((line) => line.trim() === "")) return refused(`A SEARCH block for ${path} was empty.`);
    const places = placesOf(lines, wanted);
    if (places.length === 0 && isThere(lines, block)) continue;
    if (places.length === 0)
      return refused(`${path}: a SEARCH block does not stand there.${nearestTo(lines, wanted)}`);
    const alike = [block, ...takeAlike(open, block, places.length - 1)];
    if (alike.length < places.length || overlap(places, wanted.length))
      return refused(`${path}: a SEARCH block stands there more than once; it needs more lines around it.`);
    lines = replaced(lines, places, alike);
  }
  const joined = lines.join("\n") + (text.endsWith("\n") && lines.length > 0 ? "\n" : "");
  return { kind: "text", text: withEndsOf(text, joined) };
}

/** The indexes at which the lines stand: as they are or, where they do so nowhere, moved. */
function placesOf(lines: readonly string[], wanted: readonly string[]): readonly number[] {
  for (const same of [sameLines, sameButMoved]) {
    const places: number[] = [];
    for (let at = 0; at + wanted.length <= lines.length && places.length <= mostAlike; at++)
      if (same(lines, at, wanted)) places.push(at);
    if (places.length > 0) return places;
  }
  return [];
}

/** Places of the same lines that are told from each other by their order alone. */
const mostAlike = 8;

/** The next blocks with the same SEARCH, at most so many, taken out of the list. */
function takeAlike(open: Change[], { search }: Change, most: number): readonly Change[] {
  const alike = open.filter((one) => one.search === search).slice(0, most);
  for (const one of alike) open.splice(open.indexOf(one), 1);
  return alike;
}

const overlap = (places: readonly number[], length: number): boolean =>
  places.some((place, index) => place < (places[index - 1] ?? -length) + length);

/** From the last place to the first, so that the indexes stay what they are. */
function replaced(
  lines: readonly string[],
  places: readonly number[],
  blocks: readonly Change[],
): readonly string[] {
  return places.reduceRight((all, at, index) => {
    const block = blocks[index];
    if (block === undefined) return all;
    const wanted = linesOf(block.search);
    const end = at + wanted.length;
    return [
      ...all.slice(0, at),
      ...moveLike(wanted, all.slice(at, end), linesOf(block.replace)),
      ...all.slice(end),
    ];
  }, lines);
}

/** Whether the file has what a block makes of it: a model that repeats what stands already says nothing wrong. Lines that stand in many places show nothing. */
function isThere(lines: readonly string[], { replace }: Change): boolean {
  const made = linesOf(replace);
  const telling = made.filter((line) => /[\p{L}\p{N}]/u.test(line));
  return telling.length > 0 && placesOf(lines, made).length === 1;
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
