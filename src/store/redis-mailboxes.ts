// Mailboxes and turns on Redis.
import type { Redis } from "ioredis";
import { itemId, mailboxOf } from "../core/command.ts";
import type { Store } from "../core/store.ts";
import { deliveryKeySeconds, installationOf, readItem } from "./codec.ts";
import { asNumber, asStrings, attempt, key, runScript } from "./redis-support.ts";
import * as scripts from "./redis-scripts.ts";

/** A turn outlives any run by far; after 30 days without one the number is forgotten, and old tokens stay refused. */
const turnSeconds = 30 * 24 * 60 * 60;

type Mailboxes = Pick<Store, "accept" | "takeTurn" | "peek" | "listWaiting" | "done" | "waitingMailboxes">;

/** `inbox` and `items` hold a mailbox: item ids in order, and id → "<installation> <item as JSON>". */
const contents = (mailbox: string): readonly [string, string] => [
  key("inbox", mailbox),
  key("items", mailbox),
];

const readEntry = (entry: string) => readItem(entry.slice(entry.indexOf(" ") + 1));

export function redisMailboxes(client: Redis): Mailboxes {
  return {
    accept: (deliveryId, item) =>
      attempt("accept a delivery", async () => {
        const mailbox = mailboxOf(item);
        const installation = String(installationOf(item));
        const keys = [
          key("delivery", deliveryId),
          key("item", itemId(item)),
          ...contents(mailbox),
          key("waiting"),
          key("installation", installation),
        ];
        const entry = `${installation} ${JSON.stringify(item)}`;
        const args = [deliveryKeySeconds, itemId(item), entry, mailbox];
        return (await runScript(client, scripts.acceptScript, keys, args)) === 1 ? "accepted" : "duplicate";
      }),
    takeTurn: (mailbox) =>
      attempt("take a turn", async () => {
        const keys = [key("turns"), key("turn", mailbox)];
        return asNumber(await runScript(client, scripts.takeTurnScript, keys, [turnSeconds]));
      }),
    peek: (mailbox) =>
      attempt("read a mailbox", async () => {
        const entry = await runScript(client, scripts.peekScript, contents(mailbox), []);
        return typeof entry === "string" ? readEntry(entry) : null;
      }),
    listWaiting: (mailbox) =>
      attempt("read a mailbox", async () =>
        asStrings(await runScript(client, scripts.listWaitingScript, contents(mailbox), [])).map(readEntry),
      ),
    done: (mailbox, id, token) =>
      attempt("remove a finished command", async () => {
        const keys = [key("turn", mailbox), ...contents(mailbox), key("waiting")];
        return (await runScript(client, scripts.doneScript, keys, [token, id, mailbox])) === 1;
      }),
    waitingMailboxes: () => attempt("list mailboxes", () => client.smembers(key("waiting"))),
  };
}
