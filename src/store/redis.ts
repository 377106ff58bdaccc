// Opens Redis and looks whether it keeps what it is given: an evicting or forgetting Redis loses accepted work without a word.
import { Redis } from "ioredis";
import { withDeadline } from "../core/deadline.ts";
import { AppError, messageOf } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { Store } from "../core/store.ts";
import { createRedisStore } from "./redis-store.ts";

/** Milliseconds. GitHub gives up on a delivery after 10 s and the webhook answers at 2.5 s: a store that is gone must be known before. */
const commandTimeoutMs = 1_500;
const connectTimeoutMs = 5_000;

/** Least version that has every command used (SMISMEMBER-era sets, ZRANGE REV), which is also what BullMQ recommends. */
const minimumVersion = [6, 2] as const;

interface ServerFacts {
  readonly version: string;
  readonly evictionPolicy: string;
  readonly appendOnly: boolean;
}

/** From INFO alone: hosted Redis often forbids CONFIG. */
async function readFacts(client: Redis): Promise<ServerFacts> {
  const info = await client.info();
  const field = (name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1] ?? "";
  return {
    version: field("redis_version"),
    evictionPolicy: field("maxmemory_policy"),
    appendOnly: field("aof_enabled") === "1",
  };
}

function checkVersion(version: string): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > minimumVersion[0] || (major === minimumVersion[0] && minor >= minimumVersion[1])) return;
  throw new AppError(
    "store",
    `Redis ${version} is too old: Errand needs ${minimumVersion.join(".")} or newer.`,
    {
      retryable: false,
      remedy: "Point REDIS_URL at a newer Redis.",
    },
  );
}

function checkDurability(facts: ServerFacts, log: Log): void {
  // Some hosted services do not tell their policy; then there is nothing to judge.
  if (facts.evictionPolicy !== "" && facts.evictionPolicy !== "noeviction") {
    throw new AppError(
      "store",
      `Redis evicts keys when its memory is full (maxmemory-policy ${facts.evictionPolicy}): accepted commands would vanish silently.`,
      {
        retryable: false,
        remedy: "Set `maxmemory-policy noeviction` on this Redis, or give Errand a Redis of its own.",
      },
    );
  }
  if (!facts.appendOnly) {
    log.warn(
      { appendonly: false, remedy: "Set `appendonly yes` on this Redis." },
      "Redis has no append-only file: accepted commands are lost when it stops",
    );
  }
}

function connectionOptions() {
  return {
    lazyConnect: true,
    connectTimeout: connectTimeoutMs,
    // A server that is gone must not hold up the shutdown.
    disconnectTimeout: 500,
    commandTimeout: commandTimeoutMs,
    // A short break is bridged; a long one fails what waits instead of piling it up in memory.
    maxRetriesPerRequest: 2,
    retryStrategy: (times: number) => Math.min(times * 200, 1_000),
  };
}

/** Says once that the server is gone and once that it is back, however often the client tries. */
function reportConnection(client: Redis, log: Log): void {
  let reported = false;
  client.on("error", (error: Error) => {
    if (!reported) log.warn({ error: messageOf(error) }, "the connection to Redis is broken; trying again");
    reported = true;
  });
  client.on("ready", () => {
    if (reported) log.info({}, "the connection to Redis is back");
    reported = false;
  });
}

/**
 * Connects within 5 s or throws `AppError("store", retryable)`; throws one that is not retryable when the server is too old or evicts.
 */
export async function openRedis(url: string, log: Log): Promise<Store> {
  const client = new Redis(url, connectionOptions());
  reportConnection(client, log);
  try {
    await withDeadline(client.connect(), connectTimeoutMs);
    const facts = await readFacts(client);
    checkVersion(facts.version);
    checkDurability(facts, log);
  } catch (error) {
    client.disconnect();
    if (error instanceof AppError) throw error;
    throw new AppError("store", `Redis cannot be reached: ${messageOf(error)}`, {
      retryable: true,
      remedy: "Check that Redis is running and that REDIS_URL names it (redis://host:6379).",
      cause: error,
    });
  }
  return createRedisStore(client, async () => {
    const facts = await readFacts(client);
    return `Redis ${facts.version}${facts.appendOnly ? ", append-only file on" : ", append-only file OFF"}`;
  });
}
