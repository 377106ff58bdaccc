// Shares and percentiles.

/** How many of the items hold, as a fraction with four digits; `null` where there are none. */
export function shareOf<T>(items: readonly T[], holds: (item: T) => boolean): number | null {
  return items.length === 0 ? null : rounded(items.filter(holds).length / items.length, 4);
}

/** The value that `share` (0 to 1) of the samples do not exceed, by nearest rank; `null` for no samples. */
export function percentile(samples: readonly number[], share: number): number | null {
  const sorted = samples.toSorted((one, other) => one - other);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  return value === undefined ? null : rounded(value, 3);
}

export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** The items by a key, keys sorted. */
export function grouped<T>(items: readonly T[], keyOf: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups].toSorted(([one], [other]) => (one < other ? -1 : 1));
}
