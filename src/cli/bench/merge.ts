// `errand bench merge`: how often the first answer to a hunk is the developers' own.
import { HunkCase, readCases } from "./cases.ts";
import { hunkFigures, hunkText } from "./hunk-figures.ts";
import { measureMerge, warmUp } from "./measure-hunks.ts";
import type { HunkMeasure } from "./measure-hunks.ts";
import { progressOn } from "./progress.ts";
import { shippedHunks } from "./resolver.ts";
import type { HunkResolver } from "./resolver.ts";
import { readGroups, survey } from "./survey.ts";

export interface BenchOptions {
  /** Cases, one JSON object a line, plain or gzipped. */
  readonly cases: string;
  readonly json?: boolean;
}

/** Hunks that are answered before the clock runs: enough for the engine to have compiled what is hot. */
const warmUpHunks = 100;

/** Cases of one merge tell about each other; a case that names no merge stands alone. */
const mergeOf = ({ id, repo, merge }: HunkCase): string =>
  JSON.stringify(merge === null ? [id] : [repo, merge]);

const reading = { schema: HunkCase, groupOf: mergeOf };

/**
 * Measures the hunks of a file and prints the figures. Returns the exit status: 0, or 1 when a line was refused or a resolver failed.
 * Throws `AppError("input")` when the file cannot be read or holds no case.
 */
export async function benchMerge(
  { cases: file, json = false }: BenchOptions,
  resolver: HunkResolver = shippedHunks(),
): Promise<number> {
  const progress = progressOn(process.stderr, { what: "hunks", every: 500 });
  const found = await survey(file, { ...reading, onRefused: progress.refuse });
  progress.start(found.cases, found.refused);
  await warmUp(await firstCases(file), resolver);

  const measures: HunkMeasure[] = [];
  let failed = 0;
  for await (const merge of readGroups(file, reading, found.groups)) {
    const { hunks, failures } = await measureMerge(merge, resolver);
    measures.push(...hunks);
    failed += failures.length;
    for (const { id, reason } of failures) progress.note(`${id}: failed: ${reason}`);
    progress.advance(hunks.length);
  }
  progress.end();

  const figures = hunkFigures(measures, { refused: found.refused, failed });
  process.stdout.write(json ? `${JSON.stringify(figures, null, 2)}\n` : hunkText(figures));
  return found.refused + failed > 0 ? 1 : 0;
}

async function firstCases(file: string): Promise<HunkCase[]> {
  const first: HunkCase[] = [];
  for await (const read of readCases(file, HunkCase)) {
    if (read.problem === null) first.push(read.case);
    if (first.length === warmUpHunks) break;
  }
  return first;
}
