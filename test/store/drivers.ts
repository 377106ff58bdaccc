// The three drivers that every contract runs over, and how a test gets each of them.
import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe } from "@jest/globals";
import type { Log } from "../../src/core/log.ts";
import { openStore, type OpenedStore } from "../../src/store/index.ts";
import {
  embeddedDataDir,
  missingPostgres,
  missingRedis,
  startPostgres,
  startRedis,
  type TestServer,
} from "../support/servers.ts";
import { silentLog } from "./fixtures.ts";

/** A place to keep data; it can be opened more than once, except the embedded one. */
export interface Place {
  /** The options of `openStore` that lead here: plain data, for another process. */
  readonly address: { redisUrl?: string; databaseUrl?: string; dataDir?: string };
  open(log?: Log): Promise<OpenedStore>;
  /** `null` for the embedded store: there is no server that could be killed. */
  readonly server: TestServer | null;
  remove(): Promise<void>;
}

export interface Driver {
  readonly name: "redis" | "postgres" | "embedded";
  /** Why it cannot be tried here; `null` when it can. */
  readonly missing: string | null;
  make(): Promise<Place>;
}

function placeAt(address: Place["address"], server: TestServer | null, remove: () => Promise<void>): Place {
  return {
    address,
    server,
    open: (log = silentLog) => openStore({ dataDir: "/nowhere", ...address, log }),
    remove,
  };
}

const drivers: readonly Driver[] = [
  {
    name: "embedded",
    missing: null,
    make: async () => {
      const dataDir = await embeddedDataDir();
      return placeAt({ dataDir }, null, () => {
        rmSync(dataDir, { recursive: true, force: true });
        return Promise.resolve();
      });
    },
  },
  {
    name: "redis",
    missing: missingRedis(),
    make: async () => {
      const server = await startRedis();
      return placeAt({ redisUrl: server.url }, server, () => server.stop());
    },
  },
  {
    name: "postgres",
    missing: missingPostgres(),
    make: async () => {
      const server = await startPostgres();
      return placeAt({ databaseUrl: server.url }, server, () => server.stop());
    },
  },
];

/** `describe`, or, where something is missing, a skipped suite and one line that says so. */
export function describeUnless(missing: string | null, title: string, suite: () => void): void {
  if (missing === null) {
    describe(title, suite);
    return;
  }
  process.stderr.write(`skipped: ${title}: ${missing}\n`);
  describe.skip(`${title}: ${missing}`, suite);
}

/** One suite for each driver. The place is made before its tests and removed after them; `place()` gives it within a test. */
export function describeDrivers(
  which: readonly Driver["name"][],
  title: string,
  suite: (place: () => Place, driver: Driver) => void,
): void {
  for (const driver of drivers.filter(({ name }) => which.includes(name))) {
    describeUnless(driver.missing, `${title}: ${driver.name}`, () => {
      let place: Place | null = null;
      beforeAll(async () => {
        place = await driver.make();
      }, 60_000);
      suite(() => {
        if (!place) throw new Error("the place is made before the tests, not while they are declared");
        return place;
      }, driver);
      // Declared last, so that it runs after what the suite closes.
      afterAll(() => place?.remove());
    });
  }
}
