// Starts the embedded database's thread and carries queries to it.
import { EventEmitter, once } from "node:events";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Connection, SqlResult } from "./embedded-pool.ts";
import type { Reply, Request } from "./pglite-protocol.ts";

interface Pending {
  readonly resolve: (result: SqlResult) => void;
  readonly reject: (error: Error) => void;
}

/** Arguments that let a thread load TypeScript: for development only, compiled code has none. */
function typescriptLoader(): string[] {
  const api = import.meta.resolve("tsx/esm/api");
  const code = `import { register } from ${JSON.stringify(api)}; register();`;
  return ["--import", `data:text/javascript,${encodeURIComponent(code)}`];
}

/** The thread's file lies beside this one and has the same extension: `.js` when compiled, `.ts` from source. */
function startThread(dataDir: string): Worker {
  const extension = path.extname(fileURLToPath(import.meta.url));
  return new Worker(new URL(`./pglite-thread${extension}`, import.meta.url), {
    workerData: { dataDir },
    execArgv: extension === ".ts" ? typescriptLoader() : [],
  });
}

type Unsent = Request extends infer R ? (R extends Request ? Omit<R, "id"> : never) : never;

/** Resolves once the database answers: seconds the first time, when it is made. Rejects when it cannot be opened. */
export async function startPglite(dataDir: string): Promise<Connection & { close(): Promise<void> }> {
  const thread = startThread(dataDir);
  const pending = new Map<number, Pending>();
  const notifications = new EventEmitter();
  notifications.setMaxListeners(0);
  let lastId = 0;
  let ended: Error | null = null;
  const fail = (error: Error): void => {
    ended ??= error;
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
  };
  thread.on("error", fail);
  thread.on("exit", () => {
    fail(new Error("the embedded database has stopped"));
  });
  thread.on("message", (reply: Reply) => {
    if (reply.kind === "ready") return;
    if (reply.kind === "notification") {
      notifications.emit("notification", { channel: reply.channel, payload: reply.payload });
      return;
    }
    const waiting = pending.get(reply.id);
    pending.delete(reply.id);
    if (reply.kind === "rows") waiting?.resolve({ rows: reply.rows, rowCount: reply.rowCount });
    else waiting?.reject(Object.assign(new Error(reply.message), { code: reply.code, detail: reply.detail }));
  });
  const call = (request: Unsent): Promise<SqlResult> =>
    new Promise((resolve, reject) => {
      if (ended) {
        reject(ended);
        return;
      }
      const id = ++lastId;
      pending.set(id, { resolve, reject });
      thread.postMessage({ ...request, id });
    });
  // The first message is `ready`; `once` rejects on the thread's "error".
  await once(thread, "message");
  return {
    send: (text, params) => call({ op: "query", text, params }),
    onNotification: (listener) => {
      notifications.on("notification", listener);
      return () => {
        notifications.off("notification", listener);
      };
    },
    close: async () => {
      await call({ op: "close" });
      await thread.terminate();
    },
  };
}
