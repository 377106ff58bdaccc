// What a store looks at before it starts, and what it tidies.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Redis } from "ioredis";
import type { SpendScope } from "../../src/core/ledger.ts";
import { removeExpired } from "../../src/store/housekeeping.ts";
import { openStore } from "../../src/store/index.ts";
import {
  freePort,
  missingPostgres,
  missingRedis,
  startPostgres,
  startRedis,
  type TestServer,
} from "../support/servers.ts";
import { describeUnless } from "./drivers.ts";
import { someCall, someScope } from "./ledger-facts.ts";
import { item, mailboxFor, someCommand, somePull, silentLog } from "./fixtures.ts";

/** Started before the tests of a suite and stopped after them. */
function serverFor(start: () => Promise<TestServer>): () => string {
  let server: TestServer | null = null;
  beforeAll(async () => {
    server = await start();
  }, 60_000);
  afterAll(() => server?.stop());
  return () => server?.url ?? "";
}

describeUnless(missingRedis(), "opening Redis", () => {
  const evicting = serverFor(() => startRedis(["--maxmemory-policy", "allkeys-lru"]));
  const forgetful = serverFor(() => startRedis(["--appendonly", "no"]));

  it("refuses one that evicts, and says what to set", async () => {
    const opening = openStore({ redisUrl: evicting(), dataDir: "/nowhere", log: silentLog });
    await expect(opening).rejects.toMatchObject({
      code: "store",
      retryable: false,
      message: expect.stringContaining("allkeys-lru"),
      remedy: expect.stringContaining("maxmemory-policy noeviction"),
    });
  });

  it("warns loudly of one that forgets", async () => {
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (_: unknown, message: string) => void warnings.push(message) };
    const { store } = await openStore({ redisUrl: forgetful(), dataDir: "/nowhere", log });
    expect(warnings).toEqual([expect.stringContaining("no append-only file")]);
    expect(await store.health()).toContain("OFF");
    await store.close();
  });

  it("keeps a sum of money until its time, and an hour at least, whatever a worker's clock says", async () => {
    const { store } = await openStore({ redisUrl: forgetful(), dataDir: "/nowhere", log: silentLog });
    const day = 86_400_000;
    const [past, later] = [someScope(20, { expiresAt: 0 }), someScope(20, { expiresAt: Date.now() + day })];
    await store.reserveCall(someCall(), [past, later]);
    expect(await store.spent([past.key, later.key])).toEqual([10, 10]);
    const client = new Redis(forgetful());
    const [short, long] = [
      await client.pttl(`{errand}:spend:${past.key}`),
      await client.pttl(`{errand}:spend:${later.key}`),
    ];
    expect(short).toBeGreaterThan(0);
    expect(short).toBeLessThanOrEqual(day / 24);
    expect(long).toBeGreaterThan(day / 24);
    expect(long).toBeLessThanOrEqual(day);
    await client.quit();
    await store.close();
  });
});

describe("opening a server that is not there", () => {
  it.each(["redisUrl", "databaseUrl"])("fails with a remedy: %s", async (name) => {
    const scheme = name === "redisUrl" ? "redis" : "postgres";
    const url = `${scheme}://127.0.0.1:${await freePort()}`;
    const opening = openStore({ [name]: url, dataDir: "/nowhere", log: silentLog });
    await expect(opening).rejects.toMatchObject({
      code: "store",
      retryable: true,
      remedy: expect.stringContaining(name === "redisUrl" ? "REDIS_URL" : "DATABASE_URL"),
    });
  });
});

describeUnless(missingPostgres(), "opening Postgres", () => {
  const postgres = serverFor(startPostgres);
  const open = () => openStore({ databaseUrl: postgres(), dataDir: "/nowhere", log: silentLog });

  it("makes its tables once when several start at the same time, and again finds them", async () => {
    const opened = await Promise.all([open(), open(), open()]);
    const [{ store }] = opened;
    const pull = somePull();
    await store.accept("d", item(someCommand(pull)));
    for (const each of opened) expect(await each.store.listWaiting(mailboxFor(pull))).toHaveLength(1);
    for (const each of opened) await each.store.close();
  });

  it("forgets delivery keys past their time, and only those", async () => {
    const { store, connection } = await open();
    if (connection.kind !== "sql") throw new Error("Postgres is a SQL store");
    const [old, fresh] = [item(someCommand()), item(someCommand())];
    await store.accept("old", old);
    await store.accept("fresh", fresh);
    await connection.pool.query(
      "UPDATE errand.deliveries SET expires_at = expires_at - interval '8 days 1 second' WHERE delivery_id = 'old'",
    );
    expect(await removeExpired(connection.pool)).toBe(1);
    expect(await store.accept("fresh", fresh)).toBe("duplicate");
    expect(await store.accept("old", item(someCommand()))).toBe("accepted");
    await store.close();
  });

  it("forgets sums and facts about models past their time, and only those", async () => {
    const { store, connection } = await open();
    if (connection.kind !== "sql") throw new Error("Postgres is a SQL store");
    const tomorrow = Date.now() + 86_400_000;
    const [old, fresh] = [0, 0].map(() => someScope(20, { expiresAt: tomorrow })) as [SpendScope, SpendScope];
    await store.reserveCall(someCall(), [old, fresh]);
    await store.reserveCall(someCall(), [{ ...fresh, expiresAt: 0 }]);
    await store.saveCapabilities("old", "{}", Date.now() - 1);
    await store.saveCapabilities("fresh", "{}", tomorrow);
    expect(await removeExpired(connection.pool)).toBe(1);
    await connection.pool.query("UPDATE errand.spend SET expires_at = 0 WHERE key = $1", [old.key]);
    expect(await removeExpired(connection.pool)).toBe(1);
    expect(await store.spent([old.key, fresh.key])).toEqual([0, 20]);
    expect(await store.loadCapabilities("fresh")).toBe("{}");
    await store.close();
  });
});
