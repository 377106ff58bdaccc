// What a repository remembers of its past merges, on SQL.
import { memoryMailbox, mostResolutions } from "../core/memory.ts";
import type { Store } from "../core/store.ts";
import { readProgress, readRemembered, repositoryKey } from "./codec.ts";
import { fence, textOf, type Query } from "./sql-query.ts";

export function sqlMemory(query: Query): Pick<Store, "loadReplay" | "recall" | "saveReplay"> {
  return {
    async loadReplay(repository) {
      const [row] = await query(
        "read how far a replay has come",
        "SELECT progress FROM errand.replays WHERE repository = $1",
        [repositoryKey(repository)],
      );
      return row ? readProgress(textOf(row, "progress")) : null;
    },
    async recall(repository, keys) {
      if (keys.length === 0) return [];
      const rows = await query(
        "recall resolutions",
        "SELECT resolution FROM errand.resolutions WHERE repository = $1 AND key = ANY($2::text[])",
        [repositoryKey(repository), [...keys]],
      );
      return rows.map((row) => readRemembered(textOf(row, "resolution")));
    },
    async saveReplay(repository, token, progress, resolutions) {
      const name = repositoryKey(repository);
      // One row for each key: a statement may not touch a row twice.
      const given = [...new Map(resolutions.map((one) => [one.key, one])).values()];
      const rows = await query(
        "save what was replayed",
        `WITH turn AS (${fence}), progress AS (
           INSERT INTO errand.replays (repository, installation_id, progress) SELECT $3, $4, $5 FROM turn
           ON CONFLICT (repository) DO UPDATE SET installation_id = excluded.installation_id, progress = excluded.progress
         ), kept AS (
           INSERT INTO errand.resolutions (repository, key, installation_id, last_at, resolution)
           SELECT $3, one.key, $4, one.last_at, one.resolution
           FROM turn, unnest($6::text[], $7::bigint[], $8::text[]) AS one (key, last_at, resolution)
           ON CONFLICT (repository, key) DO UPDATE SET installation_id = excluded.installation_id,
             last_at = excluded.last_at, resolution = excluded.resolution
         ) SELECT 1 FROM turn`,
        [
          memoryMailbox(repository),
          token,
          name,
          repository.installationId,
          JSON.stringify(progress),
          given.map(({ key }) => key),
          given.map(({ lastAt }) => lastAt),
          given.map((one) => JSON.stringify(one)),
        ],
      );
      if (rows.length > 0 && given.length > 0) await dropOldest(query, name);
      return rows.length > 0;
    },
  };
}

/** A statement of its own: in one with the insertion it would not see the new rows. */
async function dropOldest(query: Query, repository: string): Promise<void> {
  await query(
    "drop the oldest resolutions",
    `DELETE FROM errand.resolutions WHERE repository = $1 AND key IN (
       SELECT key FROM errand.resolutions WHERE repository = $1 ORDER BY last_at DESC, key DESC OFFSET $2)`,
    [repository, mostResolutions],
  );
}
