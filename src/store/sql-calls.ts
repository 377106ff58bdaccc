// Rows of the ledger on SQL.
import { aboutOf, countOutcomes } from "../core/call-changes.ts";
import type { CallQuery, Ledger, ModelCall } from "../core/ledger.ts";
import { readCall, readCounted, writeCall, type CallRows } from "./call-rows.ts";
import { repositoryKey } from "./codec.ts";
import { textOf, type Query, type Row } from "./sql-query.ts";

/** How many rows one step removes at most: it must end long before a query counts as failed. */
const batch = 5_000;

function callOf(row: Row): ModelCall {
  const contents = row["contents"];
  return readCall(textOf(row, "call"), typeof contents === "string" ? contents : null);
}

/** The columns of `errand.calls`, in their order. */
export function columnsOf(call: ModelCall, revision: number): readonly unknown[] {
  const { id, at, runId, installationId, number, status, accepted, scopes } = call;
  const facts = [id, revision, at, runId, installationId, repositoryKey(call), number, aboutOf(call)];
  return [...facts, status, accepted, scopes, ...writeCall(call)];
}

export function sqlRows(query: Query): CallRows {
  return {
    async read(id) {
      const text = "SELECT revision, call, contents FROM errand.calls WHERE id = $1";
      const [row] = await query("read a model call", text, [id]);
      return row ? { call: callOf(row), revision: Number(row["revision"]) } : null;
    },
    async replace({ call, revision }, after, addMicros) {
      const rows = await query(
        "write a model call",
        `WITH changed AS (
           UPDATE errand.calls SET revision = revision + 1, status = $3, accepted = $4, call = $5, contents = $6
           WHERE id = $1 AND revision = $2 RETURNING scopes
         ) SELECT errand.correct_spend(scopes, $7) FROM changed`,
        [call.id, revision, after.status, after.accepted, ...writeCall(after), addMicros],
      );
      return rows.length > 0;
    },
    async reservedBefore(before) {
      const text = "SELECT id FROM errand.calls WHERE status = 'reserved' AND at < $1 ORDER BY at, id";
      return (await query("list model calls", text, [before])).map((row) => textOf(row, "id"));
    },
  };
}

/** Conditions and their parameters, of what is asked for only: an index serves each. */
function conditionsOf({ runId, repository, since, after }: CallQuery): readonly [string, unknown[]] {
  const params: unknown[] = [];
  const given = (value: unknown): string => `$${params.push(value)}`;
  const conditions: string[] = [];
  if (runId !== undefined) conditions.push(`run_id = ${given(runId)}`);
  if (repository !== undefined) conditions.push(`repository = ${given(repositoryKey(repository))}`);
  if (repository?.number !== undefined) conditions.push(`number = ${given(repository.number)}`);
  if (since !== undefined) conditions.push(`at >= ${given(since)}`);
  if (after !== undefined) {
    // Behind an id that is not there everything is left: what is forgotten of old age goes oldest first.
    const id = given(after);
    const at = `coalesce((SELECT at FROM errand.calls WHERE id = ${id}), ${Number.MIN_SAFE_INTEGER})`;
    conditions.push(`(at, id) > (${at}, ${id})`);
  }
  return [conditions.length === 0 ? "true" : conditions.join(" AND "), params];
}

export function sqlCallLists(query: Query): Pick<Ledger, "listCalls" | "outcomeCounts"> {
  return {
    async listCalls(asked) {
      const [conditions, params] = conditionsOf(asked);
      const text = `SELECT call, contents FROM errand.calls WHERE ${conditions} ORDER BY at, id LIMIT $${params.length + 1}`;
      return (await query("list model calls", text, [...params, Math.max(0, asked.limit)])).map(callOf);
    },
    async outcomeCounts(repository) {
      const rows = await query(
        "count outcomes",
        "SELECT call FROM errand.calls WHERE repository = $1 AND accepted",
        [repositoryKey(repository)],
      );
      return countOutcomes(rows.map((row) => readCounted(textOf(row, "call"))));
    },
  };
}

/**
 * Repeats a statement over the calls that `condition` names, in small steps, until it finds no more. Rows are locked in the order of their ids: two who
 * tidy at the same time wait for one another, never both. `$1` and on are the parameters of the condition.
 */
async function inSteps(
  query: Query,
  { statement, condition }: { readonly statement: string; readonly condition: string },
  params: readonly unknown[],
): Promise<number> {
  const some = `SELECT id FROM errand.calls WHERE ${condition} ORDER BY id LIMIT ${batch} FOR UPDATE`;
  let gone = 0;
  for (;;) {
    const text = `WITH old AS (${some}) ${statement} WHERE id IN (SELECT id FROM old) RETURNING 1`;
    const rows = await query("forget model calls", text, [...params]);
    gone += rows.length;
    if (rows.length < batch) return gone;
  }
}

/** Returns how many went. Sums stay. */
export function removeCalls(query: Query, condition: string, params: readonly unknown[]): Promise<number> {
  return inSteps(query, { statement: "DELETE FROM errand.calls", condition }, params);
}

export function sqlCallPurge(query: Query): Ledger["purgeCalls"] {
  return (before, what) =>
    what === "rows"
      ? removeCalls(query, "at < $1", [before])
      : inSteps(
          query,
          {
            // The new revision stops whoever is about to write them back.
            statement: "UPDATE errand.calls SET contents = NULL, revision = revision + 1",
            condition: "at < $1 AND contents IS NOT NULL",
          },
          [before],
        );
}
