// Which lines of a source ran, from regions that lie inside each other and counts of how often each ran.

/** A stretch of positions (lines or characters, 0-based, end not among them) and whether it ran. */
export interface Region {
  readonly start: number;
  readonly end: number;
  readonly ran: boolean;
}

/** Positions that may still be painted in one report: hostile regions that all lie over each other would else cost their product. */
export interface Budget {
  left: number;
}

/** About a second; two hundred processes that each load twenty files of 50,000 characters use half of it. */
const mostPainted = 4_000_000_000;
/** What reading a position again costs beside painting it. */
const readingCost = 10;

export function budget(): Budget {
  return { left: mostPainted };
}

/** By position: 1 where the innermost region that holds it ran, else 0. `null`: the budget is spent, or a region lies outside. */
export function paint(regions: readonly Region[], length: number, spent: Budget): Uint8Array | null {
  spent.left -= readingCost * length;
  if (spent.left < 0) return null;
  const ran = new Uint8Array(length);
  const ordered = [...regions].sort((one, other) => one.start - other.start || other.end - one.end);
  for (const region of ordered) {
    if (region.start < 0 || region.end > length || region.end < region.start) return null;
    spent.left -= region.end - region.start;
    if (spent.left < 0) return null;
    ran.fill(region.ran ? 1 : 0, region.start, region.end);
  }
  return ran;
}

/** The lines of a source, without the ends of lines. */
export function linesOf(source: string): readonly string[] {
  return source.split(/\r\n|[\r\n]/);
}

/** 1-based lines that hold a word: a line of brackets alone is reached by what is around it, not by what is in it. */
export function wordLines(source: string): ReadonlySet<number> {
  return new Set(linesOf(source).flatMap((line, index) => (/[\p{L}\p{N}_$]/u.test(line) ? [index + 1] : [])));
}
