// The store on SQL: Postgres, and the embedded database behind the same pool. One statement per step, so that each is atomic by itself.
import { withDeadline } from "../core/deadline.ts";
import type { SqlPool, Store } from "../core/store.ts";
import { storeFailure } from "./failure.ts";
import { sqlPulls, sqlPurge, sqlRuns } from "./sql-history.ts";
import { sqlLedger } from "./sql-ledger.ts";
import { sqlAccept, sqlMailboxes } from "./sql-mailboxes.ts";
import { sqlMemory } from "./sql-memory.ts";
import type { Query, Row } from "./sql-query.ts";

export interface SqlStoreOptions {
  readonly kind: "postgres" | "embedded";
  /** Milliseconds after which a query counts as failed. */
  readonly queryTimeoutMs: number;
  /** Says which server it is, in a few words. */
  readonly describe: () => Promise<string>;
  readonly close: () => Promise<void>;
}

/** The tables must be there (`migrate`). */
export function createSqlStore(pool: SqlPool, options: SqlStoreOptions): Store {
  const { kind } = options;
  const attempt = async <T>(what: string, work: Promise<T>): Promise<T> => {
    try {
      return await withDeadline(work, options.queryTimeoutMs);
    } catch (error) {
      throw storeFailure(kind, what, error);
    }
  };
  const query: Query = async (what, statement, params) =>
    (await attempt(what, pool.query(statement, params))).rows as Row[];
  return {
    kind,
    accept: sqlAccept(query),
    ...sqlMailboxes(query),
    ...sqlRuns(query),
    ...sqlPulls(query),
    ...sqlMemory(query),
    ...sqlLedger(query),
    purge: sqlPurge(query),
    health: () => attempt("answer", options.describe()),
    close: options.close,
  };
}
