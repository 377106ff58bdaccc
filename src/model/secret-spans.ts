// Where known secrets stand in a text, whatever they were put into: split over lines or string literals, URL-encoded, in hex, in base64.

/** Half open, in UTF-16 units. */
export type Span = readonly [start: number, end: number];

/** Shorter values are no secrets, and would blank out ordinary words. */
const shortest = 8;

/** A text as one encoding sees it: what that encoding ignores is left out, and every character knows where in the text it came from. */
interface View {
  readonly text: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

interface Encoding {
  readonly pieces: RegExp;
  /** What a piece of text stands for: any number of characters up to U+00FF. */
  readonly read: (piece: string) => string;
  /** How a secret looks in such a view. */
  readonly needles: (secret: string) => readonly string[];
}

/** What texts are broken up with: white space, quotes, plus signs, backslashes. */
const breaks = /[\s"'`+\\]/;

const bytesOf = (text: string): string => (text <= "\x7f" ? text : Buffer.from(text).toString("latin1"));

/** As it is, and broken up in any way. */
const split: Encoding = {
  pieces: /[^\s"'`+\\]/gu,
  read: bytesOf,
  needles: (secret) => [viewOf(secret, split).text],
};

/** URL-encoded in part or whole; `+` may stand for a blank. */
const url: Encoding = {
  pieces: /%[\da-f]{2}|[\s\S]/giu,
  read: (piece) => {
    const text = piece.length === 3 ? String.fromCharCode(parseInt(piece.slice(1), 16)) : bytesOf(piece);
    return breaks.test(text) ? "" : text;
  },
  needles: (secret) => [viewOf(percentEncoded(secret), url).text],
};

const percentEncoded = (text: string): string =>
  Array.from(Buffer.from(text), (byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");

const hex: Encoding = {
  pieces: /[\da-f]/gi,
  read: (piece) => piece.toLowerCase(),
  needles: (secret) => [Buffer.from(secret).toString("hex")],
};

/** Of base64 either alphabet; `\n` in a string literal is a line's end. */
const base64: Encoding = {
  pieces: /\\[nrt]|[\w+/-]/g,
  read: (piece) => (piece.length > 1 ? "" : piece.replace("-", "+").replace("_", "/")),
  needles: (secret) => [0, 1, 2].map((offset) => base64Core(Buffer.from(secret), offset)),
};

/** The characters that stand for the secret alone when `offset` (mod 3) bytes precede it: those at either end may depend on its neighbours too. */
function base64Core(secret: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), secret])
    .toString("base64")
    .replaceAll("=", "");
  return text.slice(Math.ceil((offset * 8) / 6), (offset + secret.length) % 3 === 0 ? undefined : -1);
}

function viewOf(text: string, { pieces, read }: Encoding): View {
  const parts: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  for (const { 0: piece, index } of text.matchAll(pieces)) {
    for (const shown of read(piece)) {
      parts.push(shown);
      starts.push(index);
      ends.push(index + piece.length);
    }
  }
  return { text: parts.join(""), starts, ends };
}

/** Unordered, and they may overlap. A secret of several lines is looked for line by line too: a line of a key is as good as the key. */
export function secretSpans(text: string, secrets: readonly string[]): Span[] {
  const wanted = secrets
    .flatMap((secret) => [secret, ...secret.split("\n")])
    .map((part) => part.trim())
    .filter((part) => part.length >= shortest && !part.startsWith("-----"));
  if (wanted.length === 0) return [];
  const exact = wanted.flatMap((secret) => occurrences(text, secret));
  const encoded = [split, url, hex, base64].flatMap((encoding) => {
    const view = viewOf(text, encoding);
    const needles = new Set(wanted.flatMap(encoding.needles));
    return [...needles]
      .filter((needle) => needle.length >= shortest)
      .flatMap((needle) => spansOf(view, needle));
  });
  return [...exact, ...encoded];
}

function spansOf({ text, starts, ends }: View, needle: string): Span[] {
  return occurrences(text, needle).flatMap(([from, to]): Span[] => {
    const [start, end] = [starts[from], ends[to - 1]];
    return start === undefined || end === undefined ? [] : [[start, end]];
  });
}

/** Of a secret that overlaps itself ("abcabcabc") every place counts. */
function occurrences(text: string, needle: string): Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + 1))
    spans.push([at, at + needle.length]);
  return spans;
}
