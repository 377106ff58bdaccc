// Opens Postgres: one pool for the store and the queue.
import pg from "pg";
import { withDeadline } from "../core/deadline.ts";
import { AppError, messageOf } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { SqlPool, Store } from "../core/store.ts";
import { storeFailure } from "./failure.ts";
import { keepTidy } from "./housekeeping.ts";
import { migrate } from "./sql-migrations.ts";
import { createSqlStore } from "./sql-store.ts";

/** Milliseconds; the webhook answers at 2.5 s, and by then it must be known that the store is gone. */
const connectTimeoutMs = 1_500;
const queryTimeoutMs = 2_000;

/** Least major version that the queue supports; older ones are out of support everywhere. */
const minimumMajor = 13;

async function checkVersion(pool: SqlPool): Promise<string> {
  const { rows } = await pool.query("SELECT current_setting('server_version_num') AS version");
  const [{ version }] = rows as [{ version: string }];
  const major = Math.floor(Number(version) / 10_000);
  if (major >= minimumMajor) return `${major}.${Number(version) % 10_000}`;
  throw new AppError("store", `Postgres ${major} is too old: Errand needs ${minimumMajor} or newer.`, {
    retryable: false,
    remedy: "Point DATABASE_URL at a newer Postgres.",
  });
}

/** The queue's own SQL names its tables without a schema. */
const useQueueSchema = (client: pg.ClientBase) => client.query("SET search_path TO bullmq");

/** Throws `AppError("store")`: retryable when the server cannot be reached, not when it is too old. */
export async function openPostgres(url: string, log: Log): Promise<{ store: Store; pool: SqlPool }> {
  const pool = new pg.Pool({
    connectionString: url,
    // The queue keeps one connection per worker for LISTEN; the rest serve short queries.
    max: 10,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    // The pool waits for the promise that this returns, whatever its type says.
    onConnect: useQueueSchema as (client: pg.ClientBase) => void,
  });
  // The queue listens once per worker and never stops.
  pool.setMaxListeners(0);
  pool.on("error", (error) => {
    log.warn({ error: messageOf(error) }, "a connection to Postgres broke; it is replaced on next use");
  });
  try {
    await checkVersion(pool);
    await migrate(pool);
  } catch (error) {
    await pool.end();
    throw storeFailure("postgres", "start", error);
  }
  const tidy = keepTidy(pool, log);
  const store = createSqlStore(pool, {
    kind: "postgres",
    queryTimeoutMs,
    describe: async () => `Postgres ${await checkVersion(pool)}`,
    close: async () => {
      tidy.stop();
      // A server that is gone must not hold up the shutdown.
      await withDeadline(pool.end(), 5_000).catch(() => undefined);
    },
  });
  return { store, pool };
}
