// `errand resolve`: the ladder in a person's own repository, and at a terminal the person's word on what it leaves open.
import path from "node:path";
import { ownVariables } from "../config/process-environment.ts";
import { AppError, messageOf } from "../core/errors.ts";
import type { Conflict, FileResolution } from "../core/conflict.ts";
import { parseErrors } from "../merge/check/parse-errors.ts";
import { renderFile, settledTexts } from "../merge/hunks.ts";
import { resolveChecked } from "../merge/resolve-checked.ts";
import { certainHunks, siblingsOf } from "../merge/siblings.ts";
import type { Settled } from "../merge/siblings.ts";
import { openWorktree } from "../workspace/worktree.ts";
import type { Worktree, WorktreeFile } from "../workspace/worktree.ts";
import { readLocalMemory } from "./local-memory.ts";
import { openLocalModels } from "./local-models.ts";
import type { LocalModels } from "./local-models.ts";
import type { LocalMemory } from "./local-memory.ts";
import { askAboutOpenHunks } from "./resolve-ask.ts";
import type { OpenFile } from "./resolve-ask.ts";
import { aboveBar, summaryOf } from "./resolve-outcome.ts";
import type { Terminal } from "./resolve-terminal.ts";
import { fileLine, printable, progress, summaryLines } from "./resolve-text.ts";
import type { FileSummary, Summary } from "./resolve-text.ts";

export interface RepositoryOptions {
  readonly paths: readonly string[];
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly merge?: string;
  /** `false`: no model is asked. */
  readonly models?: boolean;
  /** Asked in place of the configured small model. */
  readonly model?: string;
  /** Least precision, 0 to 1, of a rule whose answer is taken. */
  readonly bar: number;
}

/** A conflict that was looked at: left alone with a reason, or climbed. */
type Looked = { readonly untouched: FileSummary } | { readonly open: OpenFile };

interface Work {
  readonly worktree: Worktree;
  readonly memory: LocalMemory;
  /** `null`: rules alone. */
  readonly models: LocalModels | null;
  readonly options: RepositoryOptions;
}

/**
 * Settles the conflicts of the merge under way, file by file; then asks at `terminal`, where there is one, about what is still open. Returns the exit
 * status: 0 all settled, 1 some left.
 */
export async function resolveRepository(
  options: RepositoryOptions,
  terminal: Terminal | null,
): Promise<number> {
  const { json = false, dryRun = false } = options;
  const tell = json ? () => undefined : progress;
  const models = modelsOf(options, tell);
  const worktree = await openWorktree(process.cwd(), {
    environment: ownVariables(),
    signal: new AbortController().signal,
  });
  const merged = options.merge === undefined ? null : await worktree.startMerge(options.merge);
  const operation = await worktree.operation();
  const conflicts = chosen(await worktree.conflicts(), worktree, options.paths);
  tell(opening(conflicts.length, merged, operation));
  if (models !== null && conflicts.length > 0) tell(recipients(models));

  const work = { worktree, memory: await readLocalMemory(worktree.gitDirectory), models, options };
  const files = await resolveAll(conflicts, work, terminal);
  const left = files.filter(({ resolved }) => !resolved).length;
  const hunks = files.flatMap((file) => file.hunks);
  const use = models === null ? null : await models.use(hunks);
  const summary: Summary = { operation, dryRun, files, left, models: use };
  if (json) process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
  else for (const line of conflicts.length > 0 ? summaryLines(summary) : []) tell(line);
  return left === 0 ? 0 : 1;
}

/** Who sets a bar wants measured answers only, and nobody has measured a model here: it is not asked, and not paid, for nothing. */
function modelsOf(
  { models, model, bar }: RepositoryOptions,
  tell: (line: string) => void,
): LocalModels | null {
  if (models === false || bar > 0) return null;
  return openLocalModels(model, (line) => {
    tell(`    ${printable(line)}`);
  });
}

/** Said before anything leaves the machine. */
const recipients = ({ names }: LocalModels): string =>
  `What rules leave open is sent to ${names.map(printable).join(", ")} (--no-models: to nobody).`;

async function resolveAll(
  conflicts: readonly Conflict[],
  work: Work,
  terminal: Terminal | null,
): Promise<readonly FileSummary[]> {
  const { json = false } = work.options;
  const certain: Settled[] = [];
  const summaries = new Map<string, FileSummary>();
  const open: OpenFile[] = [];
  for (const [index, conflict] of conflicts.entries()) {
    const looked = await look(conflict, work, certain);
    const waits = "open" in looked && terminal !== null && looked.open.resolution.openHunks.length > 0;
    if (waits) open.push(looked.open);
    const summary = "untouched" in looked ? looked.untouched : summaryOf(looked.open.resolution, work.memory);
    const written = "open" in looked && !waits ? await finish(looked.open, work) : summary;
    summaries.set(conflict.path, written);
    if (!json) progress(`[${index + 1}/${conflicts.length}] ${fileLine(written)}`);
  }
  if (terminal !== null && open.length > 0) {
    const bar = work.options.bar;
    const asked = { terminal, memory: work.memory, bar, certain };
    await askAboutOpenHunks(open, asked, async (file) => {
      const summary = await finishAsked(file, work);
      summaries.set(file.conflict.path, summary);
      progress(fileLine(summary));
    });
  }
  return [...summaries.values()];
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

const untouched = ({ path: file }: Conflict, why: string): FileSummary => ({
  path: file,
  resolved: false,
  why,
  hunks: [],
});

/** One file that cannot be read or written must not cost the others. */
const failed = (conflict: Conflict, error: unknown): FileSummary =>
  untouched(conflict, error instanceof AppError ? `${error.message} ${error.remedy}` : messageOf(error));

interface Ruled {
  readonly conflict: Conflict;
  readonly split: WorktreeFile;
  readonly ruled: FileResolution;
}

/** What rules settled, and what models add to it; whatever goes wrong with models costs nothing of the rules' work. */
async function withModels(
  models: LocalModels,
  { conflict, split, ruled }: Ruled,
  siblings: readonly Settled[],
  { worktree, memory }: Pick<Work, "worktree" | "memory">,
): Promise<FileResolution> {
  if (ruled.openHunks.length === 0) return ruled;
  try {
    const subjects = await worktree.subjects(conflict.path);
    const known = { memory: memory.resolutions, siblings: [...siblings], subjects };
    return await models.settle(split.file, ruled, known);
  } catch (error) {
    progress(`Models could not be asked about ${printable(conflict.path)}: ${printable(messageOf(error))}`);
    return ruled;
  }
}

/** Climbs the ladder. What is certain here is added to `certain`, which tells about the files that follow. */
async function look(
  conflict: Conflict,
  { worktree, memory, models, options: { bar } }: Work,
  certain: Settled[],
): Promise<Looked> {
  try {
    const split = await worktree.conflictedFile(conflict);
    if (!split) return { untouched: untouched(conflict, conflict.explanation) };
    if (split.edited)
      return { untouched: untouched(conflict, "You have begun to edit it; it is left as it is.") };
    const options = { memory: memory.resolutions, siblings: siblingsOf(certain) };
    const ruled = aboveBar(await resolveChecked(split.file, options), bar, memory);
    const asked =
      models === null
        ? ruled
        : await withModels(models, { conflict, split, ruled }, certain, { worktree, memory });
    for (const hunk of certainHunks(ruled)) certain.push(hunk);
    return { open: { conflict, split, resolution: asked } };
  } catch (error) {
    return { untouched: failed(conflict, error) };
  }
}

/** Writes what is settled, if anything is; what is open stays as git marks it. */
async function finish({ conflict, split, resolution }: OpenFile, work: Work): Promise<FileSummary> {
  const { worktree, memory, options } = work;
  const summary = summaryOf(resolution, memory);
  const settled = summary.hunks.filter((hunk) => hunk.settled).length;
  if (options.dryRun === true || settled === 0) return summary;
  try {
    const text = renderFile(split.file, settledTexts(resolution), {
      labels: split.labels,
      markerSize: 7,
      style: worktree.conflictStyle === "merge" ? "merge" : "diff3",
    });
    await worktree.write(conflict, split.encode(text), { resolved: summary.resolved });
    if (summary.resolved) await warnIfBroken(split, resolution, text);
    return summary;
  } catch (error) {
    return failed(conflict, error);
  }
}

/** The person may have gone to another window before they answered. */
async function finishAsked(file: OpenFile, work: Work): Promise<FileSummary> {
  try {
    if ((await work.worktree.conflictedFile(file.conflict))?.edited !== false)
      return untouched(file.conflict, "It was edited meanwhile; it is left as it is.");
  } catch (error) {
    return failed(file.conflict, error);
  }
  return finish(file, work);
}

/** A person's choices are taken as they are; where together they no longer parse, they are told. */
async function warnIfBroken(
  { file }: WorktreeFile,
  { hunks }: FileResolution,
  result: string,
): Promise<void> {
  if (!hunks.some(({ settlement }) => settlement?.tier === "human")) return;
  const errors = await parseErrors(file.path, { ours: file.ours, theirs: file.theirs, result });
  if (errors !== null)
    progress(`Look at ${JSON.stringify(file.path)}: as chosen it does not parse (${errors}).`);
}
