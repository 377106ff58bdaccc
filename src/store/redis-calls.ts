// Rows of the ledger on Redis: `call:<id>` and `call-contents:<id>`, and sorted sets of ids by the time at which calls began.
import type { Redis } from "ioredis";
import { countOutcomes, type CountedCall } from "../core/call-changes.ts";
import type { CallQuery, Ledger, ModelCall } from "../core/ledger.ts";
import { pullKey } from "../core/pull.ts";
import { readCall, readCounted, writeCall, type CallRows, type StoredCall } from "./call-rows.ts";
import { repositoryKey } from "./codec.ts";
import * as scripts from "./redis-ledger-scripts.ts";
import { keyPrefix } from "./redis-scripts.ts";
import { asNumber, asStrings, attempt, key, runScript } from "./redis-support.ts";

/** How many rows one step touches at most: Redis serves nobody else meanwhile. */
const batch = 500;

/** See the first lines of `redis-ledger-scripts.ts`. */
export function rowText(call: ModelCall, revision: number): readonly [row: string, contents: string] {
  const [row, contents] = writeCall(call);
  const facts = [revision, call.installationId, pullKey(call), call.runId];
  return [`${facts.join(" ")}\n${row}`, contents ?? ""];
}

const jsonOf = (text: string): string => text.slice(text.indexOf("\n") + 1);

function readRow(text: string, contents: string): StoredCall {
  const call = readCall(jsonOf(text), contents === "" ? null : contents);
  return { call, revision: Number.parseInt(text, 10) };
}

export function redisRows(client: Redis): CallRows {
  return {
    read: (id) =>
      attempt("read a model call", async () => {
        const [row, contents] = await client.mget(key("call", id), key("call-contents", id));
        return row ? readRow(row, contents ?? "") : null;
      }),
    replace: ({ call: { id, at }, revision }, after, addMicros) =>
      attempt("write a model call", async () => {
        const sums = after.scopes.map((scope) => key("spend", scope));
        const flags = [after.status === "reserved", after.accepted === true].map((flag) =>
          flag ? "1" : "0",
        );
        const args = [keyPrefix, id, at, revision, ...rowText(after, revision + 1), addMicros, ...flags];
        const keys = [key("call", id), key("call-contents", id), ...sums];
        return (await runScript(client, scripts.replaceCallScript, keys, args)) === 1;
      }),
    reservedBefore: (before) =>
      attempt("list model calls", () => client.zrangebyscore(key("calls-reserved"), "-inf", `(${before}`)),
  };
}

/** The index with the fewest rows that has all that is asked for. */
function indexFor({ runId, repository }: CallQuery): string {
  if (runId !== undefined) return key("calls-of-run", runId);
  if (repository === undefined) return key("calls");
  const { owner, repo, number } = repository;
  return number === undefined
    ? key("calls-of-repository", repositoryKey(repository))
    : key("calls-of-pull", pullKey({ owner, repo, number }));
}

/** What the index of a run does not say. */
function isWanted(call: ModelCall, { repository }: CallQuery): boolean {
  if (repository === undefined) return true;
  const { number = call.number } = repository;
  return call.number === number && repositoryKey(call) === repositoryKey(repository);
}

/** One batch of an index, oldest first. */
async function page(
  client: Redis,
  index: string,
  { after = "", since = "-inf", limit }: { after?: string; since?: number | "-inf"; limit: number },
): Promise<readonly ModelCall[]> {
  const args = [keyPrefix, after, since, limit];
  const found = asStrings(await runScript(client, scripts.listCallsScript, [index], args));
  return Array.from({ length: found.length / 3 }, (_, n) => {
    const [, row = "", contents = ""] = found.slice(3 * n, 3 * n + 3);
    return readRow(row, contents).call;
  });
}

export function redisCallLists(client: Redis): Pick<Ledger, "listCalls" | "outcomeCounts"> {
  return {
    listCalls: (query) =>
      attempt("list model calls", async () => {
        const { limit, since } = query;
        const found: ModelCall[] = [];
        let after = query.after;
        while (found.length < limit) {
          const size = Math.min(batch, limit - found.length);
          const calls = await page(client, indexFor(query), {
            ...(after === undefined ? {} : { after }),
            ...(since === undefined ? {} : { since }),
            limit: size,
          });
          found.push(...calls.filter((call) => isWanted(call, query)));
          after = calls.at(-1)?.id;
          if (calls.length < size) break;
        }
        return found;
      }),
    outcomeCounts: (repository) =>
      attempt("count outcomes", async () => {
        const ids = await client.zrange(key("calls-accepted", repositoryKey(repository)), "0", "-1");
        const calls: CountedCall[] = [];
        for (const some of batches(ids)) {
          const texts = await client.mget(some.map((id) => key("call", id)));
          calls.push(...texts.flatMap((text) => (text === null ? [] : [readCounted(jsonOf(text))])));
        }
        return countOutcomes(calls);
      }),
  };
}

function batches(ids: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(ids.length / batch);
  return Array.from({ length: count }, (_, n) => ids.slice(n * batch, (n + 1) * batch));
}

export function redisCallPurge(client: Redis): Ledger["purgeCalls"] {
  return (before, what) =>
    attempt("forget model calls", async () => {
      const index = key(what === "rows" ? "calls" : "calls-with-contents");
      let gone = 0;
      for (;;) {
        const ids = await client.zrangebyscore(index, "-inf", `(${before}`, "LIMIT", 0, batch);
        if (ids.length === 0) return gone;
        gone += asNumber(
          what === "rows"
            ? await runScript(client, scripts.removeCallsScript, [index], [keyPrefix, "", ...ids])
            : await runScript(client, scripts.forgetContentsScript, [index], [keyPrefix, ...ids]),
        );
      }
    });
}

async function forgetIn(client: Redis, index: string, installation: string): Promise<void> {
  let start = 0;
  for (;;) {
    const ids = await client.zrange(index, String(start), String(start + batch - 1));
    if (ids.length === 0) return;
    const args = [keyPrefix, installation, ...ids];
    start += ids.length - asNumber(await runScript(client, scripts.removeCallsScript, [index], args));
  }
}

/** Forgets the calls of an installation, or of the named repositories of it, in small steps. A kill in between leaves what a second time removes. */
export async function forgetInstallationCalls(
  client: Redis,
  installation: string,
  repositories: readonly string[] | undefined,
): Promise<void> {
  const known = key("call-repositories", installation);
  for (const repository of repositories ?? (await client.smembers(known))) {
    const index = key("calls-of-repository", repository);
    await forgetIn(client, index, installation);
    await client.srem(known, repository);
    // For a call that came just before the repository was struck off; one that comes later puts it back.
    await forgetIn(client, index, installation);
  }
}
