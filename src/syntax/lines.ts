// Whole lines of a text: what spans that are shown to people and models begin and end with.

/** The lines of a text, by UTF-16 offsets. A line ends behind its "\n"; a byte order mark belongs to no line. */
export interface LineTable {
  readonly text: string;
  /** Where each line begins. */
  readonly starts: readonly number[];
}

export interface LineSpan {
  readonly start: number;
  /** Exclusive, behind the line's end. */
  readonly end: number;
  /** 1-based, inclusive. */
  readonly firstLine: number;
  readonly lastLine: number;
}

export function lineTable(text: string): LineTable {
  const starts = [text.startsWith("\uFEFF") ? 1 : 0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) {
    if (at + 1 < text.length) starts.push(at + 1);
  }
  return { text, starts };
}

/** The 1-based line that an offset stands on. */
export function lineAt({ starts }: LineTable, offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}

/** The lines from one to another, 1-based and inclusive, cut to what the text has. */
export function linesBetween(table: LineTable, first: number, last: number): LineSpan {
  const firstLine = Math.min(Math.max(first, 1), table.starts.length);
  const lastLine = Math.min(Math.max(last, firstLine), table.starts.length);
  return {
    start: table.starts[firstLine - 1] ?? 0,
    end: table.starts[lastLine] ?? table.text.length,
    firstLine,
    lastLine,
  };
}

/** The whole lines that hold the text from `start` to `end` (exclusive). */
export function linesAround(table: LineTable, start: number, end: number): LineSpan {
  const last = Math.max(start, end - 1);
  return linesBetween(table, lineAt(table, start), lineAt(table, last));
}
