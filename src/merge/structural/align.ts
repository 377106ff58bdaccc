// Which child of one node stands for which child of another.
import type { TreeNode } from "./tree.ts";

/** Pairs of children to compare at most, after equal ends are cut off. */
const mostPairs = 40_000;

/** Weight of a pair below which two nodes are not the same. */
const nothing = 0;

/**
 * For each child of `one`, the index of the child of `other` that it became, or -1. Order is kept: pairs do not cross. Equal ends are paired first, then the
 * heaviest common subsequence: equal text before equal names before nodes of one type that share words. In a parent that is no list, two lone children of one
 * type between paired ones have the same role. `null` where there are too many to compare.
 */
export function align(parent: TreeNode, changed: TreeNode): Int32Array | null {
  const [one, other] = [parent.children, changed.children];
  const head = sharedEnd(one, other, 0);
  const tail = sharedEnd(one.toReversed(), other.toReversed(), head);
  const left = one.slice(head, one.length - tail);
  const right = other.slice(head, other.length - tail);
  if (left.length * right.length > mostPairs) return null;
  const pairs = Int32Array.from(one.keys(), (index) =>
    index < head ? index : index + other.length - one.length,
  );
  for (const [index, to] of heaviest(left, right).entries()) pairs[head + index] = to === -1 ? -1 : head + to;
  if (!isList(parent)) pairRoles(one, other, pairs);
  return pairs;
}

/** How many nodes of equal text two lists begin with, if `taken` of each are spoken for. */
function sharedEnd(one: readonly TreeNode[], other: readonly TreeNode[], taken: number): number {
  const most = Math.min(one.length, other.length) - taken;
  let count = 0;
  while (count < most && one[count]?.text === other[count]?.text) count++;
  return count;
}

/** Whether a node's children are any number of like things, so that standing in one place does not make two of them the same. */
const isList = ({ type }: TreeNode): boolean =>
  /block|body|list|arguments|array|program|module|source_file|object|dictionary|element|ERROR/.test(type);

/** Pairs what stands alone between two pairs on both sides, if it is of one type. */
function pairRoles(one: readonly TreeNode[], other: readonly TreeNode[], pairs: Int32Array): void {
  let before = { from: -1, to: -1 };
  for (let from = 0; from <= one.length; from++) {
    const to = from === one.length ? other.length : (pairs[from] ?? -1);
    if (to === -1) continue;
    const [lone, role] = [one[from - 1], other[to - 1]];
    const isLone = from - before.from === 2 && to - before.to === 2;
    if (isLone && lone?.named === true && lone.type === role?.type) pairs[from - 1] = to - 1;
    before = { from, to };
  }
}

/** The heaviest common subsequence, from the table of the best weight of every two suffixes. */
function heaviest(one: readonly TreeNode[], other: readonly TreeNode[]): Int32Array {
  const width = other.length + 1;
  const best = new Float64Array((one.length + 1) * width);
  const weights = new Float64Array(one.length * other.length);
  for (let row = one.length - 1; row >= 0; row--) {
    for (let column = other.length - 1; column >= 0; column--) {
      const [left, right] = [one[row], other[column]];
      const weight = left && right ? weigh(left, right) : nothing;
      weights[row * other.length + column] = weight;
      const skip = Math.max(at(best, (row + 1) * width + column), at(best, row * width + column + 1));
      const take = weight > nothing ? weight + at(best, (row + 1) * width + column + 1) : nothing;
      best[row * width + column] = Math.max(skip, take);
    }
  }
  const pairs = new Int32Array(one.length).fill(-1);
  let row = 0;
  let column = 0;
  while (row < one.length && column < other.length) {
    const here = at(best, row * width + column);
    const weight = at(weights, row * other.length + column);
    if (weight > nothing && here === weight + at(best, (row + 1) * width + column + 1)) {
      pairs[row++] = column++;
    } else if (here === at(best, (row + 1) * width + column)) row++;
    else column++;
  }
  return pairs;
}

const at = (table: Float64Array, index: number): number => table[index] ?? 0;

/** How sure it is that two nodes are one, changed or not: 0 is not at all. Tokens weigh little, so that they follow what they stand between. */
function weigh(one: TreeNode, other: TreeNode): number {
  if (one.type !== other.type) return nothing;
  if (one.text === other.text) return one.named ? 4 : 0.5;
  if (!one.named) return nothing;
  if (one.key !== null || other.key !== null) return one.key === other.key ? 3 : nothing;
  const alike = similarity(one.words, other.words);
  return alike >= leastAlike ? 1 + alike : nothing;
}

/** Share of words in common below which two nodes without names are different nodes. */
const leastAlike = 0.4;

/** Dice's coefficient of two sets of words, 0 to 1. */
function similarity(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  if (one.size + other.size === 0) return 0;
  let shared = 0;
  for (const word of one) if (other.has(word)) shared++;
  return (2 * shared) / (one.size + other.size);
}
