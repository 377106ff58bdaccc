// Cases from a file, one JSON object a line: what each must have, and what is said of a line that has it not.
import { z } from "zod";
import { messageOf } from "../../core/errors.ts";
import { readLines } from "./lines.ts";

/** UTF-16 units of one text of a case: above any file that git merges as text here. */
const text = z.string().max(8_000_000);
const name = z.string().max(4_096);
const count = z.number().int().min(1).max(1_000_000);

/** One conflict and what the developers made of it. Fields that are not named here are let be. */
export const HunkCase = z.object({
  id: name,
  /** The repository and the merge: cases of the same merge tell about each other. Without a merge a case stands alone. */
  repo: name.default(""),
  merge: name.nullable().default(null),
  path: name,
  /** Lower-case name of the language, by which answers are compared. */
  lang: name,
  category: name.default("unknown"),
  /** Place in the file, from 1, and how many hunks the file has. */
  hunk: count,
  n_hunks: count,
  /** Conflicted files of the merge. */
  n_conflict_files: count.optional(),
  before: text,
  after: text,
  base: text,
  ours: text,
  theirs: text,
  resolution: text,
});
export type HunkCase = z.infer<typeof HunkCase>;

/** A whole conflicted file. `base` is `null` when both sides added it; `merged` is what the developers committed. */
export const FileCase = z.object({
  id: name,
  category: name.default("unknown"),
  path: name,
  base: text.nullable(),
  ours: text,
  theirs: text,
  merged: text,
});
export type FileCase = z.infer<typeof FileCase>;

/** A line of the file: a case, or what is wrong with it. `number` counts from 1. */
export type ReadCase<T> =
  | { readonly number: number; readonly case: T; readonly problem: null }
  | { readonly number: number; readonly case: null; readonly problem: string };

/** Reads a file case by case. Throws `AppError("input")` when the file cannot be read; a bad line is an answer, not an error. */
export async function* readCases<T>(file: string, schema: z.ZodType<T>): AsyncGenerator<ReadCase<T>> {
  for await (const { number, text: line, problem } of readLines(file)) {
    yield line === null ? { number, case: null, problem } : { number, ...parseCase(line, schema) };
  }
}

type Parsed<T> =
  { readonly case: T; readonly problem: null } | { readonly case: null; readonly problem: string };

function parseCase<T>(line: string, schema: z.ZodType<T>): Parsed<T> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return { case: null, problem: `it is not JSON: ${messageOf(error)}` };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { case: parsed.data, problem: null };
  const issues = parsed.error.issues.map(
    (issue) => `${issue.path.join(".") || "the line"}: ${issue.message}`,
  );
  return { case: null, problem: issues.join("; ") };
}
