// Mailboxes and turns on SQL.
import { itemId, mailboxOf } from "../core/command.ts";
import type { Store } from "../core/store.ts";
import { deliveryKeySeconds, installationOf, readItem, repositoryOf } from "./codec.ts";
import { fence, textOf, type Query } from "./sql-query.ts";

export function sqlAccept(query: Query): Store["accept"] {
  return async (deliveryId, item) => {
    const rows = await query(
      "accept a delivery",
      `WITH fresh AS (
           INSERT INTO errand.deliveries (delivery_id, item_id, expires_at)
           VALUES ($1, $2, now() + make_interval(secs => $3)) ON CONFLICT DO NOTHING RETURNING 1
         ), put AS (
           INSERT INTO errand.inbox (mailbox, item_id, installation_id, repository, item)
           SELECT $4, $2, $5, $6, $7 FROM fresh ON CONFLICT DO NOTHING
         ) SELECT 1 FROM fresh`,
      [
        deliveryId,
        itemId(item),
        deliveryKeySeconds,
        mailboxOf(item),
        installationOf(item),
        repositoryOf(item),
        JSON.stringify(item),
      ],
    );
    return rows.length > 0 ? "accepted" : "duplicate";
  };
}

type Mailboxes = Pick<Store, "takeTurn" | "peek" | "listWaiting" | "done" | "waitingMailboxes">;

export function sqlMailboxes(query: Query): Mailboxes {
  return {
    async takeTurn(mailbox) {
      // The number is drawn after the row is locked: of two takers at once, the later one has the higher number.
      const [row] = await query(
        "take a turn",
        `INSERT INTO errand.turns VALUES ($1, nextval('errand.turn_numbers'))
         ON CONFLICT (mailbox) DO UPDATE SET token = nextval('errand.turn_numbers') RETURNING token`,
        [mailbox],
      );
      return Number(row?.["token"]);
    },
    async peek(mailbox) {
      const [row] = await query(
        "read a mailbox",
        "SELECT item FROM errand.inbox WHERE mailbox = $1 ORDER BY position LIMIT 1",
        [mailbox],
      );
      return row ? readItem(textOf(row, "item")) : null;
    },
    async listWaiting(mailbox) {
      const rows = await query(
        "read a mailbox",
        "SELECT item FROM errand.inbox WHERE mailbox = $1 ORDER BY position",
        [mailbox],
      );
      return rows.map((row) => readItem(textOf(row, "item")));
    },
    async done(mailbox, id, token) {
      const rows = await query(
        "remove a finished command",
        `WITH turn AS (${fence}), gone AS (
           DELETE FROM errand.inbox WHERE mailbox = $1 AND item_id = $3 AND EXISTS (SELECT 1 FROM turn)
         ) SELECT 1 FROM turn`,
        [mailbox, token, id],
      );
      return rows.length > 0;
    },
    async waitingMailboxes() {
      const rows = await query("list mailboxes", "SELECT DISTINCT mailbox FROM errand.inbox", []);
      return rows.map((row) => textOf(row, "mailbox"));
    },
  };
}
