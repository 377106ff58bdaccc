// How often a tier's answer was right, per class, and what that lets one believe.
import table from "./precision.json" with { type: "json" };

/** Counts of settled cases and of those that equal what the developers did, by the tier's own meaning of equal. */
export interface Counts {
  readonly n: number;
  readonly right: number;
}

export interface Precision extends Counts {
  /** One-sided 95% Wilson lower bound of right/n, 0 to 1; 0 when nothing was measured. */
  readonly lower: number;
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

/** The precision of the finest class in `className`'s line with at least 30 measured cases; the tier's own when none has. */
export function precisionOf(tier: string, className: string, measured: PrecisionTable = table): Precision {
  const classes = measured.tiers[tier] ?? {};
  const line = ancestry(className);
  const from = line.find((name) => (classes[name]?.n ?? 0) >= leastCases) ?? "";
  const counts = classes[from] ?? { n: 0, right: 0 };
  return { ...counts, lower: wilsonLower(counts), from: from === "" ? tier : from };
}
