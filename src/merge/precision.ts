// How often a tier's answer was right, per class, and what that lets one believe.
import type { LocalCounts } from "../core/memory.ts";
import { betaBelow, betaQuantile, bisect } from "./beta.ts";
import table from "./precision.json" with { type: "json" };

/** Counts of settled cases and of those that equal what the developers did, by the tier's own meaning of equal. */
export interface Counts {
  readonly n: number;
  readonly right: number;
}

export interface Precision extends Counts {
  /** One-sided 95% lower bound, 0 to 1: Wilson's of right/n, moved by `local` where there is any; 0 when nothing was measured. */
  readonly lower: number;
  /** The repository's own counts of that row. */
  readonly local: Counts;
  /** Which row of the table this is: the class itself, one of its parents, or the tier. */
  readonly from: string;
}

/** Measured counts: `tiers[tier]` maps every class, and every parent of it, to its counts; "" is the tier as a whole. */
export interface PrecisionTable {
  readonly tiers: Readonly<Record<string, Readonly<Record<string, Counts>>>>;
}

/** A class with fewer measured cases than this says too little: its parent speaks for it. */
const leastCases = 30;

/** The normal deviate of a one-sided 95% bound: the question is "is precision at least the bar", which has one side. */
const oneSided95 = 1.645;

/**
 * Wilson's score lower bound (E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927), 209-212):
 * holds its level for small n and for rates near 1, where right/n minus its standard error does not.
 */
export function wilsonLower({ n, right }: Counts, z = oneSided95): number {
  if (n <= 0) return 0;
  const rate = right / n;
  const spread = z * Math.sqrt((rate * (1 - rate)) / n + (z * z) / (4 * n * n));
  return Math.max(0, (rate + (z * z) / (2 * n) - spread) / (1 + (z * z) / n));
}

/** A class and its parents, finest first, down to "" (the tier): "a/b" gives "a/b", "a", "". */
export function ancestry(className: string): string[] {
  const parts = className.split("/").filter((part) => part !== "");
  return [...parts.map((_, index) => parts.slice(0, parts.length - index).join("/")), ""];
}

/** One minus the level of every bound. */
const level = 0.05;

/** Observations that the shipped figure weighs at most beside a repository's own (docs/decisions, "The shipped precision is a prior"). */
const priorWeight = 40;

/**
 * The lower bound after a repository's own counts: the 5% quantile of a Beta distribution whose prior weighs min(n, 40) observations and has the shipped
 * bound as its own 5% quantile. So without local counts it is the shipped bound, each right one raises it and each wrong one lowers it, and many of them
 * outweigh it. What was never measured has the uniform prior, Beta(1, 1), once there is a local count.
 */
function updatedLower(shipped: Counts, local: Counts): number {
  const bound = wilsonLower(shipped);
  if (local.n <= 0) return bound;
  const { a, b } = priorOf(shipped, bound);
  return betaQuantile(level, a + local.right, b + local.n - local.right);
}

function priorOf({ n }: Counts, bound: number): { a: number; b: number } {
  const weight = Math.min(n, priorWeight);
  if (weight <= 0) return { a: 1, b: 1 };
  const mean = bisect((rate) => betaBelow(bound, weight * rate, weight * (1 - rate)) > level);
  // A mean of exactly 0 or 1 is no distribution.
  const inside = Math.min(1 - 1e-9, Math.max(1e-9, mean));
  return { a: weight * inside, b: weight * (1 - inside) };
}

/** A row's counts in this repository: those of its class and of all finer ones. */
function localCounts(counts: LocalCounts, tier: string, row: string): Counts {
  let n = 0;
  let right = 0;
  for (const [name, one] of Object.entries(Object.hasOwn(counts, tier) ? (counts[tier] ?? {}) : {})) {
    if (row !== "" && name !== row && !name.startsWith(`${row}/`)) continue;
    n += one.n;
    right += one.right;
  }
  return { n, right };
}

/** The rows of the shipped table that speak for a class: those with at least 30 measured cases. */
export function measuredRows(): { readonly tier: string; readonly class: string }[] {
  return Object.entries(table.tiers).flatMap(([tier, classes]) =>
    Object.entries(classes).flatMap(([name, { n }]) => (n >= leastCases ? [{ tier, class: name }] : [])),
  );
}

/**
 * The precision of the finest class in `className`'s line with at least 30 measured cases; the tier's own when none has. `local` are the repository's own
 * counts of its past merges.
 */
export function precisionOf(
  tier: string,
  className: string,
  local: LocalCounts = {},
  measured: PrecisionTable = table,
): Precision {
  const classes = measured.tiers[tier] ?? {};
  const line = ancestry(className);
  const from = line.find((name) => (classes[name]?.n ?? 0) >= leastCases) ?? "";
  const counts = classes[from] ?? { n: 0, right: 0 };
  const own = localCounts(local, tier, from);
  return { ...counts, lower: updatedLower(counts, own), local: own, from: from === "" ? tier : from };
}
