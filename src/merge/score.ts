// Whether an answer to a conflict is what the developers did, by the rules of the published Merge-Bench. Used to measure, never to settle anything.

/** `normalised`: equal with comments and layout aside. `abstained`: no answer, or one that still holds a marker of a conflict. */
export type Score = "exact" | "normalised" | "abstained" | "wrong";

/** A conflict whose resolution is known. Lines end in "\n"; `language` is a lower-case name: "typescript", "python". */
export interface ScoredHunk {
  readonly language: string;
  /** Clean lines before the hunk, nearest last, and after it, nearest first. */
  readonly before: string;
  readonly after: string;
  /** What the developers put in its place. */
  readonly resolution: string;
}

/** Lines of context on each side that Merge-Bench (Merge-Bench-Builder, commit 75efa74) puts around a hunk. */
const contextLines = 5;

const markers = ["<<<<<<<", "=======", "|||||||", ">>>>>>>"];

/** Merge-Bench takes `//` and block comments out of these, and does so without regard to strings: "http://x" loses its end. */
const slashComments = new Set([
  "javascript",
  "typescript",
  "java",
  "c",
  "cpp",
  "csharp",
  "rust",
  "php",
  "go",
]);
const hashComments = new Set(["python", "ruby"]);
/** Whitespace means something in these, or is left to the language's own formatter. */
const keepsWhitespace = new Set(["python", "ruby", "go"]);
/** Indentation is the structure of a YAML document: only the exact text counts. */
const exactOnly = new Set(["yaml"]);

/** What Merge-Bench (commit 4860bea) compares in place of the text: comments out, and whitespace runs one space where the language allows it. */
export function normaliseForScore(text: string, language: string): string {
  const bare = withoutComments(text, language);
  return (keepsWhitespace.has(language) ? bare : bare.replace(/\s+/g, " ")).trim();
}

function withoutComments(text: string, language: string): string {
  if (slashComments.has(language)) return withoutSpans(text, "/*", "*/").replace(/\/\/.*/g, "");
  if (!hashComments.has(language)) return text;
  return withoutSpans(withoutSpans(text.replace(/#.*/g, ""), '"""', '"""'), "'''", "'''");
}

/** The text without its shortest spans from `open` to `close`. By searching, because a lazy pattern takes quadratic time where spans are left open. */
function withoutSpans(text: string, open: string, close: string): string {
  const kept: string[] = [];
  let from = 0;
  for (;;) {
    const start = text.indexOf(open, from);
    const end = start < 0 ? -1 : text.indexOf(close, start + open.length);
    if (end < 0) return kept.join("") + text.slice(from);
    kept.push(text.slice(from, start));
    from = end + close.length;
  }
}

/** Compares two texts whole. */
export function scoreTexts(answer: string, expected: string, language: string): Score {
  return comparison(expected, language)(answer, answer);
}

/**
 * Scores answers to one hunk: the lines that would replace it, or `null` for no answer. The nearest five lines on each side are part of what is compared,
 * as they are in Merge-Bench: a comment may begin in them.
 */
export function scorerOf(hunk: ScoredHunk): (answer: string | null) => Score {
  const before = wholeLines(hunk.before).slice(-contextLines).join("");
  const after = wholeLines(hunk.after).slice(0, contextLines).join("");
  const compare = comparison(before + hunk.resolution + after, hunk.language);
  return (answer) => (answer === null ? "abstained" : compare(before + answer + after, answer));
}

/** Whether the score counts as right, layout and comments aside. */
export function isRight(score: Score): boolean {
  return score === "exact" || score === "normalised";
}

/** Markers count where the answer itself has them; the text around it may have its own. */
function comparison(expected: string, language: string): (whole: string, answer: string) => Score {
  const trimmed = expected.trim();
  let normalised: string | undefined;
  return (whole, answer) => {
    const given = whole.trim();
    if (given === trimmed) return "exact";
    normalised ??= normaliseForScore(trimmed, language);
    if (!exactOnly.has(language) && normaliseForScore(given, language) === normalised) return "normalised";
    return markers.some((marker) => answer.includes(marker)) ? "abstained" : "wrong";
  };
}

/** An unfinished last line is none: a case's lines are whole. */
function wholeLines(text: string): string[] {
  return text.match(/[^\n]*\n/g) ?? [];
}
