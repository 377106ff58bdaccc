// A worker's turn at one mailbox: take it, carry out what lies there in order, give way to a newer turn.
import { itemId } from "../core/command.ts";
import { AppError, messageOf } from "../core/errors.ts";
import type { InboxItem } from "../core/command.ts";
import type { FencingToken } from "../core/store.ts";
import { turnLost } from "./hold-turn.ts";
import { processCommand } from "./process-command.ts";
import { processNotice } from "./process-notice.ts";
import type { Services } from "./services.ts";

export interface Turn {
  readonly mailbox: string;
  readonly token: FencingToken;
  readonly signal: AbortSignal;
}

/**
 * Drains a mailbox. An item is removed only after its effects are done, so a crash repeats it; every effect is idempotent by its own key.
 * Throws what an item throws: the queue retries, and the item is still there.
 */
export async function processMailbox(
  mailbox: string,
  services: Services,
  signal: AbortSignal,
): Promise<void> {
  const token = await services.store.takeTurn(mailbox);
  await services.reached("turn-taken");
  const turn = { mailbox, token, signal };
  for (;;) {
    signal.throwIfAborted();
    const item = await services.store.peek(mailbox);
    if (!item) return;
    try {
      await processItem(item, turn, services);
    } catch (error) {
      if (turnLost(error)) return;
      if (!isHopeless(error)) throw error;
      services.log.error({ mailbox, item: itemId(item), error: messageOf(error) }, "item given up");
    }
    const mine = await services.store.done(mailbox, itemId(item), token);
    if (!mine) return;
    services.log.debug({ mailbox, item: itemId(item) }, "item done");
  }
}

/**
 * An item that nothing will ever carry out must not keep the ones behind it waiting. What an operator can mend (credentials, store, queue)
 * is no such thing: the item waits.
 */
function isHopeless(error: unknown): boolean {
  if (!(error instanceof AppError) || error.retryable) return false;
  return error.code !== "config" && error.code !== "store" && error.code !== "queue";
}

async function processItem(item: InboxItem, turn: Turn, services: Services): Promise<void> {
  if (item.kind === "command") await processCommand(item.command, turn, services);
  else await processNotice(item.notice, services);
}
