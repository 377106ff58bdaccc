// The thread that the embedded database runs in: its WebAssembly must not block the event loop that answers webhooks.
import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import type { Reply, Request } from "./pglite-protocol.ts";

/** `bigint` and `numeric` as text, the way node-postgres gives them. Keys are Postgres type ids. */
const parsers = { 20: (value: string) => value, 1700: (value: string) => value };

async function runQuery(
  database: PGlite,
  request: Extract<Request, { op: "query" }>,
): Promise<{ rows: unknown[]; rowCount: number }> {
  if (request.params.length > 0) {
    const { rows, affectedRows } = await database.query(request.text, request.params, { parsers });
    return { rows, rowCount: rows.length > 0 ? rows.length : (affectedRows ?? 0) };
  }
  // Only the simple protocol takes several statements in one text, as migrations have.
  const last = (await database.exec(request.text, { parsers })).at(-1);
  return { rows: last?.rows ?? [], rowCount: last?.affectedRows ?? last?.rows.length ?? 0 };
}

function errorReply(id: number, error: unknown): Reply {
  const { message, code, detail } = error as { message?: unknown; code?: unknown; detail?: unknown };
  return {
    kind: "error",
    id,
    message: typeof message === "string" ? message : String(error),
    ...(typeof code === "string" ? { code } : {}),
    ...(typeof detail === "string" ? { detail } : {}),
  };
}

async function serve(dataDir: string): Promise<void> {
  const database = await PGlite.create({ dataDir });
  const say = (reply: Reply): void => {
    parentPort?.postMessage(reply);
  };
  database.onNotification((channel, payload) => {
    say({ kind: "notification", channel, payload });
  });
  const answer = async (request: Request): Promise<void> => {
    try {
      if (request.op === "query") {
        say({ kind: "rows", id: request.id, ...(await runQuery(database, request)) });
        return;
      }
      await database.close();
      say({ kind: "rows", id: request.id, rows: [], rowCount: 0 });
      parentPort?.close();
    } catch (error) {
      say(errorReply(request.id, error));
    }
  };
  parentPort?.on("message", (request: Request) => void answer(request));
  say({ kind: "ready" });
}

await serve((workerData as { dataDir: string }).dataDir);
