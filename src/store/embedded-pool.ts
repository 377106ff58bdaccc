// Gives the embedded database the face of a node-postgres pool. It has one connection, so transactions take turns.
import { EventEmitter } from "node:events";
import type { SqlPool, SqlSession } from "../core/store.ts";

export interface SqlResult {
  rows: unknown[];
  rowCount?: number | null;
}

/** The one connection underneath. */
export interface Connection {
  send(text: string, params: unknown[]): Promise<SqlResult>;
  onNotification(listener: (notification: { channel: string; payload: string }) => void): () => void;
}

const begins = /^\s*(begin|start\s+transaction)\b/i;
const ends = /^\s*(commit|rollback|end)\b/i;

/** Lets everyone through until someone is inside a transaction; then only that one, until it ends. */
function createGate() {
  let holder: object | null = null;
  let waiting: (() => void)[] = [];
  const open = (): void => {
    holder = null;
    const released = waiting;
    waiting = [];
    for (const go of released) go();
  };
  return {
    async pass(who: object, text: string): Promise<void> {
      while (holder !== null && holder !== who) await new Promise<void>((resolve) => waiting.push(resolve));
      if (begins.test(text)) holder = who;
    },
    leave(who: object, text: string): void {
      if (holder === who && ends.test(text)) open();
    },
    holds: (who: object): boolean => holder === who,
  };
}

/** Looks like a `pg.Pool` of any size to its users: query, connect, release, LISTEN and its notifications. */
export function createEmbeddedPool(connection: Connection): SqlPool {
  const gate = createGate();
  const run = async (who: object, text: string, params: unknown[] = []): Promise<SqlResult> => {
    await gate.pass(who, text);
    try {
      return await connection.send(text, params);
    } finally {
      gate.leave(who, text);
    }
  };
  const connect = (): SqlSession => {
    const session = new EventEmitter();
    session.setMaxListeners(0);
    const stop = connection.onNotification((notification) => session.emit("notification", notification));
    return Object.assign(session, {
      query: (text: string, params?: unknown[]) => run(session, text, params),
      release: () => {
        stop();
        session.removeAllListeners();
        // Someone left in the middle of a transaction: nobody else may find themselves inside it.
        if (gate.holds(session)) void run(session, "ROLLBACK").catch(() => undefined);
      },
    });
  };
  const pool = new EventEmitter();
  pool.setMaxListeners(0);
  return Object.assign(pool, {
    // The queue asks whether a dead LISTEN connection would be noticed; in one process there is none to die.
    options: { keepAlive: true },
    query: (text: string, params?: unknown[]) => run({}, text, params),
    connect: () => Promise.resolve(connect()),
    end: () => Promise.resolve(),
  });
}
