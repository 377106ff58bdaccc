// Money in words.
import type { MicroDollars } from "./ledger.ts";

/** "$0.0011": four places below a dollar, six where that would read as nothing; "$12.50" from a dollar on. */
export function dollars(micros: MicroDollars): string {
  if (micros === 0) return "$0";
  if (micros < 100) return `$${(micros / 1e6).toFixed(6)}`;
  return `$${(micros / 1e6).toFixed(micros < 1e6 ? 4 : 2)}`;
}
