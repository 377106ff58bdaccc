// Runs and the states of pull requests on Redis.
import type { Redis } from "ioredis";
import { pullKey } from "../core/pull.ts";
import type { Store } from "../core/store.ts";
import { readPullState, readRun, repositoryKey } from "./codec.ts";
import { forgetInstallationCalls } from "./redis-calls.ts";
import { asNumber, attempt, key, runScript } from "./redis-support.ts";
import * as scripts from "./redis-scripts.ts";

/** `run:<id>` is a hash; `runs:<mailbox>` has the ids by start. */
export function redisRuns(client: Redis): Pick<Store, "loadRun" | "saveRun" | "listRuns"> {
  return {
    loadRun: (id) =>
      attempt("read a run", async () => {
        const text = await client.hget(key("run", id), "run");
        return text === null ? null : readRun(text);
      }),
    saveRun: (mailbox, token, run) =>
      attempt("save a run", async () => {
        const installation = String(run.command.pull.installationId);
        const keys = [
          key("turn", mailbox),
          key("run", run.id),
          key("runs", mailbox),
          key("installation", installation),
        ];
        const args = [token, installation, JSON.stringify(run), run.startedAt, run.id, mailbox];
        return (await runScript(client, scripts.saveRunScript, keys, args)) === 1;
      }),
    listRuns: (mailbox, limit) =>
      attempt("list runs", async () => {
        if (limit < 1) return [];
        const ids = await client.zrevrange(key("runs", mailbox), 0, limit - 1);
        const texts = await Promise.all(ids.map((id) => client.hget(key("run", id), "run")));
        return texts.flatMap((text) => (text === null ? [] : [readRun(text)]));
      }),
  };
}

/** `pull:<key>` is a hash; `phase:<repository>:<phase>` has the keys of the pull requests in that phase. */
export function redisPulls(client: Redis): Pick<Store, "loadPull" | "savePull" | "listPulls"> {
  return {
    loadPull: (pull) =>
      attempt("read a pull request's state", async () => {
        const text = await client.hget(key("pull", pullKey(pull)), "state");
        return text === null ? null : readPullState(text);
      }),
    savePull: (mailbox, token, state) =>
      attempt("save a pull request's state", async () => {
        const { pull, phase } = state;
        const repository = repositoryKey(pull);
        const installation = String(pull.installationId);
        const keys = [
          key("turn", mailbox),
          key("pull", pullKey(pull)),
          key("phase", repository, ""),
          key("installation", installation),
        ];
        const text = JSON.stringify(state);
        const args = [token, installation, phase, text, pullKey(pull), mailbox, repository];
        return (await runScript(client, scripts.savePullScript, keys, args)) === 1;
      }),
    listPulls: (repository, phase) =>
      attempt("list pull requests", async () => {
        const pulls = await client.smembers(key("phase", repositoryKey(repository), phase));
        const texts = await Promise.all(pulls.sort().map((pull) => client.hget(key("pull", pull), "state")));
        return texts.flatMap((text) => (text === null ? [] : [readPullState(text)]));
      }),
  };
}

export function redisPurge(client: Redis): Store["purge"] {
  return (installationId, options) =>
    attempt("forget an installation", async () => {
      const repositories = options.repositories?.map(repositoryKey);
      // No repository named is not the same as all of them.
      if (repositories?.length === 0) return 0;
      const args = [
        scripts.keyPrefix,
        installationId,
        options.keepHistory ? "1" : "0",
        ...(repositories ?? []),
      ];
      const installation = String(installationId);
      const gone = asNumber(
        await runScript(client, scripts.purgeScript, [key("installation", installation)], args),
      );
      if (!options.keepHistory) await forgetInstallationCalls(client, installation, repositories);
      return gone;
    });
}
