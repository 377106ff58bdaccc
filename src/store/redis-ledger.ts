// The ledger on Redis: sums (`spend:<key>`, which forget themselves), what is known of models, and the rows (redis-calls.ts).
import type { Redis } from "ioredis";
import { reservedCall } from "../core/call-changes.ts";
import type { Ledger } from "../core/ledger.ts";
import { changeCalls, keptUntil } from "./call-rows.ts";
import { repositoryKey } from "./codec.ts";
import { redisCallLists, redisCallPurge, redisRows, rowText } from "./redis-calls.ts";
import { reserveCallScript } from "./redis-ledger-scripts.ts";
import { keyPrefix } from "./redis-scripts.ts";
import { asNumbers, attempt, key, runScript } from "./redis-support.ts";

function reserve(client: Redis): Ledger["reserveCall"] {
  return (call, scopes) =>
    attempt("reserve money for a model call", async () => {
      const { id, at, reservedMicros, installationId } = call;
      const keys = [
        key("call", id),
        key("call-contents", id),
        key("call-repositories", String(installationId)),
        ...scopes.map((scope) => key("spend", scope.key)),
      ];
      const now = Date.now();
      const args = [
        ...[
          keyPrefix,
          id,
          at,
          ...rowText(reservedCall(call, scopes), 1),
          repositoryKey(call),
          reservedMicros,
        ],
        ...scopes.flatMap(({ limitMicros, expiresAt }) => [limitMicros, keptUntil(expiresAt) - now]),
      ];
      const [misfit = 0, spentMicros = 0] = asNumbers(await runScript(client, reserveCallScript, keys, args));
      const scope = scopes[misfit - 1];
      return scope === undefined ? { granted: true } : { granted: false, scope, spentMicros };
    });
}

export function redisLedger(client: Redis): Ledger {
  return {
    reserveCall: reserve(client),
    ...changeCalls(redisRows(client)),
    ...redisCallLists(client),
    purgeCalls: redisCallPurge(client),
    spent: (keys) =>
      attempt("read what is spent", async () => {
        if (keys.length === 0) return [];
        return (await client.mget(keys.map((each) => key("spend", each)))).map(Number);
      }),
    loadCapabilities: (model) =>
      attempt("read what is known of a model", () => client.get(key("capabilities", model))),
    saveCapabilities: (model, capabilities, expiresAt) =>
      attempt("save what is known of a model", async () => {
        const keepMs = expiresAt - Date.now();
        if (keepMs > 0) await client.set(key("capabilities", model), capabilities, "PX", keepMs);
        else await client.del(key("capabilities", model));
      }),
  };
}
