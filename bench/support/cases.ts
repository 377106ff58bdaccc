// Whole-file and hunk cases, all at once: for benches that hold them anyway.
import type { z } from "zod";
import { FileCase, readCases as readOneByOne } from "../../src/cli/bench/cases.ts";

export type { FileCase } from "../../src/cli/bench/cases.ts";

/** The first `limit` cases of a file. Throws at the first line that is not one. */
export async function collectCases<T>(file: string, schema: z.ZodType<T>, limit = Infinity): Promise<T[]> {
  const cases: T[] = [];
  for await (const read of readOneByOne(file, schema)) {
    if (read.problem !== null) throw new Error(`${file}, line ${read.number}: ${read.problem}`);
    if (cases.push(read.case) >= limit) break;
  }
  return cases;
}

export function readCases(file: string): Promise<FileCase[]> {
  return collectCases(file, FileCase);
}
