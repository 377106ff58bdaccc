// The common shape of attempts on the kernel: calls that must be refused.
import type { CheapAttempt } from "./attempt.ts";

export const refused = "Refused before the kernel looks at the arguments.";

/** Each line is one call with its arguments, as Perl has them. */
export function refuses(name: string, tries: string, ...calls: readonly string[]): CheapAttempt {
  return {
    name,
    tries,
    contained: refused,
    perl: [...calls.map((call) => `refused(${call});`), "all_refused();"].join("\n"),
  };
}
