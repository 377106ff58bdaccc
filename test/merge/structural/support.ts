// Hunks for the structural merge, as a reader would write them.
import type { Hunk } from "../../../src/core/conflict.ts";
import { prepareStructural } from "../../../src/merge/structural/index.ts";
import type { StructuralMerger } from "../../../src/merge/structural/index.ts";
import type { HunkContext } from "../../../src/merge/tier.ts";
import { hunkOf } from "../support.ts";
import type { Given } from "../support.ts";

export async function mergerFor(path: string): Promise<StructuralMerger> {
  const merger = await prepareStructural(path);
  if (merger === null) throw new Error(`No grammar for ${path}.`);
  return merger;
}

export function given({ path, before = "", after = "", ...sides }: Given): [Hunk, HunkContext] {
  return [hunkOf(sides), { path, before, after, file: null }];
}

/** The candidates' texts by name. */
export async function candidatesFor(test: Given): Promise<Record<string, string>> {
  const merger = await mergerFor(test.path);
  return Object.fromEntries(merger.candidates(...given(test)).map(({ name, text }) => [name, text]));
}
