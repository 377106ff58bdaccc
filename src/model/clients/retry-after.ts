// How long a server asks to wait.

/** A server that asks for more is asked again after this all the same: whoever waits holds a pull request's turn. */
const longestMs = 60_000;

/** The one form of a date that servers send (RFC 9110, IMF-fixdate). `Date.parse` alone would read a date into nearly anything. */
const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const decimal = /^\d{1,15}(?:\.\d{1,15})?$/;

/** Milliseconds, 0 to 60,000, from `retry-after-ms`, else `retry-after` in seconds or as a date; `null` where neither says a time. `now`: milliseconds since 1970. */
export function retryAfterMs(headers: Pick<Headers, "get">, now: number): number | null {
  const ms = headers.get("retry-after-ms")?.trim() ?? "";
  const after = headers.get("retry-after")?.trim() ?? "";
  if (decimal.test(ms)) return bounded(Number(ms));
  if (decimal.test(after)) return bounded(Number(after) * 1000);
  return httpDate.test(after) ? bounded(Date.parse(after) - now) : null;
}

function bounded(ms: number): number | null {
  return Number.isNaN(ms) ? null : Math.ceil(Math.min(Math.max(ms, 0), longestMs));
}
