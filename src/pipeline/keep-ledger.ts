// Keeping the ledger: calls whose worker died are given up, and what has been kept long enough is forgotten.
import { messageOf } from "../core/errors.ts";
import type { Ledger } from "../core/ledger.ts";
import type { Log } from "../core/log.ts";

export interface LedgerKeeping {
  /** Days that rows are kept, and the texts in them. */
  readonly days: { readonly rows: number; readonly contents: number };
  readonly ledger: Pick<Ledger, "giveUpCalls" | "purgeCalls">;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Log;
}

const minute = 60_000;
const day = 24 * 60 * minute;

/** A call that has not been settled for so long belongs to a worker that is gone: a call waits for two minutes at most, and each try is a row of its own. */
const lostAfterMs = 15 * minute;

const everyMs = 10 * minute;

/** Once over the ledger. */
export async function keepLedger({ days, ledger, now, log }: LedgerKeeping): Promise<void> {
  const lost = await ledger.giveUpCalls(now() - lostAfterMs);
  const contents = await ledger.purgeCalls(now() - days.contents * day, "contents");
  const rows = await ledger.purgeCalls(now() - days.rows * day, "rows");
  if (lost + contents + rows > 0) log.info({ lost, contents, rows }, "ledger kept");
}

/** Goes over the ledger now and then, from the start on. Returns what stops it. A failure is logged, and the next round tries again. */
export function startLedgerKeeping(keeping: LedgerKeeping): () => void {
  const round = (): void => {
    keepLedger(keeping).catch((error: unknown) => {
      keeping.log.warn({ reason: messageOf(error) }, "the ledger could not be gone over");
    });
  };
  const timer = setInterval(round, everyMs);
  timer.unref();
  round();
  return () => {
    clearInterval(timer);
  };
}
