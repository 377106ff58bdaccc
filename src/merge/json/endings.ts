// Which line ending a merged text has, and whether its last line has one.
import type { Sides } from "./merge.ts";

export interface LineEndings {
  readonly between: "\n" | "\r\n";
  /** Whether the last line ends with one. */
  readonly atEnd: boolean;
}

/** The side that changed the endings has its way; `null` if a side mixes them, or both sides changed them differently. */
export function lineEndings(sides: Sides<string>): LineEndings | null {
  const { base, ours, theirs } = sides;
  const between = threeWay(kindOf(base), kindOf(ours), kindOf(theirs));
  const atEnd = threeWay(isEnded(base), isEnded(ours), isEnded(theirs));
  if (between === null || between === "mixed" || atEnd === null) return null;
  return { between: between ?? "\n", atEnd: atEnd ?? true };
}

/** `undefined` is no opinion; `null` is a disagreement. */
function threeWay<T>(base: T | undefined, ours: T | undefined, theirs: T | undefined): T | undefined | null {
  if (ours === undefined || theirs === undefined) return ours ?? theirs ?? base;
  if (ours === theirs || theirs === base) return ours;
  return ours === base ? theirs : null;
}

function kindOf(text: string): "\n" | "\r\n" | "mixed" | undefined {
  const all = text.split("\n").length - 1;
  const crlf = text.split("\r\n").length - 1;
  if (all === 0) return undefined;
  if (crlf === 0) return "\n";
  return crlf === all ? "\r\n" : "mixed";
}

function isEnded(text: string): boolean | undefined {
  return text === "" ? undefined : text.endsWith("\n");
}

export function joinLines(lines: readonly string[], endings: LineEndings): string {
  if (lines.length === 0) return "";
  return lines.join(endings.between) + (endings.atEnd ? endings.between : "");
}
