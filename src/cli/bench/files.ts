// `errand bench files`: how many conflicted files come out whole and right, and how many of them would be pushed.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ownVariables } from "../../config/process-environment.ts";
import { alignResolutions } from "../../workspace/align.ts";
import { splitConflict } from "../../workspace/conflicted-file.ts";
import { offlineEnvironment } from "../../workspace/environment.ts";
import { gitFor } from "../../workspace/git.ts";
import { defaultLimits } from "../../workspace/limits.ts";
import { FileCase, readCases } from "./cases.ts";
import { fileFigures, fileText } from "./file-figures.ts";
import { measureFile } from "./measure-files.ts";
import type { FileMeasure, FileTools } from "./measure-files.ts";
import type { BenchOptions } from "./merge.ts";
import { progressOn } from "./progress.ts";
import { shippedFiles } from "./resolver.ts";
import { survey } from "./survey.ts";

export interface BenchFilesOptions extends BenchOptions {
  /** Least precision of what is pushed, 0 to 1. */
  readonly bar: number;
}

/** Measures whole files and prints the figures. Exit status and errors as `benchMerge`. */
export async function benchFiles({ cases: file, json = false, bar }: BenchFilesOptions): Promise<number> {
  const progress = progressOn(process.stderr, { what: "files", every: 50 });
  const found = await survey(file, {
    schema: FileCase,
    groupOf: () => "",
    onRefused: progress.refuse,
  });
  progress.start(found.cases, found.refused);

  const measures: FileMeasure[] = [];
  await withGit(async (git) => {
    for await (const read of readCases(file, FileCase)) {
      if (read.problem !== null) continue;
      const measure = await measureFile(read.case, { ...git, resolve: shippedFiles, bar });
      if (measure.failure !== null) progress.note(`${read.case.id}: failed: ${measure.failure}`);
      measures.push(measure);
      progress.advance(1);
    }
  });
  progress.end();

  const figures = fileFigures(measures, { refused: found.refused, bar });
  process.stdout.write(json ? `${JSON.stringify(figures, null, 2)}\n` : fileText(figures));
  return figures.refused + figures.failed > 0 ? 1 : 0;
}

/** Git in a private directory that looks at no repository. */
export async function withGit<T>(work: (git: Pick<FileTools, "split" | "align">) => Promise<T>): Promise<T> {
  const scratch = await mkdtemp(path.join(tmpdir(), "errand-bench-"));
  try {
    const git = gitFor({
      directory: scratch,
      gitDir: null,
      env: offlineEnvironment(scratch, ownVariables()),
      timeoutMs: defaultLimits.networkMs,
      signal: new AbortController().signal,
      secrets: [],
    });
    return await work({
      split: (file, stages) => splitConflict(git, scratch, file, stages),
      align: (split, merged) => alignResolutions(git, scratch, split, merged),
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
