// One delivery into the inboxes, or an error that makes GitHub count it as failed: never a false yes.
import { AppError, messageOf } from "../core/errors.ts";
import { mailboxOf } from "../core/command.ts";
import type { InboxItem } from "../core/command.ts";
import type { Log } from "../core/log.ts";
import type { Store, WakeUps } from "../core/store.ts";
import { within } from "./within.ts";

export interface Inboxes {
  readonly accept: Store["accept"];
  readonly wake: WakeUps["wake"];
}

/** All the time a delivery may take. GitHub waits 10 s; Probot would answer 202 after 9 s although nothing was stored. */
const TIME_LIMIT_MS = 2_500;

/**
 * Stores and wakes item by item, in order. The first item goes by the delivery's own id and each further one by a number behind it, since the
 * store takes every id once. A duplicate is woken for again: the first delivery may have died between the two steps.
 */
async function store(
  deliveryId: string,
  items: readonly InboxItem[],
  { accept, wake }: Inboxes,
): Promise<number> {
  let accepted = 0;
  for (const [index, item] of items.entries()) {
    const outcome = await accept(index === 0 ? deliveryId : `${deliveryId}/${index}`, item);
    if (outcome === "accepted") accepted++;
    await wake(mailboxOf(item));
  }
  return accepted;
}

/**
 * Resolves once every item is stored and woken for. Otherwise throws `AppError("queue", retryable)` after `TIME_LIMIT_MS` at the latest: the
 * delivery then fails, and comes again when GitHub redelivers it. An item may have been stored all the same; redelivery finds it a duplicate.
 */
export async function acceptDelivery(
  delivery: { readonly id: string; readonly event: string; readonly items: readonly InboxItem[] },
  inboxes: Inboxes,
  log: Log,
): Promise<void> {
  const { id, event, items } = delivery;
  try {
    const accepted = await within(TIME_LIMIT_MS, store(id, items, inboxes));
    log.info({ delivery: id, event, items: items.length, accepted }, "delivery accepted");
  } catch (error) {
    log.error({ delivery: id, event, error: messageOf(error) }, "delivery refused, it was not stored");
    throw new AppError("queue", "The delivery could not be stored.", {
      retryable: true,
      remedy: "Redeliver it once the store is back: `errand doctor` says what is wrong with it.",
      cause: error,
    });
  }
}
