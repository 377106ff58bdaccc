// The embedded store: one process per directory, nothing acknowledged is lost by a kill, a first start that says what it does.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { afterAll, describe, expect, it } from "@jest/globals";
import { AppError } from "../../src/core/errors.ts";
import { itemId } from "../../src/core/command.ts";
import { openStore } from "../../src/store/index.ts";
import { embeddedDataDir } from "../support/servers.ts";
import { silentLog } from "./fixtures.ts";

const directories: string[] = [];
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});
const remembered = (directory: string): string => {
  directories.push(directory);
  return directory;
};
const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(() => null).catch((error: unknown) => error);

/** Starts the other process and reads its lines. */
function startOther(dataDir: string) {
  const program = path.join(import.meta.dirname, "embedded-process.ts");
  const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), program, dataDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return { child, lines: createInterface({ input: child.stdout }) };
}

describe("the embedded store", () => {
  it("says so while it prepares itself the first time, and is for its owner only", async () => {
    const dataDir = path.join(remembered(mkdtempSync(path.join(os.tmpdir(), "errand-first-"))), "data");
    const said: string[] = [];
    const log = { ...silentLog, info: (_: unknown, message: string) => void said.push(message) };
    const first = await openStore({ dataDir, log });
    expect(said).toEqual([expect.stringContaining("first start takes some seconds")]);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(statSync(path.join(dataDir, "store")).mode & 0o777).toBe(0o700);
    const failure = await failureOf(openStore({ dataDir, log: silentLog }));
    expect(failure).toBeInstanceOf(AppError);
    expect(String(failure)).toContain("this very process");
    await first.store.close();
    expect(existsSync(path.join(dataDir, "store", "lock"))).toBe(false);
    const second = await openStore({ dataDir, log });
    expect(said).toHaveLength(1);
    await second.store.close();
  }, 90_000);

  it("refuses a second process by name, and after a kill has everything that was acknowledged", async () => {
    const dataDir = remembered(await embeddedDataDir());
    const { child, lines } = startOther(dataDir);
    const acknowledged: string[] = [];
    for await (const line of lines) {
      if (line === "open") {
        const failure = await failureOf(openStore({ dataDir, log: silentLog }));
        expect(failure).toMatchObject({ code: "store", retryable: false });
        expect(String(failure)).toContain(`process ${String(child.pid)}`);
        expect((failure as AppError).remedy).toMatch(/REDIS_URL or DATABASE_URL/);
        continue;
      }
      acknowledged.push(line);
      if (acknowledged.length === 50) child.kill("SIGKILL");
    }
    if (child.signalCode === null) await once(child, "exit");
    expect(acknowledged.length).toBeGreaterThanOrEqual(50);
    const { store } = await openStore({ dataDir, log: silentLog });
    const kept = (await store.listWaiting("acme/shop#1")).map(itemId);
    expect(kept.slice(0, acknowledged.length)).toEqual(acknowledged);
    await store.close();
  }, 90_000);

  it("keeps everybody else out of a transaction, and rolls back one that was left open", async () => {
    const dataDir = remembered(await embeddedDataDir());
    const { store, connection } = await openStore({ dataDir, log: silentLog });
    if (connection.kind !== "sql") throw new Error("the embedded store is a SQL store");
    const { pool } = connection;
    await pool.query("CREATE TABLE public.seen (name text)");
    const session = await pool.connect();
    await session.query("BEGIN");
    const other = pool.query("INSERT INTO public.seen VALUES ('from outside')");
    await session.query("INSERT INTO public.seen VALUES ('from inside')");
    session.release();
    await other;
    const { rows } = await pool.query("SELECT name FROM public.seen");
    expect(rows).toEqual([{ name: "from outside" }]);
    await store.close();
  }, 60_000);
});
