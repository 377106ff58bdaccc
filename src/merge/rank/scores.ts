// From the trees' sums to one score a candidate, and to the order of a hunk's candidates. training/scores.py does the same.

/** Share of the pairwise order in the blend (0.5: +0.4 points of first answers over the pointwise trees alone). */
const orderShare = 0.5;
/** The most that a hunk's candidates may have together: there is always an answer that nobody thought of. */
const mostMass = 0.97;

export const sigmoid = (sum: number): number => 1 / (1 + Math.exp(-sum));

export const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

function softmax(sums: readonly number[]): number[] {
  const highest = Math.max(...sums);
  const powers = sums.map((sum) => Math.exp(sum - highest));
  const total = sumOf(powers);
  return powers.map((power) => power / total);
}

/** Pointwise probabilities keep the hunk's mass; the pairwise order shares in how it is spread. */
export function blend(point: readonly number[], order: readonly number[]): number[] {
  const mass = sumOf(point);
  const ordered = softmax(order);
  return point.map((own, index) => {
    const spread = ((1 - orderShare) * own) / Math.max(mass, 1e-9) + orderShare * (ordered[index] ?? 0);
    return spread * Math.min(mass, mostMass);
  });
}

/** Candidates that differ in layout alone stand for one answer: each has the sum of all. `same[i]` is the first such candidate. */
export function gather(scores: readonly number[], same: readonly number[]): number[] {
  const sums = new Map<number, number>();
  for (const [index, score] of scores.entries()) {
    const first = same[index] ?? index;
    sums.set(first, (sums.get(first) ?? 0) + score);
  }
  return same.map((first) => sums.get(first) ?? 0);
}

/** Indexes, best first: of each answer the likeliest layout, answers by their sums; then the other layouts. */
export function ranking(scores: readonly number[], same: readonly number[]): number[] {
  const best = new Map<number, number>();
  for (const [index, score] of scores.entries()) {
    const first = same[index] ?? index;
    best.set(first, Math.max(best.get(first) ?? -1, score));
  }
  const keys = gather(scores, same).map((total, index) =>
    (scores[index] ?? 0) >= (best.get(same[index] ?? index) ?? 0) ? total : total - 2,
  );
  return [...keys.keys()].sort((one, other) => (keys[other] ?? 0) - (keys[one] ?? 0) || one - other);
}

/** How the scores of a hunk are spread: the best four, the best three answers, the lead of the first, total, entropy, count. */
export function spreadOf(scores: readonly number[], same: readonly number[]): number[] {
  const own = [...scores].sort(descending);
  const answers = gather(scores, same)
    .filter((_, index) => same[index] === index)
    .sort(descending);
  const mass = sumOf(own);
  const entropy = own.reduce((sum, score) => {
    const share = score / Math.max(mass, 1e-9);
    return sum - share * Math.log(share + 1e-12);
  }, 0);
  const first = (values: readonly number[], count: number): number[] =>
    Array.from({ length: count }, (_, index) => values[index] ?? 0);
  const [one = 0, two = 0, three = 0] = answers;
  return [...first(own, 4), one, two, three, one - two, mass, entropy, scores.length];
}

const descending = (one: number, other: number): number => other - one;

/** A logistic regression on two confidences, with an offset for each kind of file: fitted on cases that the trees had not seen. */
export interface Calibration {
  readonly intercept: number;
  readonly confidence: number;
  readonly score: number;
  readonly kinds: Readonly<Record<string, number>>;
}

/** Probabilities are kept this far from 0 and 1 before their logarithm is taken. */
const edge = 0.01;

function logit(share: number): number {
  const held = Math.min(1 - edge, Math.max(edge, share));
  return Math.log(held / (1 - held));
}

/** The probability that a first candidate is right: `confidence` is the second model's, `score` its answer's own. */
export function calibrate(
  { intercept, confidence, score, kinds }: Calibration,
  first: { readonly confidence: number; readonly score: number; readonly kind: string },
): number {
  const offset = Object.hasOwn(kinds, first.kind) ? (kinds[first.kind] ?? 0) : 0;
  return sigmoid(intercept + confidence * logit(first.confidence) + score * logit(first.score) + offset);
}
