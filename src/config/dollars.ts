// Dollars as people write them, as whole millionths.
import type { MicroDollars } from "../core/ledger.ts";

/** The most that a limit can be; sums of such limits stay exact. */
export const MAX_DOLLARS = 1_000_000;

/** "0.25" is 250,000; `null` when the text is no sum from 0 to a million with at most six decimals. Digits are moved, not multiplied: 0.29 * 1e6 is not whole. */
export function parseDollars(text: string): MicroDollars | null {
  const [, whole, decimals = ""] = /^(\d{1,7})(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (whole === undefined) return null;
  const micros = Number(whole + decimals.padEnd(6, "0"));
  return micros <= MAX_DOLLARS * 1e6 ? micros : null;
}
