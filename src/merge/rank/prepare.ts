// What must be loaded before hunks of a file can be ranked.
import type { BeamOdds } from "../candidates/beam.ts";
import { oddsOf } from "../candidates/choice-table.ts";
import { prepareStructural } from "../structural/index.ts";
import type { StructuralMerger } from "../structural/index.ts";
import counts from "./beam-counts.json" with { type: "json" };

export interface Prepared {
  readonly odds: BeamOdds;
  /** `null` where no grammar knows the language. */
  readonly structural: StructuralMerger | null;
}

let odds: BeamOdds | undefined;

/** Loads what files of this name need. Once per language; cheap after that. Rejects only if a grammar cannot be loaded. */
export async function prepareMerge(path: string): Promise<Prepared> {
  odds ??= { line: oddsOf(counts.line), token: oddsOf(counts.token) };
  return { odds, structural: await prepareStructural(path) };
}
