// An answer of a model, taken apart: what stands in fenced blocks, and what outside of them.

export interface SplitAnswer {
  /** Text of each closed block: whole lines, each ended by `\n`. */
  readonly blocks: readonly string[];
  /** Lines outside of blocks, trimmed. */
  readonly outside: readonly string[];
  /** Whether a block is not closed: the answer does not end where it should. */
  readonly isUnclosed: boolean;
}

const opening = /^ {0,3}(`{3,}|~{3,})[^`]*$/;

/** As in CommonMark a block is closed by at least as many of the same character. */
export function splitAnswer(answer: string): SplitAnswer {
  const blocks: string[] = [];
  const outside: string[] = [];
  let open: { readonly fence: string; readonly lines: string[] } | null = null;
  for (const line of answer.replaceAll("\r\n", "\n").split("\n")) {
    if (open === null) {
      const fence = opening.exec(line)?.[1];
      if (fence === undefined) outside.push(line.trim());
      else open = { fence, lines: [] };
    } else if (isClosing(line, open.fence)) {
      blocks.push(open.lines.map((one) => `${one}\n`).join(""));
      open = null;
    } else open.lines.push(line);
  }
  return { blocks, outside, isUnclosed: open !== null };
}

function isClosing(line: string, fence: string): boolean {
  const text = line.trim();
  return text.length >= fence.length && text === fence.charAt(0).repeat(text.length);
}

/** What a model says instead of a fix. `isStale`: that the test, not the source, is out of date. */
export interface GivenUp {
  readonly why: string;
  readonly isStale: boolean;
}

const givingUp = "GIVE_UP:";
const longestWhy = 300;

/** The reason on the line that begins with `GIVE_UP:`; `null` where there is none. */
export function givenUp(outside: readonly string[]): GivenUp | null {
  const line = outside.find((one) => one.startsWith(givingUp));
  if (line === undefined) return null;
  const why = line.slice(givingUp.length).trim().slice(0, longestWhy);
  return { why, isStale: /^STALE\b/.test(why) };
}
