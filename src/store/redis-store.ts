// The store on Redis. Every step that must not be half done is one Lua script (redis-scripts.ts).
import type { Redis } from "ioredis";
import { withDeadline } from "../core/deadline.ts";
import type { Store } from "../core/store.ts";
import { redisPulls, redisPurge, redisRuns } from "./redis-history.ts";
import { redisLedger } from "./redis-ledger.ts";
import { redisMailboxes } from "./redis-mailboxes.ts";
import { redisMemory } from "./redis-memory.ts";
import { attempt } from "./redis-support.ts";

/** `client` is closed with the store. `describe` says which server it is, in a few words. */
export function createRedisStore(client: Redis, describe: () => Promise<string>): Store {
  return {
    kind: "redis",
    ...redisMailboxes(client),
    ...redisRuns(client),
    ...redisPulls(client),
    ...redisMemory(client),
    ...redisLedger(client),
    purge: redisPurge(client),
    health: () => attempt("answer", describe),
    close: async () => {
      // QUIT lets what was sent finish; a server that is gone must not hold up the shutdown.
      await withDeadline(client.quit(), 1_000).catch(() => {
        client.disconnect();
      });
    },
  };
}
