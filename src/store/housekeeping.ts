// Hourly tidying of a SQL store: delivery keys, sums of money and facts about models past their time. Redis does that by itself.
import { messageOf } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { SqlPool } from "../core/store.ts";

const hourMs = 60 * 60 * 1000;

/** What is past its time has no use left. Returns how many entries went. */
export async function removeExpired(pool: SqlPool): Promise<number> {
  const deliveries = await pool.query("DELETE FROM errand.deliveries WHERE expires_at < now() RETURNING 1");
  let gone = deliveries.rows.length;
  for (const table of ["errand.spend", "errand.capabilities"]) {
    const { rows } = await pool.query(`DELETE FROM ${table} WHERE expires_at < $1 RETURNING 1`, [Date.now()]);
    gone += rows.length;
  }
  return gone;
}

/** Tidies now and every hour until stopped. A failure is logged and tried again an hour later: nothing depends on it. */
export function keepTidy(pool: SqlPool, log: Log): { stop(): void } {
  const tidy = (): void => {
    removeExpired(pool).catch((error: unknown) => {
      log.warn({ error: messageOf(error) }, "expired entries could not be removed");
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
