// Which exported rows train and which are held out: by repository and by time, and nothing of one on the other side.
import { createHash } from "node:crypto";

export interface Splittable {
  /** "owner/repo". */
  readonly repository: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Rows of one such name are about one thing of one run. */
  readonly about: string;
  /** What the model was shown. */
  readonly user: string;
}

export interface Split<T> {
  readonly train: readonly T[];
  readonly holdout: readonly T[];
  /** Rows left out, because a row that is held out is about the same thing or was shown the same. */
  readonly leaking: number;
  /** Rows begun later are held out, in milliseconds since 1970; `null` where none is held out by time. */
  readonly cut: number | null;
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/**
 * The same for two prompts that show the same lines, whatever their order, their layout, the ids of their fences and the labels of their options: samples of one
 * question differ in nothing else.
 */
export function shownHash(user: string): string {
  const lines = user
    .replace(/^(<\/?data) [\da-f]{16}/gm, "$1")
    .replace(/^(<data options)\.[A-Z]>/gm, "$1>")
    .split("\n")
    .map((line) => line.replace(/\s+/g, " ").trim())
    .filter((line) => line !== "");
  return sha256(lines.toSorted().join("\n"));
}

/** From 0 to 1, by the name alone: a repository that was held out once is held out in every later export too. */
const placeOf = (repository: string): number =>
  Number.parseInt(sha256(repository.toLowerCase()).slice(0, 8), 16) / 2 ** 32;

/**
 * Holds out about `share` (0 to below 1) of the rows, half of that by repository and half by time. A row is held out exactly when its repository is, or when it
 * is later than the cut. Repositories are held out by a hash of their names, never all of them.
 */
export function splitRows<T extends Splittable>(rows: readonly T[], share: number): Split<T> {
  // Of both kinds together: 1 - (1 - each)² = share.
  const each = 1 - Math.sqrt(1 - share);
  const repositories = new Set(rows.map(({ repository }) => repository.toLowerCase()));
  const heldOut = new Set([...repositories].filter((name) => placeOf(name) < each));
  if (heldOut.size === repositories.size) heldOut.clear();
  const isHeldOut = ({ repository }: T): boolean => heldOut.has(repository.toLowerCase());
  const others = rows.filter((row) => !isHeldOut(row)).map(({ at }) => at);
  const cut = share === 0 ? null : cutOf(others, each);
  const holdout = rows.filter((row) => isHeldOut(row) || (cut !== null && row.at > cut));
  const kept = new Set(holdout);
  const abouts = new Set(holdout.map(({ about }) => about));
  const shown = new Set(holdout.map(({ user }) => shownHash(user)));
  const rest = rows.filter((row) => !kept.has(row));
  const train = rest.filter(({ about, user }) => !abouts.has(about) && !shown.has(shownHash(user)));
  return { train, holdout, leaking: rest.length - train.length, cut };
}

function cutOf(times: readonly number[], share: number): number | null {
  const sorted = times.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * (1 - share)) - 1))] ?? null;
}
