// The ledgers that every contract of them runs over, and how a test gets each.
import { afterAll, beforeAll, describe } from "@jest/globals";
import type { Ledger } from "../../src/core/ledger.ts";
import type { Store } from "../../src/core/store.ts";
import { createMemoryLedger } from "../../src/model/memory-ledger.ts";
import { describeDrivers, type Driver } from "./drivers.ts";

export interface Opened {
  readonly ledger: Ledger;
  /** As many, each with a connection of its own where there is a server. */
  readonly clients: (count: number) => Promise<readonly Ledger[]>;
  /** `null` for a ledger that is no store. */
  readonly store: Store | null;
}

/** One suite for each ledger; `opened()` gives it within a test. */
export function describeLedgers(
  which: readonly (Driver["name"] | "memory")[],
  title: string,
  suite: (opened: () => Opened) => void,
): void {
  const stores = which.filter((name) => name !== "memory");
  describeDrivers(stores, title, (place, { name }) => {
    const open: Store[] = [];
    const another = async (): Promise<Store> => {
      const { store } = await place().open();
      open.push(store);
      return store;
    };
    let first: Store | null = null;
    beforeAll(async () => {
      first = await another();
    }, 60_000);
    suite(() => {
      if (first === null) throw new Error("a store is opened before the tests, not while they are declared");
      const store = first;
      const clients = async (count: number): Promise<readonly Store[]> => {
        if (name === "embedded") return Array.from({ length: count }, () => store);
        while (open.length < count) await another();
        return open.slice(0, count);
      };
      return { ledger: store, store, clients };
    });
    afterAll(() => Promise.all(open.map((store) => store.close())));
  });
  if (!which.includes("memory")) return;
  describe(`${title}: memory`, () => {
    const ledger = createMemoryLedger();
    const clients = (count: number) => Promise.resolve(Array.from({ length: count }, () => ledger));
    suite(() => ({ ledger, clients, store: null }));
  });
}
