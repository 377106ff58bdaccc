// Answers that never change, asked for once. One that failed is asked for again.

export type Memo<T> = (key: string, make: () => Promise<T>) => Promise<T>;

/** Throws the signal's reason once the work is called off, known answers or not. */
export function createMemo<T>(signal: AbortSignal): Memo<T> {
  const known = new Map<string, Promise<T>>();
  return async (key, make) => {
    signal.throwIfAborted();
    const found = known.get(key);
    if (found !== undefined) return await found;
    const made = make();
    known.set(key, made);
    try {
      return await made;
    } catch (error) {
      known.delete(key);
      throw error;
    }
  };
}
