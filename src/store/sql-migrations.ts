// The tables of the store, in the order in which they came to be. Applied once each, by whoever starts first.
import type { SqlPool } from "../core/store.ts";
import { ledgerTables } from "./sql-ledger-tables.ts";

/** Never edit one that has been released: append another. */
const migrations: readonly string[] = [
  `
  CREATE SEQUENCE errand.turn_numbers;
  CREATE TABLE errand.deliveries (
    delivery_id text PRIMARY KEY,
    item_id text NOT NULL UNIQUE,
    expires_at timestamptz NOT NULL
  );
  CREATE INDEX deliveries_expiry ON errand.deliveries (expires_at);
  CREATE TABLE errand.inbox (
    position bigserial PRIMARY KEY,
    mailbox text NOT NULL,
    item_id text NOT NULL,
    installation_id bigint NOT NULL,
    repository text,
    item text NOT NULL,
    UNIQUE (mailbox, item_id)
  );
  CREATE INDEX inbox_order ON errand.inbox (mailbox, position);
  CREATE INDEX inbox_installation ON errand.inbox (installation_id);
  CREATE TABLE errand.turns (mailbox text PRIMARY KEY, token bigint NOT NULL);
  CREATE TABLE errand.runs (
    id text PRIMARY KEY,
    mailbox text NOT NULL,
    installation_id bigint NOT NULL,
    repository text NOT NULL,
    started_at bigint NOT NULL,
    run text NOT NULL
  );
  CREATE INDEX runs_newest ON errand.runs (mailbox, started_at DESC);
  CREATE INDEX runs_installation ON errand.runs (installation_id);
  CREATE TABLE errand.pulls (
    pull text PRIMARY KEY,
    installation_id bigint NOT NULL,
    repository text NOT NULL,
    phase text NOT NULL,
    state text NOT NULL
  );
  CREATE INDEX pulls_phase ON errand.pulls (repository, phase);
  CREATE INDEX pulls_installation ON errand.pulls (installation_id);
  `,
  `
  CREATE TABLE errand.replays (
    repository text PRIMARY KEY,
    installation_id bigint NOT NULL,
    progress text NOT NULL
  );
  CREATE INDEX replays_installation ON errand.replays (installation_id);
  CREATE TABLE errand.resolutions (
    repository text NOT NULL,
    key text NOT NULL,
    installation_id bigint NOT NULL,
    last_at bigint NOT NULL,
    resolution text NOT NULL,
    PRIMARY KEY (repository, key)
  );
  CREATE INDEX resolutions_installation ON errand.resolutions (installation_id);
  `,
  ledgerTables,
];

/** Any number that nothing else in the database locks: "ERRA" in ASCII. */
const advisoryLock = 0x45525241;

/** Brings the schema `errand` up to date, in one transaction. Two starters at once: the second waits, then finds nothing to do. */
export async function migrate(pool: SqlPool): Promise<void> {
  const session = await pool.connect();
  try {
    await session.query("BEGIN");
    await session.query("SELECT pg_advisory_xact_lock($1)", [advisoryLock]);
    await session.query("CREATE SCHEMA IF NOT EXISTS errand");
    await session.query("CREATE TABLE IF NOT EXISTS errand.migrations (version integer PRIMARY KEY)");
    const { rows } = await session.query(
      "SELECT coalesce(max(version), 0) AS version FROM errand.migrations",
    );
    const [{ version }] = rows as [{ version: number }];
    for (const [index, sql] of migrations.entries()) {
      if (index < version) continue;
      await session.query(sql);
      await session.query("INSERT INTO errand.migrations VALUES ($1)", [index + 1]);
    }
    await session.query("COMMIT");
    session.release();
  } catch (error) {
    // Closing the connection rolls back whatever state it is in.
    session.release(true);
    throw error;
  }
}
