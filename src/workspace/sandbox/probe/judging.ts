// What attempts with a run of their own have in common: their room, how they are started, and how an end is judged.
import type { SandboxLimit, SandboxLimits, SandboxResult } from "../../../core/sandbox.ts";
import type { Judged } from "./attempt.ts";

export const mebibyte = 1024 ** 2;
/** Room that every attempt has, but for what it is about. Clock and processor are ends that a sandbox which holds does not need. */
export const room: SandboxLimits = {
  wallMs: 20_000,
  cpuMs: 20_000,
  memoryBytes: 256 * mebibyte,
  processes: 64,
  outputBytes: 4 * mebibyte,
  diskBytes: 64 * mebibyte,
};

export const perl = (program: string) => (): [string, ...string[]] => ["perl", "-e", program];
export const shell = (program: string) => (): [string, ...string[]] => ["sh", "-c", program];

export function ending({ ended }: SandboxResult): string {
  if (ended.kind === "exit") return `ended with status ${ended.code}`;
  return ended.kind === "signal" ? `ended by ${ended.signal}` : `stopped at its limit (${ended.limit})`;
}

/** The run was stopped at this limit. */
export const stoppedAt =
  (limit: SandboxLimit) =>
  (result: SandboxResult): Judged => ({
    contained: result.ended.kind === "limit" && result.ended.limit === limit,
    evidence: ending(result),
  });

/** The largest number that the program printed as what it got is no more than this. A program that got to print nothing, and was not stopped, shows nothing. */
export const gotAtMost =
  (most: number, unit: string) =>
  (result: SandboxResult): Judged => {
    const numbers = [...result.stdout.text.matchAll(/^got (\d+)$/gm)].map(([, number]) => Number(number));
    const got = Math.max(-1, ...numbers);
    const shown = got >= 0 || result.ended.kind !== "exit";
    return {
      contained: shown && got <= most,
      evidence: shown ? `got ${Math.max(got, 0)} ${unit}, ${ending(result)}` : ending(result),
    };
  };

/** The same, or the run was stopped at this limit: where nothing but a look now and then keeps it, more may be got for a moment. */
export const stoppedOrGotAtMost =
  (limit: SandboxLimit, most: number, unit: string) =>
  (result: SandboxResult): Judged => {
    const got = gotAtMost(most, unit)(result);
    return { contained: got.contained || stoppedAt(limit)(result).contained, evidence: got.evidence };
  };
