// The three drivers that every contract runs over, and how a test gets each of them.
import { rmSync } from "node:fs";
import { describe } from "@jest/globals";
import { silentLog } from "./fixtures.ts";
import { openStore, type OpenedStore } from "../../src/store/index.ts";
import type { Log } from "../../src/core/log.ts";
import {
  embeddedDataDir,
  startPostgres,
  startRedis,
  type Missing,
  type TestServer,
} from "../support/servers.ts";

/** A place to keep data; it can be opened more than once, except the embedded one. */
export interface Place {
  open(log?: Log): Promise<OpenedStore>;
  /** The options of `openStore` that lead here: plain data, for another process. */
  readonly address: { redisUrl?: string; databaseUrl?: string; dataDir?: string };
  /** `null`: there is no server that could be killed. */
  readonly server: TestServer | null;
  remove(): Promise<void>;
}

export interface Driver {
  readonly name: "redis" | "postgres" | "embedded";
  make(): Promise<Place | Missing>;
}

async function serverPlace(
  start: () => Promise<TestServer | Missing>,
  name: "redisUrl" | "databaseUrl",
): Promise<Place | Missing> {
  const server = await start();
  if ("missing" in server) return server;
  return {
    server,
    address: { [name]: server.url },
    open: (log = silentLog) => openStore({ [name]: server.url, dataDir: "/nowhere", log }),
    remove: () => server.stop(),
  };
}

export const drivers: readonly Driver[] = [
  {
    name: "embedded",
    make: async () => {
      const dataDir = await embeddedDataDir();
      return {
        server: null,
        address: { dataDir },
        open: (log = silentLog) => openStore({ dataDir, log }),
        remove: () => {
          rmSync(dataDir, { recursive: true, force: true });
          return Promise.resolve();
        },
      };
    },
  },
  { name: "redis", make: () => serverPlace(() => startRedis(), "redisUrl") },
  { name: "postgres", make: () => serverPlace(startPostgres, "databaseUrl") },
];

/**
 * `describe` for one driver; where its server is not installed the suite is skipped, and one line says so.
 * The place is made here and removed by the suite.
 */
export async function describeDriver(
  driver: Driver,
  title: string,
  suite: (place: Place) => void,
): Promise<void> {
  const place = await driver.make();
  if (!("missing" in place)) {
    describe(`${title}: ${driver.name}`, () => {
      suite(place);
    });
    return;
  }
  process.stderr.write(`skipped: ${title}: ${driver.name}: ${place.missing}\n`);
  describe.skip(`${title}: ${driver.name}: ${place.missing}`, () => {
    suite({
      open: () => Promise.reject(new Error(place.missing)),
      address: {},
      server: null,
      remove: () => Promise.resolve(),
    });
  });
}
