// Opens the store that the environment asks for.
import type { Log } from "../core/log.ts";
import type { QueueConnection, Store } from "../core/store.ts";
import { openEmbedded } from "./embedded.ts";
import { openPostgres } from "./postgres.ts";
import { openRedis } from "./redis.ts";

export interface StoreOptions {
  /** `redis://…` or `rediss://…`. Wins over `databaseUrl`. */
  readonly redisUrl?: string | undefined;
  /** `postgres://…` */
  readonly databaseUrl?: string | undefined;
  /** Directory of the embedded store, made with mode 0700 when missing; used when neither URL is given. */
  readonly dataDir: string;
  readonly log: Log;
}

/** A store, and where the queue finds the same server. Close the queue first. */
export interface OpenedStore {
  readonly store: Store;
  readonly connection: QueueConnection;
}

/** Throws `AppError("store")` with a remedy when the store cannot be used. */
export async function openStore(options: StoreOptions): Promise<OpenedStore> {
  const { redisUrl, databaseUrl, dataDir, log } = options;
  if (redisUrl) {
    return { store: await openRedis(redisUrl, log), connection: { kind: "redis", url: redisUrl } };
  }
  const { store, pool } = databaseUrl
    ? await openPostgres(databaseUrl, log)
    : await openEmbedded(dataDir, log);
  return { store, connection: { kind: "sql", pool } };
}
