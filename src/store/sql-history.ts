// Runs and the states of pull requests on SQL.
import { pullKey } from "../core/pull.ts";
import type { Store } from "../core/store.ts";
import { readPullState, readRun, repositoryKey } from "./codec.ts";
import { removeCalls } from "./sql-calls.ts";
import { fence, textOf, type Query } from "./sql-query.ts";

export function sqlRuns(query: Query): Pick<Store, "loadRun" | "saveRun" | "listRuns"> {
  return {
    async loadRun(id) {
      const [row] = await query("read a run", "SELECT run FROM errand.runs WHERE id = $1", [id]);
      return row ? readRun(textOf(row, "run")) : null;
    },
    async saveRun(mailbox, token, run) {
      const { pull } = run.command;
      const rows = await query(
        "save a run",
        `WITH turn AS (${fence})
         INSERT INTO errand.runs (id, mailbox, installation_id, repository, started_at, run)
         SELECT $3, $1, $4, $5, $6, $7 FROM turn
         ON CONFLICT (id) DO UPDATE SET mailbox = excluded.mailbox, installation_id = excluded.installation_id,
           repository = excluded.repository, started_at = excluded.started_at, run = excluded.run
         RETURNING 1`,
        [
          mailbox,
          token,
          run.id,
          pull.installationId,
          repositoryKey(pull),
          run.startedAt,
          JSON.stringify(run),
        ],
      );
      return rows.length > 0;
    },
    async listRuns(mailbox, limit) {
      const rows = await query(
        "list runs",
        "SELECT run FROM errand.runs WHERE mailbox = $1 ORDER BY started_at DESC, id DESC LIMIT $2",
        [mailbox, Math.max(0, limit)],
      );
      return rows.map((row) => readRun(textOf(row, "run")));
    },
  };
}

export function sqlPulls(query: Query): Pick<Store, "loadPull" | "savePull" | "listPulls"> {
  return {
    async loadPull(pull) {
      const [row] = await query(
        "read a pull request's state",
        "SELECT state FROM errand.pulls WHERE pull = $1",
        [pullKey(pull)],
      );
      return row ? readPullState(textOf(row, "state")) : null;
    },
    async savePull(mailbox, token, state) {
      const { pull, phase } = state;
      const rows = await query(
        "save a pull request's state",
        `WITH turn AS (${fence})
         INSERT INTO errand.pulls (pull, installation_id, repository, phase, state)
         SELECT $3, $4, $5, $6, $7 FROM turn
         ON CONFLICT (pull) DO UPDATE SET installation_id = excluded.installation_id,
           repository = excluded.repository, phase = excluded.phase, state = excluded.state
         RETURNING 1`,
        [
          mailbox,
          token,
          pullKey(pull),
          pull.installationId,
          repositoryKey(pull),
          phase,
          JSON.stringify(state),
        ],
      );
      return rows.length > 0;
    },
    async listPulls(repository, phase) {
      const rows = await query(
        "list pull requests",
        "SELECT state FROM errand.pulls WHERE repository = $1 AND phase = $2 ORDER BY pull",
        [repositoryKey(repository), phase],
      );
      return rows.map((row) => readPullState(textOf(row, "state")));
    },
  };
}

/** Turns go with their pull request, so that a run still under way can write nothing back; numbers are never given out twice. */
export function sqlPurge(query: Query): Store["purge"] {
  return async (installationId, options) => {
    const repositories = options.repositories?.map(repositoryKey) ?? null;
    const scope = "installation_id = $1 AND ($2::text[] IS NULL OR repository = ANY($2::text[]))";
    const items = `items AS (DELETE FROM errand.inbox WHERE ${scope} RETURNING mailbox, repository)`;
    const history = `,
      runs AS (DELETE FROM errand.runs WHERE ${scope} RETURNING mailbox),
      pulls AS (DELETE FROM errand.pulls WHERE ${scope} RETURNING pull, repository),
      resolutions AS (DELETE FROM errand.resolutions WHERE ${scope}),
      replays AS (DELETE FROM errand.replays WHERE ${scope} RETURNING repository),
      turns AS (DELETE FROM errand.turns WHERE mailbox IN (
        SELECT mailbox FROM items WHERE repository IS NOT NULL
        UNION SELECT mailbox FROM runs UNION SELECT pull FROM pulls 
        UNION SELECT 'memory:' || repository FROM pulls UNION SELECT 'memory:' || repository FROM replays))`;
    const rows = await query(
      "forget an installation",
      `WITH ${items}${options.keepHistory ? "" : history} SELECT 1 FROM items`,
      [installationId, repositories],
    );
    if (!options.keepHistory) await removeCalls(query, scope, [installationId, repositories]);
    return rows.length;
  };
}
