// `errand resolve`: the ladder in a person's own repository, or on three files that git hands over.
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { processVariables } from "../config/process-environment.ts";
import { AppError, messageOf } from "../core/errors.ts";
import type { Conflict, FileResolution } from "../core/conflict.ts";
import { renderFile, settledTexts } from "../merge/hunks.ts";
import { precisionOf } from "../merge/precision.ts";
import { resolveChecked } from "../merge/resolve-checked.ts";
import { splitThreeFiles } from "../workspace/three-files.ts";
import { openWorktree } from "../workspace/worktree.ts";
import type { Worktree } from "../workspace/worktree.ts";
import { fileLine, summaryLine } from "./resolve-text.ts";
import type { FileSummary, Summary } from "./resolve-text.ts";

export interface RepositoryOptions {
  readonly paths: readonly string[];
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly merge?: string;
  /** Least precision, 0 to 1, of a rule whose answer is taken. */
  readonly bar: number;
}

export interface FilesOptions {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  readonly output: string;
  readonly path?: string;
  readonly markerSize: number;
  readonly bar: number;
}

const progress = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** Settles the conflicts of the merge under way, file by file. Returns the exit status: 0 all settled, 1 some left. */
export async function resolveRepository(options: RepositoryOptions): Promise<number> {
  const { json = false, dryRun = false } = options;
  const worktree = await openWorktree(process.cwd(), {
    environment: processVariables(),
    signal: new AbortController().signal,
  });
  const merged = options.merge === undefined ? null : await worktree.startMerge(options.merge);
  const operation = await worktree.operation();
  const conflicts = chosen(await worktree.conflicts(), worktree, options.paths);
  if (!json) progress(opening(conflicts.length, merged, operation));

  const files: FileSummary[] = [];
  for (const [index, conflict] of conflicts.entries()) {
    const file = await resolveConflict(worktree, conflict, { dryRun, bar: options.bar });
    files.push(file);
    if (!json) progress(`[${index + 1}/${conflicts.length}] ${fileLine(file)}`);
  }
  const left = files.filter(({ resolved }) => !resolved).length;
  const summary: Summary = { operation, dryRun, files, left };
  if (json) process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
  else if (conflicts.length > 0) progress(summaryLine(summary));
  return left === 0 ? 0 : 1;
}

function opening(count: number, merged: string | null, operation: string | null): string {
  if (count > 0) return `${count} conflicted file${count === 1 ? "" : "s"}.`;
  if (merged === "up-to-date") return "Nothing to merge: that commit is already in this branch.";
  if (merged === "merged") return "Git merged it without a conflict. Look at it, then commit.";
  return operation === null
    ? "No conflict here, and no merge under way. To start one: errand resolve --merge <branch>"
    : `No conflict is left in this ${operation}. Look at it, then go on with git.`;
}

/** The conflicts that were asked for. A path that is not in conflict is a mistake worth telling. */
function chosen(
  conflicts: readonly Conflict[],
  { root }: Worktree,
  paths: readonly string[],
): readonly Conflict[] {
  if (paths.length === 0) return conflicts;
  const wanted = paths.map((file) => path.relative(root, path.resolve(file)).split(path.sep).join("/"));
  const unknown = wanted.filter((file) => !conflicts.some((conflict) => conflict.path === file));
  if (unknown.length > 0) {
    throw new AppError("input", `Not in conflict here: ${unknown.join(", ")}.`, {
      retryable: false,
      remedy: "`git status` lists the conflicted paths.",
    });
  }
  return conflicts.filter((conflict) => wanted.includes(conflict.path));
}

async function resolveConflict(
  worktree: Worktree,
  conflict: Conflict,
  { dryRun, bar }: { dryRun: boolean; bar: number },
): Promise<FileSummary> {
  const untouched = (why: string): FileSummary => ({ path: conflict.path, resolved: false, why, hunks: [] });
  try {
    const split = await worktree.conflictedFile(conflict);
    if (!split) return untouched(conflict.explanation);
    if (split.edited) return untouched("You have begun to edit it; it is left as it is.");
    const resolution = aboveBar(await resolveChecked(split.file), bar);
    const summary = summaryOf(resolution);
    const settled = summary.hunks.filter((hunk) => hunk.settled).length;
    if (dryRun || settled === 0) return summary;
    const style = worktree.conflictStyle === "merge" ? "merge" : "diff3";
    const text = renderFile(split.file, settledTexts(resolution), {
      labels: split.labels,
      markerSize: 7,
      style,
    });
    await worktree.write(conflict, split.encode(text), { resolved: summary.resolved });
    return summary;
  } catch (error) {
    // One file that cannot be read or written must not cost the others.
    return untouched(error instanceof AppError ? `${error.message} ${error.remedy}` : messageOf(error));
  }
}

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
    { environment: processVariables(), signal: new AbortController().signal },
  );
  if (!split) {
    progress(`${name}: not text, left as it is`);
    return 1;
  }
  const resolution = aboveBar(await resolveChecked(split.file), options.bar);
  const labels = { ours: "ours", base: "base", theirs: "theirs" };
  const text = renderFile(split.file, settledTexts(resolution), { labels, markerSize: options.markerSize });
  await writeFile(options.output, split.encode(text));
  const summary = summaryOf(resolution);
  if (summary.hunks.length > 0) progress(fileLine(summary));
  return summary.resolved ? 0 : 1;
}

/** Opens again what was settled by a rule that is not sure enough. */
function aboveBar(resolution: FileResolution, bar: number): FileResolution {
  const hunks = resolution.hunks.map((one) => {
    if (!one.settlement) return one;
    const { lower } = precisionOf(one.settlement.tier, one.settlement.class);
    if (lower >= bar) return one;
    const why = `A rule has an answer, of precision ${lower.toFixed(2)}: below the bar.`;
    return { ...one, settlement: null, why };
  });
  const reopened = hunks.flatMap(({ settlement }, index) =>
    settlement === null && !resolution.openHunks.includes(index) ? [index] : [],
  );
  return { ...resolution, hunks, openHunks: [...resolution.openHunks, ...reopened] };
}

function summaryOf({ path: file, hunks }: FileResolution): FileSummary {
  const rows = hunks.map(({ settlement, why }) =>
    settlement
      ? {
          settled: true,
          tier: settlement.tier,
          class: settlement.class,
          precision: precisionOf(settlement.tier, settlement.class).lower,
          why,
        }
      : { settled: false, tier: "human" as const, class: "open", precision: null, why },
  );
  return { path: file, resolved: rows.every(({ settled }) => settled), why: null, hunks: rows };
}
