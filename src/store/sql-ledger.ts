// The ledger on SQL: sums, what is known of models, and the rows (sql-calls.ts).
import { reservedCall } from "../core/call-changes.ts";
import type { Ledger } from "../core/ledger.ts";
import { changeCalls, keptUntil } from "./call-rows.ts";
import { columnsOf, sqlCallLists, sqlCallPurge, sqlRows } from "./sql-calls.ts";
import { textOf, type Query } from "./sql-query.ts";

function reserve(query: Query): Ledger["reserveCall"] {
  return async (call, scopes) => {
    const [row] = await query(
      "reserve money for a model call",
      `WITH held AS MATERIALIZED (SELECT * FROM errand.hold_back($1, $14, $15, $16, $17)), kept AS (
         INSERT INTO errand.calls SELECT $1, $2::integer, $3::bigint, $4, $5::bigint, $6, $7::bigint, $8, $9, $10::boolean, $11::text[], $12, $13
         FROM held WHERE misfit IS NULL ON CONFLICT DO NOTHING
       ) SELECT misfit, spent FROM held`,
      [
        ...columnsOf(reservedCall(call, scopes), 1),
        scopes.map(({ key }) => key),
        scopes.map(({ limitMicros }) => limitMicros),
        scopes.map(({ expiresAt }) => keptUntil(expiresAt)),
        call.reservedMicros,
      ],
    );
    const scope = scopes[Number(row?.["misfit"] ?? 0) - 1];
    return scope === undefined
      ? { granted: true }
      : { granted: false, scope, spentMicros: Number(row?.["spent"]) };
  };
}

function capabilities(query: Query): Pick<Ledger, "loadCapabilities" | "saveCapabilities"> {
  return {
    async loadCapabilities(model) {
      const [row] = await query(
        "read what is known of a model",
        "SELECT capabilities FROM errand.capabilities WHERE model = $1 AND expires_at > $2",
        [model, Date.now()],
      );
      return row ? textOf(row, "capabilities") : null;
    },
    async saveCapabilities(model, text, expiresAt) {
      await query(
        "save what is known of a model",
        `INSERT INTO errand.capabilities VALUES ($1, $2, $3) ON CONFLICT (model) DO UPDATE
         SET capabilities = excluded.capabilities, expires_at = excluded.expires_at`,
        [model, text, expiresAt],
      );
    },
  };
}

export function sqlLedger(query: Query): Ledger {
  return {
    reserveCall: reserve(query),
    ...changeCalls(sqlRows(query)),
    ...sqlCallLists(query),
    purgeCalls: sqlCallPurge(query),
    async spent(keys) {
      const text = "SELECT key, micros FROM errand.spend WHERE key = ANY($1::text[])";
      const rows = await query("read what is spent", text, [[...keys]]);
      const sums = new Map(rows.map((row) => [textOf(row, "key"), Number(row["micros"])]));
      return keys.map((key) => sums.get(key) ?? 0);
    },
    ...capabilities(query),
  };
}
