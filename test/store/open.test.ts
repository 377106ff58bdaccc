// What a store looks at before it starts, and what it tidies.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { openStore } from "../../src/store/index.ts";
import { removeExpiredDeliveries } from "../../src/store/sql-store.ts";
import {
  freePort,
  missingPostgres,
  missingRedis,
  startPostgres,
  startRedis,
  type TestServer,
} from "../support/servers.ts";
import { describeUnless } from "./drivers.ts";
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
    expect(await removeExpiredDeliveries(connection.pool)).toBe(1);
    expect(await store.accept("fresh", fresh)).toBe("duplicate");
    expect(await store.accept("old", item(someCommand()))).toBe("accepted");
    await store.close();
  });
});
