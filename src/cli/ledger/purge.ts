// `errand ledger purge`: calls, or the texts in them, are forgotten before their time.
import { AppError } from "../../core/errors.ts";
import { allCalls, dayMs } from "./ports.ts";
import type { LedgerPorts } from "./ports.ts";

export interface PurgeCommand {
  /** Forget the texts and keep the figures. */
  readonly contents: boolean;
  /** Only calls begun more than so many days ago; left out: all. */
  readonly before?: number | undefined;
  readonly yes: boolean;
  readonly json: boolean;
}

/** Asks a person at a terminal; `null` where there is none. */
export type Confirm = ((question: string) => Promise<boolean>) | null;

/** Returns the exit code: 0 when it is forgotten (or there was nothing), 1 when the person said no. Throws `AppError("input")` where nobody can be asked. */
export async function purge(command: PurgeCommand, ports: LedgerPorts, confirm: Confirm): Promise<number> {
  const { contents, yes, json } = command;
  const { ledger, now, print } = ports;
  const before = now() - (command.before ?? 0) * dayMs;
  const count = await countCalls(ports, before, contents);
  const isMeant = yes || count === 0 || (await asked(questionOf(command, count), confirm));
  const what = contents ? "contents" : "rows";
  const forgotten = isMeant ? await ledger.purgeCalls(before, what) : 0;
  const words = isMeant ? `Forgotten: ${forgotten}.\n` : "Nothing was forgotten.\n";
  print(json ? `${JSON.stringify({ forgotten, what, before }, null, 2)}\n` : words);
  return isMeant ? 0 : 1;
}

async function countCalls({ ledger }: LedgerPorts, before: number, contents: boolean): Promise<number> {
  let count = 0;
  for await (const call of allCalls(ledger)) {
    if (call.at >= before) break;
    if (!contents || call.contents !== null) count++;
  }
  return count;
}

function questionOf({ contents, before }: PurgeCommand, count: number): string {
  const what = contents ? "the texts of calls" : "calls, with their outcomes and figures,";
  const which = before === undefined ? "" : ` begun more than ${before} days ago`;
  return `Forget ${what}${which}: ${count} of them. They cannot be brought back. What they cost stays counted in the budgets.`;
}

function asked(question: string, confirm: Confirm): Promise<boolean> {
  if (confirm !== null) return confirm(question);
  throw new AppError("input", `${question} Nobody is at a terminal to be asked.`, {
    retryable: false,
    remedy: "Add --yes if that is what you mean.",
  });
}
