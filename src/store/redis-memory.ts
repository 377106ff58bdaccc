// What a repository remembers of its past merges, on Redis.
import type { Redis } from "ioredis";
import { memoryMailbox, mostResolutions } from "../core/memory.ts";
import type { Store } from "../core/store.ts";
import { readProgress, readRemembered, repositoryKey } from "./codec.ts";
import { attempt, key, runScript } from "./redis-support.ts";
import * as scripts from "./redis-scripts.ts";

/** `replay:<repository>` is a hash; `resolutions:<repository>` has texts by key, `resolution-ages:<repository>` keys by the time of their merge. */
export function redisMemory(client: Redis): Pick<Store, "loadReplay" | "recall" | "saveReplay"> {
  return {
    loadReplay: (repository) =>
      attempt("read how far a replay has come", async () => {
        const text = await client.hget(key("replay", repositoryKey(repository)), "progress");
        return text === null ? null : readProgress(text);
      }),
    recall: (repository, keys) =>
      attempt("recall resolutions", async () => {
        if (keys.length === 0) return [];
        const texts = await client.hmget(key("resolutions", repositoryKey(repository)), ...new Set(keys));
        return texts.flatMap((text) => (text === null ? [] : [readRemembered(text)]));
      }),
    saveReplay: (repository, token, progress, resolutions) =>
      attempt("save what was replayed", async () => {
        const name = repositoryKey(repository);
        const installation = String(repository.installationId);
        const mailbox = memoryMailbox(repository);
        const keys = [
          key("turn", mailbox),
          key("replay", name),
          key("resolutions", name),
          key("resolution-ages", name),
          key("installation", installation),
        ];
        const each = resolutions.flatMap((one) => [one.key, one.lastAt, JSON.stringify(one)]);
        const args = [token, installation, JSON.stringify(progress), mailbox, mostResolutions, ...each];
        return (await runScript(client, scripts.saveReplayScript, keys, args)) === 1;
      }),
  };
}
