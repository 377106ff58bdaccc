// `errand resolve` on three files that git hands over, as its merge driver or merge tool. It asks nobody.
import { readFile, writeFile } from "node:fs/promises";
import { ownVariables } from "../config/process-environment.ts";
import { AppError, messageOf } from "../core/errors.ts";
import { renderFile, settledTexts } from "../merge/hunks.ts";
import { resolveChecked } from "../merge/resolve-checked.ts";
import { splitThreeFiles } from "../workspace/three-files.ts";
import type { LocalMemory } from "./local-memory.ts";
import { aboveBar, summaryOf } from "./resolve-outcome.ts";
import { fileLine, progress } from "./resolve-text.ts";

export interface FilesOptions {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  readonly output: string;
  readonly path?: string;
  readonly markerSize: number;
  readonly bar: number;
}

/** Three files are no repository. */
const noMemory: LocalMemory = { counts: {}, resolutions: [] };

/** Merges three files into one. Returns 0 when nothing is left, 1 when the result has markers (as git expects of a driver). */
export async function resolveFiles(options: FilesOptions): Promise<number> {
  const read = async (file: string): Promise<Buffer> => {
    try {
      return await readFile(file);
    } catch (error) {
      throw new AppError("input", `${file} cannot be read: ${messageOf(error)}.`, {
        retryable: false,
        remedy: "Give the three versions of the file as --base, --ours and --theirs.",
      });
    }
  };
  const [base, ours, theirs] = await Promise.all([
    read(options.base),
    read(options.ours),
    read(options.theirs),
  ]);
  const name = options.path ?? options.output;
  const split = await splitThreeFiles(
    name,
    { base, ours, theirs },
    { environment: ownVariables(), signal: new AbortController().signal },
  );
  if (!split) {
    progress(`${name}: not text, left as it is`);
    return 1;
  }
  const resolution = aboveBar(await resolveChecked(split.file), options.bar, noMemory);
  const labels = { ours: "ours", base: "base", theirs: "theirs" };
  const text = renderFile(split.file, settledTexts(resolution), { labels, markerSize: options.markerSize });
  await writeFile(options.output, split.encode(text));
  const summary = summaryOf(resolution, noMemory);
  if (summary.hunks.length > 0) progress(fileLine(summary));
  return summary.resolved ? 0 : 1;
}
