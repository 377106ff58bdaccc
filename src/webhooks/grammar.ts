// What a comment asks for: `/agent VERB` at the start of a line. A line scanner without regular expressions over whole comments.
import { userVerbs } from "../core/command.ts";
import { nearest } from "../core/nearest.ts";

/** Characters of a comment that are looked at: GitHub's own limit for a comment. */
export const MAX_COMMENT = 65_536;
/** Lines longer than this are cut for looking: no command is as long. */
const MAX_LINE = 300;
/** Lines with a command that are taken from one comment; what follows is ignored. */
export const MAX_COMMANDS = 5;
/** Characters of an unknown command that are carried on for the answer. */
const MAX_ECHO = 100;
/** Longest path that a command may name. */
export const MAX_PATH = 200;

type UserVerb = (typeof userVerbs)[number];

/** `args` of `help` are what was typed, if anything, and the nearest verb, if any is near; those of `write-tests` a path, if one was named. */
export interface Request {
  readonly verb: UserVerb;
  readonly args: readonly string[];
}

interface Verb {
  readonly verb: UserVerb;
  /** Spellings, each a list of words. */
  readonly spellings: readonly (readonly string[])[];
  /**
   * Which words may follow: any, one path, or none. No more than is understood where something may be pushed: a sentence such as "apply it to the other branch" is not
   * carried out half understood, it gets help. "stop" is obeyed whatever follows.
   */
  readonly after: "words" | "path" | "nothing";
}

const verbs: readonly Verb[] = [
  {
    verb: "fix-conflicts",
    spellings: [["fix-conflicts"], ["fix", "conflicts"], ["fix_conflicts"], ["fixconflicts"]],
    after: "nothing",
  },
  {
    verb: "fix-tests",
    spellings: [
      ...[["fix-tests"], ["fix", "tests"], ["fix_tests"], ["fixtests"]],
      ...[["fix-ci"], ["fix", "ci"], ["fix_ci"], ["fixci"]],
    ],
    after: "nothing",
  },
  {
    verb: "write-tests",
    spellings: [["write-tests"], ["write", "tests"], ["write_tests"], ["writetests"]],
    after: "path",
  },
  { verb: "apply", spellings: [["apply"]], after: "nothing" },
  { verb: "status", spellings: [["status"]], after: "words" },
  { verb: "stop", spellings: [["stop"]], after: "words" },
  { verb: "help", spellings: [["help"]], after: "words" },
];

/** Called with the number of characters a step looked at: how the tests hold the scanner to linear work. */
export type Tally = (characters: number) => void;

/** Lines without their ends (LF or CRLF), cut to `MAX_LINE`. */
function* linesOf(comment: string, tally: Tally): Generator<string> {
  const text = comment.slice(0, MAX_COMMENT);
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    tally(end - start + 1);
    yield text.slice(start, Math.min(text[end - 1] === "\r" ? end - 1 : end, start + MAX_LINE));
    start = end + 1;
  }
}

/** Spaces before the first other character. */
function indentOf(line: string): number {
  let indent = 0;
  while (line[indent] === " ") indent++;
  return indent;
}

const isDigit = (character: string | undefined): boolean =>
  character !== undefined && character >= "0" && character <= "9";

/** Where a list marker ("-", "*", "+", "1.", "1)") that stands at `at` ends; `null` when none does. */
function markerEnd(line: string, at: number): number | null {
  let end = at;
  while (isDigit(line[end]) && end - at < 9) end++;
  const markers = end > at ? ".)" : "-*+";
  return line[end + 1] === " " && markers.includes(line.charAt(end)) ? end + 1 : null;
}

/** Where the text begins behind list markers: a code fence may open inside a list item. */
function afterListMarkers(line: string): number {
  let at = indentOf(line);
  for (let end = markerEnd(line, at); end !== null; end = markerEnd(line, at)) {
    at = end;
    while (line[at] === " ") at++;
  }
  return at;
}

interface Fence {
  readonly character: "`" | "~";
  readonly length: number;
}

function fenceAt(line: string, at: number): Fence | null {
  const character = line[at];
  if (character !== "`" && character !== "~") return null;
  let end = at;
  while (line[end] === character) end++;
  return end - at >= 3 ? { character, length: end - at } : null;
}

/** An opening fence; "```" with another backtick behind it on the line is inline code. */
function openingFence(line: string): Fence | null {
  const at = afterListMarkers(line);
  const fence = fenceAt(line, at);
  if (fence?.character === "`" && line.includes("`", at + fence.length)) return null;
  return fence;
}

function closes(line: string, open: Fence): boolean {
  const at = indentOf(line);
  const fence = fenceAt(line, at);
  if (fence?.character !== open.character || fence.length < open.length) return false;
  return line.slice(at + fence.length).trim() === "";
}

/** A slash after three spaces at most: four, or a tab, would make it a code block. */
function startsCommand(line: string): boolean {
  const indent = indentOf(line);
  return indent <= 3 && line[indent] === "/";
}

/** Lines that may be commands and that a reader sees as text: not in a code fence, not in an HTML comment, not indented as code. Quotes start with ">" and so hold no command. */
function* spokenLines(comment: string, tally: Tally): Generator<string> {
  let fence: Fence | null = null;
  let hidden = false;
  for (const line of linesOf(comment, tally)) {
    if (fence) {
      if (closes(line, fence)) fence = null;
    } else if (hidden || line.startsWith("<!--", indentOf(line))) {
      hidden = !line.includes("-->");
    } else {
      fence = openingFence(line);
      if (!fence && startsCommand(line)) yield line;
    }
  }
}

/** The words behind `/agent`; `null` when the line is no command. `/agents` is somebody else's. */
function wordsOf(line: string): string[] | null {
  const [name, ...words] = line.trim().split(/\s/u).filter(Boolean);
  return name?.toLowerCase() === "/agent" ? words : null;
}

/** A word without the punctuation of a sentence behind it. */
function bare(word: string): string {
  let end = word.length;
  while (end > 0 && ".,;:!?".includes(word.charAt(end - 1))) end--;
  return word.slice(0, end);
}

/** The path that a word is, without backquotes around it and "./" before it; `null` where it is none inside a repository. */
function pathIn(word: string): string | null {
  const quoted = word.length > 1 && word.startsWith("`") && word.endsWith("`");
  const unquoted = quoted ? word.slice(1, -1) : word;
  const path = unquoted.startsWith("./") ? unquoted.slice(2) : unquoted;
  if (path === "" || path.length > MAX_PATH || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\\`]/u.test(path)) return null;
  const parts = (path.endsWith("/") ? path.slice(0, -1) : path).split("/");
  return parts.some((part) => part === "" || part === "." || part === "..") ? null : path;
}

/** The arguments of a verb from the words behind it; `null` where they are not understood. */
function argsOf(after: Verb["after"], words: readonly string[]): string[] | null {
  const [first, ...more] = words;
  if (after === "words" || first === undefined) return [];
  const path = after === "path" && more.length === 0 ? pathIn(first) : null;
  return path === null ? null : [path];
}

function requestOf(words: readonly string[]): Request {
  const said = words.map(bare).filter((word) => word !== "" && word.toLowerCase() !== "please");
  // Case means nothing in a verb, and much in a path.
  const spoken = said.map((word) => word.toLowerCase());
  for (const { verb, spellings, after } of verbs) {
    const spelling = spellings.find((parts) => parts.every((part, index) => spoken[index] === part));
    const args = spelling && argsOf(after, said.slice(spelling.length));
    if (args) return { verb, args };
  }
  if (words.length === 0) return { verb: "help", args: [] };
  const guess = nearest(spoken.slice(0, 2).join("-"), userVerbs) ?? nearest(spoken[0] ?? "", userVerbs);
  return { verb: "help", args: [words.join(" ").slice(0, MAX_ECHO), ...(guess ? [guess] : [])] };
}

/** Tests may be asked for of several files; of everything else, once is enough. */
const isSame = (one: Request, other: Request): boolean =>
  one.verb === other.verb && (one.verb !== "write-tests" || one.args[0] === other.args[0]);

/**
 * The requests of a new comment, in order, each once, from its first `MAX_COMMANDS` command lines. Up to three spaces may stand before
 * `/agent`; case is ignored. Whatever is not understood, be it one unknown word or a whole sentence, asks for help. Never throws; at most a
 * few looks at each character.
 */
export function parseComment(comment: string, tally: Tally = () => undefined): readonly Request[] {
  const requests: Request[] = [];
  let commands = 0;
  for (const line of spokenLines(comment, tally)) {
    const words = wordsOf(line);
    if (!words) continue;
    const request = requestOf(words);
    if (!requests.some((known) => isSame(known, request))) requests.push(request);
    if (++commands === MAX_COMMANDS) break;
  }
  return requests;
}
