// What `errand resolve` says on a terminal.
import type { Tier } from "../core/conflict.ts";
import { useInWords } from "../core/model-use.ts";
import type { ModelUse } from "../core/report.ts";
import type { Operation } from "../workspace/worktree.ts";

interface HunkSummary {
  readonly settled: boolean;
  readonly tier: Tier;
  readonly class: string;
  /** Lower bound of the rule's measured precision, 0 to 1; `null` when the hunk is open. */
  readonly precision: number | null;
  readonly why: string;
}

export interface FileSummary {
  readonly path: string;
  /** Nothing in it is open any more. */
  readonly resolved: boolean;
  /** Why the file as a whole was left alone; `null` when its hunks were looked at. */
  readonly why: string | null;
  readonly hunks: readonly HunkSummary[];
}

/** What `--json` prints. */
export interface Summary {
  readonly operation: Operation | null;
  readonly dryRun: boolean;
  readonly files: readonly FileSummary[];
  readonly left: number;
  /** What models were asked; `null` where none was. */
  readonly models: ModelUse | null;
}

/** Below this a rule was wrong often enough that a person should look (the app would not push it). */
export const sure = 0.9;

/** A path is a hostile string: it must not move the cursor. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "?");

/** What a person is told while it goes on: standard output is for JSON. */
export function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function fileLine({ path, resolved, why, hunks }: FileSummary): string {
  const sign = resolved ? "✓" : "✗";
  if (why !== null) return `${sign} ${printable(path)}: ${printable(why)}`;
  const settled = hunks.filter((hunk) => hunk.settled);
  const classes = printable([...new Set(settled.map((hunk) => hunk.class))].join(", "));
  const doubtful = settled.filter(({ precision }) => precision !== null && precision < sure).length;
  return [
    `${sign} ${printable(path)}: ${settled.length} of ${hunks.length} settled`,
    ...(classes === "" ? [] : [` (${classes})`]),
    ...(doubtful > 0
      ? [`; look at ${doubtful === 1 ? "one" : doubtful}: it is not known to be right 9 times in 10`]
      : []),
  ].join("");
}

function summaryLine({ files, left, dryRun }: Summary): string {
  const done = files.length - left;
  const would = dryRun ? "would be " : "";
  if (left === 0)
    return `All ${files.length} ${would}settled. Look at them (git diff --cached), then commit.`;
  return `${done} of ${files.length} files ${would}settled; ${left} left, marked as git marks conflicts.`;
}

/** What a person is told at the end: what is done, what models had to do with it and what that cost, and what went wrong with them. */
export function summaryLines(summary: Summary): string[] {
  const { models, files } = summary;
  const hunks = files.flatMap((file) => file.hunks);
  const asked = models !== null && models.tiers.length > 0 ? [`Models: ${useInWords(models, hunks)}`] : [];
  const wrong = (models?.problems ?? []).map((problem) => `Models: ${printable(problem)}`);
  return [summaryLine(summary), ...asked, ...wrong];
}
