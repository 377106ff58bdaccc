// A hash of a text that can be had from the hashes of its parts.

/** Two polynomial hashes modulo 2^32, and the powers by which a text before this one is shifted. */
export interface TextHash {
  readonly low: number;
  readonly high: number;
  readonly lowPower: number;
  readonly highPower: number;
}

/** Odd multipliers with well spread bits (golden ratio; the finalizer of MurmurHash3). */
const lowFactor = 0x9e3779b1;
const highFactor = 0x85ebca6b;

export function hashOf(text: string): TextHash {
  let [low, high, lowPower, highPower] = [0, 0, 1, 1];
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index) + 1;
    low = (Math.imul(low, lowFactor) + unit) | 0;
    high = (Math.imul(high, highFactor) + unit) | 0;
    lowPower = Math.imul(lowPower, lowFactor);
    highPower = Math.imul(highPower, highFactor);
  }
  return { low, high, lowPower, highPower };
}

/** The hash of the first text and then the second. */
export function joined(first: TextHash, second: TextHash): TextHash {
  return {
    low: (Math.imul(first.low, second.lowPower) + second.low) | 0,
    high: (Math.imul(first.high, second.highPower) + second.high) | 0,
    lowPower: Math.imul(first.lowPower, second.lowPower),
    highPower: Math.imul(first.highPower, second.highPower),
  };
}
