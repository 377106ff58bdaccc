// A first look through a case file: which lines are cases, and how many there are of each merge.
import type { z } from "zod";
import { AppError } from "../../core/errors.ts";
import { readCases } from "./cases.ts";

/** What the first look found. */
export interface Survey {
  /** Lines that are cases, and lines that are not. */
  readonly cases: number;
  readonly refused: number;
  /** Cases per group. */
  readonly groups: ReadonlyMap<string, number>;
}

export interface SurveyOptions<T> {
  readonly schema: z.ZodType<T>;
  readonly groupOf: (one: T) => string;
  /** Told of every line that is not a case. */
  readonly onRefused: (number: number, problem: string) => void;
}

/** Throws `AppError("input")` when the file cannot be read, has no line, or has no line that is a case. */
export async function survey<T>(file: string, options: SurveyOptions<T>): Promise<Survey> {
  const groups = new Map<string, number>();
  let cases = 0;
  let refused = 0;
  for await (const read of readCases(file, options.schema)) {
    if (read.problem !== null) {
      refused++;
      options.onRefused(read.number, read.problem);
      continue;
    }
    cases++;
    const group = options.groupOf(read.case);
    groups.set(group, (groups.get(group) ?? 0) + 1);
  }
  if (cases === 0) throw nothingToMeasure(file, refused);
  return { cases, refused, groups };
}

function nothingToMeasure(file: string, refused: number): AppError {
  const message =
    refused === 0 ? `${file} is empty.` : `No line of ${file} is a case: each of its ${refused} is refused.`;
  const remedy = "One JSON object a line, with the fields that docs/bench.md names.";
  return new AppError("input", message, { retryable: false, remedy });
}

/**
 * The good cases of a file in groups, each as soon as its last case is read: memory holds the groups that have begun and not ended. Where the cases of a
 * group stand together, that is one.
 */
export async function* readGroups<T>(
  file: string,
  { schema, groupOf }: Pick<SurveyOptions<T>, "schema" | "groupOf">,
  sizes: ReadonlyMap<string, number>,
): AsyncGenerator<readonly T[]> {
  const begun = new Map<string, T[]>();
  for await (const read of readCases(file, schema)) {
    if (read.problem !== null) continue;
    const key = groupOf(read.case);
    const group = begun.get(key) ?? [];
    group.push(read.case);
    begun.set(key, group);
    if (group.length < (sizes.get(key) ?? 0)) continue;
    begun.delete(key);
    yield group;
  }
}
