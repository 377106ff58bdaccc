// Whether a title in a test file is the one that a runner reports: suites joined in any way, parameters filled in.

/** A parameter in a title: `%s`, `$name`, `${expression}`. */
const parameters = /%[sdifjoOp#$%]|\$\{[^}]{0,200}\}|\$#|\$[A-Za-z_][\w.]{0,60}/;

/** What a suite costs that the reported title does not have: of two tests that fit equally, the one without it is meant. */
const missing = 0.01;

/**
 * How many characters of the reported title the written ones account for, outermost suite first; 0 where the innermost is not in it. Linear, but for the number of
 * parameters.
 */
export function coversTitle(titles: readonly string[], reported: string): number {
  const whole = blanksAsOne(reported.slice(0, 4_000));
  let from = 0;
  let covered = 0;
  for (const [index, title] of titles.entries()) {
    const found = findTitle(blanksAsOne(title), whole, from);
    const isLast = index === titles.length - 1;
    if (found === null && isLast) return 0;
    if (found === null) {
      covered -= missing;
      continue;
    }
    from = found.end;
    covered += found.covered;
  }
  return covered;
}

function findTitle(title: string, whole: string, from: number): { end: number; covered: number } | null {
  const pieces = title
    .split(parameters)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== "");
  let at = from;
  let covered = 0;
  for (const [index, piece] of pieces.entries()) {
    const found = index === 0 ? boundedAt(whole, piece, at) : whole.indexOf(piece, at);
    if (found === -1) return null;
    at = found + piece.length;
    covered += piece.length;
  }
  // A title of parameters alone may be anything.
  return pieces.length === 0 ? { end: from, covered: 0.1 } : { end: at, covered };
}

/** Where a piece stands, not begun inside of a word. */
function boundedAt(whole: string, piece: string, from: number): number {
  const startsWithWord = /^\w/.test(piece);
  let at = whole.indexOf(piece, from);
  while (at > 0 && startsWithWord && /\w/.test(whole[at - 1] ?? "")) at = whole.indexOf(piece, at + 1);
  return at;
}

const blanksAsOne = (text: string): string => text.replace(/\s+/g, " ").trim();
