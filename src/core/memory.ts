// What a repository's own past merges teach: how its developers resolved hunks, and how often each rule agreed with them.
import { z } from "zod";
import type { ConflictedFile } from "./conflict.ts";

/** Longest resolution that is remembered, in UTF-16 units. */
export const longestResolution = 64 * 1024;

/** Resolutions kept for one repository; those of the oldest merges go first. */
export const mostResolutions = 2_000;

/** How the developers resolved one conflict, known by its three sides. */
export const Remembered = z.object({
  /** Names the three sides (src/merge/memory.ts): hex digits. */
  key: z.string(),
  /** Whole lines that replace the trimmed hunk; "" deletes it, or nothing is kept because resolutions disagree. */
  text: z.string(),
  /** Merges in which this was the resolution. */
  agreed: z.number().int().positive(),
  /** `true` once two merges resolved the same sides differently: never used again. */
  contradicted: z.boolean(),
  /** The newest of those merges, and when it was committed: seconds since 1970. */
  lastSha: z.string(),
  lastAt: z.number().int(),
});
export type Remembered = z.infer<typeof Remembered>;

/** Settled hunks and those settled as the developers did, by tier and by class, each class for itself. */
export const LocalCounts = z.record(
  z.string(),
  z.record(z.string(), z.object({ n: z.number().int(), right: z.number().int() })),
);
export type LocalCounts = z.infer<typeof LocalCounts>;

/** How far the replay of a repository's past merges has come. */
export const ReplayProgress = z.object({
  /** The commit whose history is replayed. */
  tip: z.string(),
  /** Merges looked at, newest first, and how many of them had conflicts. */
  replayed: z.number().int().nonnegative(),
  conflicted: z.number().int().nonnegative(),
  /** Milliseconds it took so far. */
  spentMs: z.number().nonnegative(),
  /** Nothing is left to do: the history or the allowance is at its end. */
  finished: z.boolean(),
  counts: LocalCounts,
});
export type ReplayProgress = z.infer<typeof ReplayProgress>;

/** A repository under the installation by which the app is in it. */
export interface RepositoryRef {
  readonly installationId: number;
  readonly owner: string;
  readonly repo: string;
}

/** The name under which the replay of a repository takes turns; no pull request's has a ":". */
export function memoryMailbox({ owner, repo }: { readonly owner: string; readonly repo: string }): string {
  return `memory:${owner}/${repo}`.toLowerCase();
}

/** A conflicted file of a past merge. */
export interface PastFile {
  readonly file: ConflictedFile;
  /** What the developers made of each hunk, in file order; `null` where that cannot be told for sure. */
  readonly resolutions: readonly (string | null)[];
}

/** A past merge, made again by git; `files` is empty where git merges it alone. */
export interface PastMerge {
  readonly sha: string;
  /** Seconds since 1970. */
  readonly at: number;
  readonly files: readonly PastFile[];
}

/** One hunk of a past merge, and what the rules make of it now. */
export interface HunkLesson {
  /** `null`: its resolution cannot be remembered. */
  readonly memory: { readonly key: string; readonly text: string } | null;
  /** `null`: no rule settles it. */
  readonly rule: { readonly tier: string; readonly class: string; readonly right: boolean } | null;
}

export interface MergeLesson {
  readonly sha: string;
  readonly at: number;
  readonly hunks: readonly HunkLesson[];
}

/** Tier and class of what is settled by memory. */
export const memoryTier = "memory";
export const memoryClass = "memory/same-sides";

/** Counts, and the resolutions that are new or changed. */
export interface Learned {
  readonly counts: LocalCounts;
  readonly changed: readonly Remembered[];
}

/**
 * Adds what one merge teaches. `known` has the resolutions remembered so far of at least this merge's keys. A rule is counted once for the same three
 * sides: met again they say nothing new of it, and memory is right about them once. Memory is asked before the merge is added to it, so no merge predicts itself; same sides in several files of
 * one merge count once.
 */
export function learn(
  counts: LocalCounts,
  known: ReadonlyMap<string, Remembered>,
  lesson: MergeLesson,
): Learned {
  let sum = counts;
  const met = new Map<string, Remembered>();
  for (const { memory, rule } of lesson.hunks) {
    const before = memory === null ? undefined : known.get(memory.key);
    const here = memory === null ? undefined : met.get(memory.key);
    if (rule !== null && before === undefined && here === undefined)
      sum = counted(sum, rule.tier, rule.class, rule.right);
    if (memory === null) continue;
    if (here === undefined) sum = countedMemory(sum, before, memory.text);
    met.set(
      memory.key,
      here === undefined ? remembered(before, memory, lesson) : contradictedIf(here, memory.text),
    );
  }
  return { counts: sum, changed: [...met.values()] };
}

/** Counts what memory would have answered: right once for the same three sides, as one conflict merged again and again says nothing of other conflicts. */
function countedMemory(counts: LocalCounts, before: Remembered | undefined, text: string): LocalCounts {
  if (before === undefined || before.contradicted) return counts;
  const right = before.text === text;
  return right && before.agreed > 1 ? counts : counted(counts, memoryTier, memoryClass, right);
}

function remembered(
  before: Remembered | undefined,
  { key, text }: { readonly key: string; readonly text: string },
  { sha, at }: MergeLesson,
): Remembered {
  if (before === undefined) return { key, text, agreed: 1, contradicted: false, lastSha: sha, lastAt: at };
  const last = at > before.lastAt ? { lastSha: sha, lastAt: at } : {};
  return contradictedIf({ ...before, ...last, agreed: before.agreed + 1 }, text);
}

function contradictedIf(one: Remembered, text: string): Remembered {
  return one.contradicted || one.text !== text ? { ...one, text: "", contradicted: true } : one;
}

/** Two countings of one repository as one. */
export function sumCounts(one: LocalCounts, other: LocalCounts): LocalCounts {
  const sums = new Map<string, Map<string, { n: number; right: number }>>();
  for (const [tier, classes] of [...Object.entries(one), ...Object.entries(other)]) {
    const sum = sums.get(tier) ?? new Map<string, { n: number; right: number }>();
    sums.set(tier, sum);
    for (const [name, { n, right }] of Object.entries(classes)) {
      const before = sum.get(name) ?? { n: 0, right: 0 };
      sum.set(name, { n: before.n + n, right: before.right + right });
    }
  }
  // From entries: a class may be called "__proto__".
  return Object.fromEntries([...sums].map(([tier, classes]) => [tier, Object.fromEntries(classes)]));
}

function counted(counts: LocalCounts, tier: string, className: string, right: boolean): LocalCounts {
  const classes = Object.hasOwn(counts, tier) ? counts[tier] : undefined;
  const { n, right: before } = (classes && Object.hasOwn(classes, className)
    ? classes[className]
    : undefined) ?? { n: 0, right: 0 };
  return { ...counts, [tier]: { ...classes, [className]: { n: n + 1, right: before + (right ? 1 : 0) } } };
}
