// Numbers as they are typed.
import { InvalidArgumentError } from "commander";

/** A whole number from 1 on. Throws commander's error for bad usage. */
export function readCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text.trim()) || !Number.isSafeInteger(count) || count < 1)
    throw new InvalidArgumentError("It is a whole number from 1 on.");
  return count;
}
