// Reads what the supervisor sends: lines, and files with their length in front. It may have been taken over by the program that it runs, so any byte can come.
import { mostReportBytes, mostReturnedBytes } from "../../core/sandbox.ts";

export type MissingReason = "link" | "absent" | "special" | "unreadable" | "large";
export type FileKind = "project" | "report";

/** What has been understood so far. */
export interface Frames {
  /** The tree is unpacked and the program is about to start. */
  began: boolean;
  /** Why it could not start. */
  failed: "unpack" | "folder" | null;
  /** A file system was full at the end of a run that failed. */
  full: boolean;
  /** The program's exit status, as a shell has it. */
  code: number | null;
  done: boolean;
  /** Something came that cannot have been sent by the supervisor; all after it was thrown away. */
  broken: boolean;
  readonly files: Map<string, Uint8Array>;
  readonly missing: Map<string, MissingReason>;
}

/** How many files were asked for, by kind. */
export interface Expected {
  readonly project: number;
  readonly report: number;
}

export interface FrameReader {
  readonly add: (chunk: Buffer) => void;
  readonly frames: Frames;
}

const reasons: readonly string[] = [
  "link",
  "absent",
  "special",
  "unreadable",
  "large",
] satisfies MissingReason[];
const most = { project: mostReturnedBytes, report: mostReportBytes };
/** No line of the supervisor is longer: "missing project 999999 unreadable". */
const longestLine = 64;

/** The key of a file in `files` and `missing`. */
export function fileKey(kind: FileKind, index: number): string {
  return `${kind} ${index}`;
}

interface Open {
  readonly key: string;
  readonly bytes: Uint8Array;
  filled: number;
}

/** Never throws; takes each file once, only those expected, none above its cap; keeps no more than one file and one line that are not whole. */
export function readFrames(expected: Expected): FrameReader {
  const frames: Frames = {
    began: false,
    failed: null,
    full: false,
    code: null,
    done: false,
    broken: false,
    files: new Map(),
    missing: new Map(),
  };
  let line = "";
  let open: Open | null = null;
  const fill = (file: Open, chunk: Buffer): Buffer => {
    const part = chunk.subarray(0, file.bytes.length - file.filled);
    file.bytes.set(part, file.filled);
    file.filled += part.length;
    if (file.filled === file.bytes.length) {
      frames.files.set(file.key, file.bytes);
      open = null;
    }
    return chunk.subarray(part.length);
  };
  const readLine = (chunk: Buffer): Buffer => {
    const end = chunk.indexOf(10);
    line += chunk.toString("latin1", 0, end === -1 ? Math.min(chunk.length, longestLine + 1) : end);
    if (line.length > longestLine) frames.broken = true;
    if (end === -1 || frames.broken) return Buffer.alloc(0);
    const size = understand(frames, expected, line.split(" "));
    if (size !== null) open = size;
    line = "";
    return chunk.subarray(end + 1);
  };
  return {
    frames,
    add: (chunk) => {
      let rest = chunk;
      while (!frames.broken && !frames.done && rest.length > 0) {
        rest = open === null ? readLine(rest) : fill(open, rest);
        // A file of no bytes is whole as soon as its line is.
        if (open?.bytes.length === 0) fill(open, Buffer.alloc(0));
      }
    },
  };
}

/** Takes one line in; gives the file whose bytes follow, if any do. */
function understand(frames: Frames, expected: Expected, words: readonly string[]): Open | null {
  const [verb = "", ...rest] = words;
  const plain = plainLines[verb];
  const taken = plain === undefined ? takeFileLine(frames, expected, words) : plain(frames, rest);
  if (taken === false) frames.broken = true;
  return typeof taken === "boolean" ? null : taken;
}

/** `false` for a line that cannot come now. */
function takeFileLine(frames: Frames, expected: Expected, words: readonly string[]): Open | boolean {
  const [verb, kind, index, last] = words;
  if (frames.code === null || words.length !== 4 || !isKind(kind)) return false;
  const key = expectedKey(expected, kind, index);
  if (key === null || frames.files.has(key) || frames.missing.has(key)) return false;
  if (verb === "missing" && isReason(last)) {
    frames.missing.set(key, last);
    return true;
  }
  const size = verb === "file" ? sizeUpTo(most[kind], last) : null;
  return size !== null && { key, bytes: new Uint8Array(size), filled: 0 };
}

function sizeUpTo(largest: number, word: string | undefined): number | null {
  const size = wholeNumber(word);
  return size !== null && size <= largest ? size : null;
}

/** Lines with no file to them; each says whether it can come now. */
const plainLines: Partial<Record<string, (frames: Frames, rest: readonly string[]) => boolean>> = {
  begin: (frames, rest) => {
    if (frames.began || frames.failed !== null || rest.length > 0) return false;
    frames.began = true;
    return true;
  },
  failed: (frames, [why, ...rest]) => {
    if (frames.began || frames.failed !== null || rest.length > 0) return false;
    if (why !== "unpack" && why !== "folder") return false;
    frames.failed = why;
    return true;
  },
  full: (frames, rest) => {
    if (frames.code !== null || rest.length > 0) return false;
    frames.full = true;
    return true;
  },
  end: (frames, [word, ...rest]) => {
    const code = wholeNumber(word);
    if (!frames.began || frames.code !== null || rest.length > 0 || code === null || code > 255) return false;
    frames.code = code;
    return true;
  },
  done: (frames, rest) => {
    if (frames.code === null || rest.length > 0) return false;
    frames.done = true;
    return true;
  },
};

function expectedKey(expected: Expected, kind: FileKind, index: string | undefined): string | null {
  const number = wholeNumber(index);
  return number !== null && number < expected[kind] ? fileKey(kind, number) : null;
}

function isKind(word: string | undefined): word is FileKind {
  return word === "project" || word === "report";
}

function wholeNumber(word: string | undefined): number | null {
  return word !== undefined && /^(?:0|[1-9][0-9]{0,8})$/.test(word) ? Number(word) : null;
}

function isReason(word: string | undefined): word is MissingReason {
  return word !== undefined && reasons.includes(word);
}
