// A hunk whose sides open and close different blocks, merged together with the lines around it as one document.
import type { Hunk } from "../../core/conflict.ts";
import { readJsonLine } from "../../syntax/json.ts";
import { splitLines, withoutEnding } from "../lines.ts";
import { joinLines, lineEndings } from "./endings.ts";
import type { FragmentContext, MergedFragment } from "./fragment.ts";
import { linesOf, readDocument, type JsonItem } from "./items.ts";
import { mergeRoot, type Sides } from "./merge.ts";

/** Lines that stand around a hunk such that with any side between them they are one object. */
interface Frame {
  /** Begins with an opening bracket: the file's own, or one put there. */
  readonly above: readonly string[];
  readonly below: readonly string[];
  /** Lines at the start of `above`, and at the end of `below`, that are not of the file. */
  readonly madeUp: { readonly above: number; readonly below: number };
}

/** `null` where the sides want different things of one key, where the lines around do not hold together, or would have to change. */
export function mergeFramed(hunk: Hunk, context: FragmentContext): MergedFragment | null {
  const endings = lineEndings(hunk);
  const frame = frameOf(hunk, context);
  if (endings === null || frame === null) return null;
  const [base, ours, theirs] = [hunk.base, hunk.ours, hunk.theirs].map((side) => itemOf(side, frame));
  if (!base || !ours || !theirs) return null;
  const rooted = frame.madeUp.above === 0;
  const merged = mergeRoot({ base, ours, theirs }, context.file, rooted);
  const lines = merged && between(linesOf(merged.item, false), frame);
  return merged && lines && { text: joinLines(lines, endings), changes: merged.changes };
}

function itemOf(side: string, { above, below }: Frame): JsonItem | null {
  const document = readDocument([...above, ...bare(side), ...below].map((line) => `${line}\n`).join(""));
  return document?.items[0]?.head.value === "{" ? document.items[0] : null;
}

const bare = (text: string): string[] => splitLines(text).map(withoutEnding);

/** What the merged lines have between the frame's; `null` if the frame's own are not as they were. */
function between(lines: readonly string[], { above, below }: Frame): readonly string[] | null {
  const end = lines.length - below.length;
  const isKept =
    end >= above.length &&
    above.every((line, index) => line === lines[index]) &&
    below.every((line, index) => line === lines[end + index]);
  return isKept ? lines.slice(above.length, end) : null;
}

function frameOf(hunk: Sides<string>, context: FragmentContext): Frame | null {
  const above = openLines(bare(context.before));
  if (above === null) return null;
  const isRoot = /^\{\s*$/.test(above.lines[0] ?? "");
  const inside = follow(above.stack, bare(hunk.ours));
  const below = inside && closedLines(isRoot ? inside : ["{", ...inside], bare(context.after));
  if (below === null) return null;
  return {
    above: isRoot ? above.lines : ["{", ...above.lines],
    below: [...below.lines, ...below.closers],
    madeUp: { above: isRoot ? 0 : 1, below: below.closers.length },
  };
}

type Stack = readonly string[];

/** The brackets open after these lines; `null` if they close more than is open, or are no JSON. */
function follow(open: Stack, lines: readonly string[]): Stack | null {
  const stack = [...open];
  for (const line of lines) {
    const read = readJsonLine(line);
    if (read === null) return null;
    if (read.kind === "open") stack.push(read.value);
    if (read.kind === "close" && stack.pop() === undefined) return null;
  }
  return stack;
}

/** The last lines that close nothing opened before them, and the brackets open at their end. */
function openLines(lines: readonly string[]): { lines: readonly string[]; stack: Stack } | null {
  let start = 0;
  let stack: string[] = [];
  for (const [index, line] of lines.entries()) {
    const read = readJsonLine(line);
    if (read === null) return null;
    if (read.kind === "open") stack.push(read.value);
    if (read.kind === "close" && stack.pop() === undefined) {
      start = index + 1;
      stack = [];
    }
  }
  return { lines: lines.slice(start), stack };
}

const CLOSERS: Readonly<Record<string, string>> = { "{": "}", "[": "]" };

/** The first lines that close no more than is open, and closing brackets for what they leave open. */
function closedLines(
  open: Stack,
  lines: readonly string[],
): { lines: readonly string[]; closers: readonly string[] } | null {
  const stack = [...open];
  let end = 0;
  for (const line of lines) {
    const read = readJsonLine(line);
    if (read === null) return null;
    // The bracket that was put there in front is closed by one put there behind.
    if (read.kind === "close" && stack.length === 1 && open.length > 0) break;
    if (read.kind === "open") stack.push(read.value);
    if (read.kind === "close") stack.pop();
    end++;
  }
  return { lines: lines.slice(0, end), closers: stack.reverse().map((bracket) => CLOSERS[bracket] ?? "") };
}
