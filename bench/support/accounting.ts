// Whether each delivery that was accepted is there exactly once: still waiting in the store, or carried out.
import { readEnvironment } from "../../src/config/environment.ts";
import { itemId } from "../../src/core/command.ts";
import type { Log } from "../../src/core/log.ts";
import { openStore } from "../../src/store/index.ts";
import type { Deliveries } from "./deliveries.ts";
import type { LoadResult } from "./load-generator.ts";

export interface Account {
  readonly unique: number;
  readonly waiting: number;
  readonly carriedOut: number;
  /** Deliveries that got a 2xx and are nowhere. */
  readonly lost: number;
  /** Items that are there, or were carried out, more than once; or that nobody sent. */
  readonly doubled: number;
  /** Deliveries that got no 2xx, redeliveries included. */
  readonly refused: number;
}

const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Ids of all items in all mailboxes of the store that the app used with these variables. If it is the embedded one, the app must have ended. */
export async function waitingItems(variables: Readonly<Record<string, string>>): Promise<string[]> {
  const { store: place, dataDirectory } = readEnvironment(variables);
  const { store } = await openStore({
    redisUrl: place.kind === "redis" ? place.url : undefined,
    dataDir: place.kind === "embedded" ? place.directory : dataDirectory,
    log: silent,
  });
  try {
    const ids: string[] = [];
    for (const mailbox of await store.waitingMailboxes()) {
      ids.push(...(await store.listWaiting(mailbox)).map(itemId));
    }
    return ids;
  } finally {
    await store.close();
  }
}

export function accountFor(
  { unique, all }: Deliveries,
  { statuses }: LoadResult,
  found: { readonly waiting: readonly string[]; readonly carriedOut: readonly string[] },
): Account {
  const times = new Map<string, number>();
  for (const id of [...found.waiting, ...found.carriedOut]) times.set(id, (times.get(id) ?? 0) + 1);
  const isAccepted = (status: number | undefined) => status !== undefined && status >= 200 && status < 300;
  const accepted = new Set(all.filter((_, index) => isAccepted(statuses[index])).map((one) => one.itemId));
  const sent = new Set(unique.map((one) => one.itemId));
  return {
    unique: unique.length,
    waiting: found.waiting.length,
    carriedOut: found.carriedOut.length,
    lost: [...accepted].filter((id) => !times.has(id)).length,
    doubled: [...times].filter(([id, count]) => count > 1 || !sent.has(id)).length,
    refused: statuses.filter((status) => !isAccepted(status)).length,
  };
}
