// Hourly tidying of a SQL store: delivery keys past their time. Redis does that by itself.
import { messageOf } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { SqlPool } from "../core/store.ts";
import { removeExpiredDeliveries } from "./sql-store.ts";

const hourMs = 60 * 60 * 1000;

/** Tidies now and every hour until stopped. A failure is logged and tried again an hour later: nothing depends on it. */
export function keepDeliveriesTidy(pool: SqlPool, log: Log): { stop(): void } {
  const tidy = (): void => {
    removeExpiredDeliveries(pool).catch((error: unknown) => {
      log.warn({ error: messageOf(error) }, "expired delivery keys could not be removed");
    });
  };
  tidy();
  const timer = setInterval(tidy, hourMs);
  timer.unref();
  return {
    stop: () => {
      clearInterval(timer);
    },
  };
}
