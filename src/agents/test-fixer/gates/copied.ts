// Constants of the tests that an edit puts where it decides or answers: `if (x === 17) return 42`, in its many dresses.
import { isBase, isLiteral, isTelling, tokensOf, type TestWords, type Token } from "./literals.ts";

export interface Copied {
  readonly refused: readonly string[];
  readonly doubts: readonly string[];
}

interface Candidate {
  readonly asked: Token;
  readonly answered: Token | null;
  readonly dress: "condition" | "table";
}

/** Tokens between a constant that is asked for and the answer to it. */
const reach = 14;
const comparisons = new Set([
  "===",
  "==",
  "!==",
  "!=",
  "case",
  "is",
  "equals",
  "startsWith",
  "endsWith",
  "includes",
  "has",
  "test",
  "elif",
  "when",
  "in",
]);
const answers = new Set(["return", "?", ":", "=>", "=", ",", "then", "if", "&&", "||"]);

/** `added`: the lines of an edit that are new; `before`: the file without it. */
export function copiedLiterals(
  path: string,
  before: string,
  { added, words }: { added: string; words: TestWords },
): Copied {
  const known = new Set(
    tokensOf(path, before)
      .filter(isLiteral)
      .map(({ text }) => text),
  );
  const tokens = tokensOf(path, added);
  const found = candidates(tokens)
    .filter(({ asked }) => words.has(asked))
    .map((candidate) => weighed(candidate, { known, words }));
  const rows = found.filter(
    ({ dress, pair, telling, fresh }) => dress === "table" && pair && telling && fresh,
  ).length;
  const asking = found.filter(({ dress }) => dress === "condition");
  return {
    refused: [
      ...asking.flatMap((one) => (one.telling ? pairWord(one) : [])),
      ...(rows >= 2
        ? [`It holds a table of ${rows} inputs of the tests with what is expected of them.`]
        : []),
    ],
    doubts: [
      ...asking.flatMap((one) => (one.telling ? [] : pairWord(one))),
      ...asking.flatMap((one) => (isPair(one) ? [] : askedWord(one, known))),
      ...(rows === 1 ? ["It holds an input of the tests beside what is expected of it."] : []),
      ...plainAnswers(tokens, known, words),
    ],
  };
}

interface Weighed extends Candidate {
  /** Input and answer stand together in a test. */
  readonly pair: boolean;
  /** One of the two is hardly there by chance. */
  readonly telling: boolean;
  /** One of the two is new to the file. */
  readonly fresh: boolean;
}

interface Knowledge {
  /** Constants of the file as it was. */
  readonly known: ReadonlySet<string>;
  readonly words: TestWords;
}

function weighed(candidate: Candidate, { known, words }: Knowledge): Weighed {
  const { asked, answered } = candidate;
  if (answered === null)
    return { ...candidate, pair: false, telling: isTelling(asked), fresh: !known.has(asked.text) };
  return {
    ...candidate,
    pair: words.has(answered) && asked.text !== answered.text && words.together(asked, answered),
    telling: isTelling(asked) || isTelling(answered),
    fresh: !known.has(asked.text) || !known.has(answered.text),
  };
}

function isPair({ asked, pair, fresh }: Weighed): boolean {
  return pair && fresh && !isBase(asked);
}

function pairWord(one: Weighed): readonly string[] {
  return isPair(one) && one.answered !== null ? [sayPair(one.asked, one.answered)] : [];
}

function askedWord({ asked }: Weighed, known: ReadonlySet<string>): readonly string[] {
  if (!isTelling(asked) || known.has(asked.text)) return [];
  return [`It asks for ${shown(asked)}, which the tests name and the code did not.`];
}

function sayPair(asked: Token, answered: Token): string {
  return `It answers ${shown(answered)} where it is given ${shown(asked)}: both are copied from the tests.`;
}

function shown({ text }: Token): string {
  return JSON.stringify(text.slice(0, 60));
}

function candidates(tokens: readonly Token[]): readonly Candidate[] {
  return tokens.flatMap((asked, place): Candidate[] => {
    if (!isLiteral(asked)) return [];
    const [before, after] = [wordBefore(tokens, place), tokens[place + 1]?.text ?? ""];
    const compares = comparisons.has(before) || /^[!=]==?$/.test(after) || asked.kind === "pattern";
    if (compares) return [{ asked, answered: answerTo(tokens, place), dress: "condition" }];
    if (before === "(" && tokens[place - 2]?.text === "set")
      return [{ asked, answered: tokens[place + 2] ?? null, dress: "table" }];
    return isKey(tokens, place)
      ? [{ asked, answered: firstLiteral(tokens, place + 2, 3), dress: "table" }]
      : [];
  });
}

/** `key: value`, and `[key, value]` in a list of pairs. */
function isKey(tokens: readonly Token[], place: number): boolean {
  const text = (offset: number) => tokens[place + offset]?.text ?? "";
  if (text(1) === ":") return text(-1) === "{" || text(-1) === ",";
  return text(1) === "," && text(-1) === "[" && (text(3) === "]" || text(2) === "[" || text(2) === "{");
}

/** The word before a constant, brackets and signs left out where a call opens. */
function wordBefore(tokens: readonly Token[], place: number): string {
  const [last, earlier] = [tokens[place - 1]?.text ?? "", tokens[place - 2]?.text ?? ""];
  return last === "(" && comparisons.has(earlier) ? earlier : last === "-" ? earlier : last;
}

/** The next constant behind a word that gives it out. Python's `a if x == b else c` has it in front. */
function answerTo(tokens: readonly Token[], place: number): Token | null {
  const next = tokens.slice(place + 1, place + reach);
  const gives = next.findIndex(({ text }) => answers.has(text));
  const behind =
    gives < 0
      ? null
      : (next
          .slice(gives + 1)
          .find((token, index, rest) => isLiteral(token) && !comparisons.has(rest[index - 1]?.text ?? "")) ??
        null);
  if (behind !== null) return behind;
  const from = Math.max(0, place - 6);
  const earlier = tokens.slice(from, place);
  const inFront = earlier.findIndex(({ text }) => text === "if");
  return inFront > 0 ? (earlier.slice(0, inFront).findLast(isLiteral) ?? null) : null;
}

function firstLiteral(tokens: readonly Token[], from: number, most: number): Token | null {
  return tokens.slice(from, from + most).find(isLiteral) ?? null;
}

/** `return 42`, with nothing asked, and `catch { return 42 }`. */
function plainAnswers(
  tokens: readonly Token[],
  known: ReadonlySet<string>,
  words: TestWords,
): readonly string[] {
  return tokens.flatMap((token, place) => {
    const before = tokens[place - 1]?.text ?? "";
    const opened = before === "[" || before === "{" ? (tokens[place - 2]?.text ?? "") : before;
    if (
      opened !== "return" ||
      !isLiteral(token) ||
      !isTelling(token) ||
      known.has(token.text) ||
      !words.has(token)
    )
      return [];
    return [`It answers ${shown(token)}, which the tests expect and the code did not know.`];
  });
}
