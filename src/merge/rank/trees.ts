// Gradient-boosted trees: reading them from their compact form, and walking them.

/** As the trainer writes it (training/pack.py). */
export interface PackedTrees {
  /** Per feature of the input row, the thresholds its splits use, ascending. */
  readonly thresholds: readonly (readonly number[])[];
  /** What one step of a leaf's 16 bit integer is worth. */
  readonly leafStep: number;
  readonly trees: number;
  /**
   * Base64 of all trees, node after node, the left child first. A split is three bytes: a little-endian 16 bit number (bits 0-13 the feature, bit 14:
   * a missing value goes left, bit 15: a missing value is known as such, else it counts as 0), and the threshold's index. A leaf is four: 0xffff
   * and its value as a little-endian signed 16 bit integer.
   */
  readonly nodes: string;
}

/** Trees ready to be walked: parallel arrays, one entry a node. */
export interface Trees {
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  /** 1 where a missing value goes left: as the trainer chose where it saw missing values, else as 0 does. */
  readonly missingLeft: Uint8Array;
  /** Index of the right child; the left child is the next node. */
  readonly right: Int32Array;
  readonly value: Float64Array;
  readonly roots: Int32Array;
}

const leafMark = 0xffff;
const featureMask = 0x3fff;
const missingGoesLeft = 0x4000;
const missingIsKnown = 0x8000;

/** Throws for data that is no such forest: the model is part of the app. */
export function unpackTrees({ thresholds, leafStep, trees, nodes }: PackedTrees): Trees {
  const bytes = Buffer.from(nodes, "base64");
  const feature: number[] = [];
  const threshold: number[] = [];
  const missingLeft: number[] = [];
  const right: number[] = [];
  const value: number[] = [];
  const roots: number[] = [];
  let at = 0;
  const readNode = (): void => {
    const head = bytes.readUInt16LE(at);
    const index = feature.length;
    right.push(0);
    if (head === leafMark) {
      feature.push(-1);
      threshold.push(0);
      missingLeft.push(0);
      value.push(bytes.readInt16LE(at + 2) * leafStep);
      at += 4;
      return;
    }
    const column = head & featureMask;
    const limit = thresholds[column]?.[bytes.readUInt8(at + 2)];
    if (limit === undefined) throw new Error("The ranker's model is damaged: a split has no threshold.");
    feature.push(column);
    threshold.push(limit);
    missingLeft.push(Number(head & missingIsKnown ? (head & missingGoesLeft) !== 0 : limit >= 0));
    value.push(0);
    at += 3;
    readNode();
    right[index] = feature.length;
    readNode();
  };
  for (let tree = 0; tree < trees; tree++) {
    roots.push(feature.length);
    readNode();
  }
  return {
    feature: Int32Array.from(feature),
    threshold: Float64Array.from(threshold),
    missingLeft: Uint8Array.from(missingLeft),
    right: Int32Array.from(right),
    value: Float64Array.from(value),
    roots: Int32Array.from(roots),
  };
}

/**
 * For each row of features the sum of the leaves that it falls into; NaN is a missing value. Tree by tree, not row by row: a tree and the rows fit a
 * processor's nearest cache, all trees do not.
 */
export function walkTrees(trees: Trees, rows: readonly Float32Array[]): number[] {
  const sums = rows.map(() => 0);
  for (const root of trees.roots) {
    for (const [index, row] of rows.entries())
      sums[index] = (sums[index] ?? 0) + (trees.value[leafOf(trees, root, row)] ?? 0);
  }
  return sums;
}

/** The node at the end of a row's way down a tree. */
function leafOf({ feature, threshold, missingLeft, right }: Trees, root: number, row: Float32Array): number {
  let node = root;
  for (;;) {
    const column = feature[node] ?? -1;
    if (column < 0) return node;
    const own = row[column] ?? Number.NaN;
    // Nothing compares with NaN: a value that is not at most the threshold may be a missing one.
    const left = own <= (threshold[node] ?? 0) || (Number.isNaN(own) && missingLeft[node] === 1);
    node = left ? node + 1 : (right[node] ?? 0);
  }
}
