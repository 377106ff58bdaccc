// Opens the embedded store: PGlite in a thread of its own, in a directory that only this process uses.
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import type { Log } from "../core/log.ts";
import type { SqlPool, Store } from "../core/store.ts";
import { lockDirectory } from "./directory-lock.ts";
import { createEmbeddedPool } from "./embedded-pool.ts";
import { storeFailure } from "./failure.ts";
import { keepTidy } from "./housekeeping.ts";
import { startPglite } from "./pglite-client.ts";
import { migrate } from "./sql-migrations.ts";
import { createSqlStore } from "./sql-store.ts";

/**
 * Milliseconds. Long, because the database answers in turn and a busy machine is slow; a thread that has died fails its queries at
 * once, and the webhook has its own, shorter limit.
 */
const queryTimeoutMs = 30_000;

/**
 * Makes the database, aside and then in one step, so that a kill in between leaves nothing half made. In a thread of its own that
 * ends afterwards: making one takes some 400 MB that would otherwise never be given back.
 */
async function prepare(database: string): Promise<void> {
  const draft = `${database}.draft`;
  rmSync(draft, { recursive: true, force: true });
  const connection = await startPglite(draft);
  await connection.close();
  renameSync(draft, database);
}

/** Throws `AppError("store")`: another process has the directory, or the database in it cannot be opened. */
export async function openEmbedded(dataDir: string, log: Log): Promise<{ store: Store; pool: SqlPool }> {
  const directory = path.resolve(dataDir, "store");
  // Commands carry names and comments of private repositories: for the owner's eyes only.
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  chmodSync(path.resolve(dataDir), 0o700);
  const unlock = lockDirectory(directory);
  try {
    const database = path.join(directory, "database");
    if (!existsSync(database)) {
      log.info({ directory }, "preparing the embedded store; the first start takes some seconds");
      await prepare(database);
    }
    const connection = await startPglite(database);
    const pool = createEmbeddedPool(connection);
    await migrate(pool);
    // The queue's own SQL names its tables without a schema.
    await pool.query("SET search_path TO bullmq");
    const tidy = keepTidy(pool, log);
    const store = createSqlStore(pool, {
      kind: "embedded",
      queryTimeoutMs,
      describe: async () => {
        await pool.query("SELECT 1");
        return `embedded store in ${directory}`;
      },
      close: async () => {
        tidy.stop();
        await connection.close();
        unlock();
      },
    });
    return { store, pool };
  } catch (error) {
    unlock();
    throw storeFailure("embedded", "start", error);
  }
}
