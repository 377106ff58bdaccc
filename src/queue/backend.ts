// Builds BullMQ's queue and workers on the server that the store has opened.
import {
  createPostgresBackend,
  createRedisBackend,
  Queue,
  runMigrations,
  Worker,
  type PgPool,
  type Processor,
  type WorkerOptions,
} from "bullmq";
import { Redis } from "ioredis";
import type { QueueConnection } from "../core/store.ts";

/** A job says which mailbox to look into, and nothing else: commands live in the inbox. */
export interface WakeUp {
  readonly mailbox: string;
}

export type WakeUpQueue = Queue<WakeUp>;
export type WakeUpWorker = Worker<WakeUp>;
type WakeUpWorkerOptions = Omit<WorkerOptions, "connection" | "prefix">;

/** `close` ends only the connections opened here. */
export interface Backend {
  queue(name: string): WakeUpQueue;
  worker(name: string, process: Processor<WakeUp>, options: WakeUpWorkerOptions): WakeUpWorker;
  close(): void;
}

/** In braces, so that all keys of a queue are in one cluster slot. */
const prefix = "{errand}";

/** Milliseconds until a command of a producer counts as failed: the webhook answers at 2.5 s. */
const commandTimeoutMs = 1_500;

const reconnectDelay = (times: number): number => Math.min(times * 200, 1_000);

/** A producer must fail fast; a worker has to wait for as long as the server is gone, and its blocking reads take their time. */
const producerOptions = { maxRetriesPerRequest: 2, commandTimeout: commandTimeoutMs };
const workerOptions = { maxRetriesPerRequest: null };

interface ClientOptions {
  readonly maxRetriesPerRequest: number | null;
  readonly commandTimeout?: number;
}

function redisBackend(url: string): Backend {
  const clients: Redis[] = [];
  const connect = (options: ClientOptions): Redis => {
    const client = new Redis(url, { ...options, retryStrategy: reconnectDelay, disconnectTimeout: 500 });
    clients.push(client);
    return client;
  };
  return {
    queue: (name) =>
      new Queue<WakeUp>(
        name,
        { connection: connect(producerOptions), prefix, skipVersionCheck: true },
        createRedisBackend,
      ),
    worker: (name, process, options) =>
      new Worker<WakeUp>(
        name,
        process,
        { ...options, connection: connect(workerOptions), prefix, skipVersionCheck: true },
        createRedisBackend,
      ),
    close: () => {
      for (const client of clients) client.disconnect();
    },
  };
}

function sqlBackend(pool: PgPool): Backend {
  // BullMQ's options are typed for Redis; the Postgres backend takes its pool from the same place.
  const connection = pool as unknown as Redis;
  const factory = createPostgresBackend as unknown as typeof createRedisBackend;
  return {
    queue: (name) => new Queue<WakeUp>(name, { connection }, factory),
    worker: (name, process, options) =>
      new Worker<WakeUp>(name, process, { ...options, connection }, factory),
    close: () => undefined,
  };
}

/** Makes BullMQ's tables where it needs some; two starters at once do not disturb each other. */
export async function openBackend(connection: QueueConnection): Promise<Backend> {
  if (connection.kind === "redis") return redisBackend(connection.url);
  // The store's pool is node-postgres' own, or made to look like it.
  const pool = connection.pool as unknown as PgPool;
  const session = await pool.connect();
  try {
    await runMigrations(session);
  } finally {
    session.release();
  }
  return sqlBackend(pool);
}
