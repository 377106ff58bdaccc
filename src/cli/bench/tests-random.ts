// Chance for scripted models: the same for the same words.
import { createHash } from "node:crypto";

/** A number from 0 to `below` - 1. */
export function numberFrom(words: string, below: number): number {
  return createHash("sha256").update(words).digest().readUInt32BE(0) % below;
}
