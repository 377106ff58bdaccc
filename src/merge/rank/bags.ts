// Sequences of words or lines as multisets over one vocabulary, so that comparing two is a pass over an array.

/** A multiset, and the set of what is in it as bits. */
export interface Bag {
  readonly counts: Uint16Array;
  readonly bits: Int32Array;
  /** Elements, with repetitions. */
  readonly total: number;
}

/** A set as bits over the vocabulary of the bags it was made of. */
export type Bits = Int32Array;

/** One bag a sequence, all over the same vocabulary. */
export function bagsOf(sequences: readonly (readonly string[])[]): Bag[] {
  const numbers = new Map<string, number>();
  const numbered = sequences.map((sequence) =>
    sequence.map((element) => {
      const known = numbers.get(element);
      if (known !== undefined) return known;
      numbers.set(element, numbers.size);
      return numbers.size - 1;
    }),
  );
  const words = (numbers.size + 31) >>> 5;
  return numbered.map((sequence) => {
    const counts = new Uint16Array(numbers.size);
    const bits = new Int32Array(words);
    for (const number of sequence) {
      counts[number] = (counts[number] ?? 0) + 1;
      bits[number >>> 5] = (bits[number >>> 5] ?? 0) | (1 << (number & 31));
    }
    return { counts, bits, total: sequence.length };
  });
}

/** Shared elements over all elements, repetitions counted: 1 the same, 0 nothing in common; 1 for two empty bags. */
export function likeness(one: Bag, other: Bag): number {
  let shared = 0;
  for (let index = 0; index < one.counts.length; index++)
    shared += Math.min(one.counts[index] ?? 0, other.counts[index] ?? 0);
  const all = one.total + other.total - shared;
  return all === 0 ? 1 : shared / all;
}

export function minus(one: Bits, other: Bits): Bits {
  return one.map((word, index) => word & ~(other[index] ?? 0));
}

export function shared(one: Bits, other: Bits): Bits {
  return one.map((word, index) => word & (other[index] ?? 0));
}

export function either(one: Bits, other: Bits): Bits {
  return one.map((word, index) => word | (other[index] ?? 0));
}

/** Bits set, by adding neighbours up in parallel (H. S. Warren, Hacker's Delight, 2nd ed., section 5-1). */
function ones(word: number): number {
  let sum = word - ((word >>> 1) & 0x55555555);
  sum = (sum & 0x33333333) + ((sum >>> 2) & 0x33333333);
  sum = (sum + (sum >>> 4)) & 0x0f0f0f0f;
  return Math.imul(sum, 0x01010101) >>> 24;
}

export function size(bits: Bits): number {
  let sum = 0;
  for (const word of bits) sum += ones(word);
  return sum;
}

/** Elements both sets have. */
export function sharedSize(one: Bits, other: Bits): number {
  let sum = 0;
  for (let index = 0; index < one.length; index++) sum += ones((one[index] ?? 0) & (other[index] ?? 0));
  return sum;
}

/** Share of the first set that is in the second; NaN for an empty first set. */
export function covered(one: Bits, other: Bits): number {
  const all = size(one);
  return all === 0 ? Number.NaN : sharedSize(one, other) / all;
}

/** Shared elements over all elements of two sets; 1 for two empty sets. */
export function jaccard(one: Bits, other: Bits): number {
  const both = sharedSize(one, other);
  const all = size(one) + size(other) - both;
  return all === 0 ? 1 : both / all;
}
