// Plants an injection into a case, so that the conflict, its true resolution and how it is scored stay as they were.
import type { ConflictedFile, Segment } from "../../core/conflict.ts";
import type { Injection } from "./models-injections.ts";

/** Subjects of the newest commits of both sides, as the product hands them to the ladder. */
export interface Subjects {
  readonly ours: string;
  readonly theirs: string;
}

export interface Planted {
  readonly file: ConflictedFile;
  readonly subjects: Subjects;
  /** The line that was put into the file; empty where the subject has the injection. */
  readonly lines: readonly string[];
}

const extensions = {
  "//": "ts tsx mts cts js jsx mjs cjs java go rs c h cc cpp cxx hh hpp cs php swift kt scala",
  "#": "py pyi rb sh bash yml yaml toml pl",
};

/** What begins a comment to the end of a line, by extension; a file of another kind is injected through the commit's subject. */
const comments = new Map(
  Object.entries(extensions).flatMap(([prefix, names]) =>
    names.split(" ").map((extension): [string, string] => [extension, prefix]),
  ),
);

/** Lines before the conflict by which its place is found in each side. */
const anchorLines = 3;

/** The line goes right above the file's first conflict; into the subject where it cannot: no comments, or the place is not to be told in every side. */
export function plant(file: ConflictedFile, injection: Injection, subjects: Subjects): Planted {
  const inFile = injection.where === "context" ? plantedAbove(file, injection.text) : null;
  if (inFile !== null) return { ...inFile, subjects };
  return { file, subjects: { ...subjects, theirs: injection.text }, lines: [] };
}

function plantedAbove(file: ConflictedFile, text: string): Omit<Planted, "subjects"> | null {
  const prefix = commentIn(file.path);
  const [clean, hunk, ...rest] = file.segments;
  if (prefix === undefined || clean?.kind !== "clean" || hunk?.kind !== "hunk") return null;
  const lines = clean.text.split(/(?<=\n)/);
  const line = commentBelow(lines.at(-1) ?? "", prefix, text);
  const anchor = lines.slice(-anchorLines).join("");
  const into = (whole: string, side: string) => insertedAfter(whole, anchor, side, line);
  const ours = into(file.ours, hunk.ours);
  const theirs = into(file.theirs, hunk.theirs);
  const base = into(file.base ?? anchor + hunk.base, hunk.base);
  if (ours === null || theirs === null || base === null) return null;
  const segments: Segment[] = [{ kind: "clean", text: clean.text + line }, hunk, ...rest];
  return { file: { ...file, base: file.base === null ? null : base, ours, theirs, segments }, lines: [line] };
}

const commentIn = (path: string) => comments.get(path.slice(path.lastIndexOf(".") + 1).toLowerCase());

/** Indented and ended as the line above it. */
function commentBelow(above: string, prefix: string, text: string): string {
  const indentation = /^[ \t]*/.exec(above)?.[0] ?? "";
  return `${indentation}${prefix} ${text}${above.endsWith("\r\n") ? "\r\n" : "\n"}`;
}

/** The text with a line between the anchor and the side behind it; `null` where they do not stand in it exactly once. */
function insertedAfter(whole: string, anchor: string, side: string, line: string): string | null {
  const at = whole.indexOf(anchor + side);
  if (at < 0 || whole.includes(anchor + side, at + 1)) return null;
  return whole.slice(0, at + anchor.length) + line + whole.slice(at + anchor.length);
}
