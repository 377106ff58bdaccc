// What changes rows of the ledger, on either server: read, work out, write unless somebody else was faster.
import { lostCall, notedCall, settledCall, type CountedCall } from "../core/call-changes.ts";
import { AppError } from "../core/errors.ts";
import { CallContents, ModelCall, type Ledger } from "../core/ledger.ts";
import { unreadable } from "./failure.ts";

/** The revision grows with every change of the row. */
export interface StoredCall {
  readonly call: ModelCall;
  readonly revision: number;
}

/** A driver's part in it. */
export interface CallRows {
  readonly read: (id: string) => Promise<StoredCall | null>;
  /** In one atomic step: unless the row is at another revision by now, writes it and adds to every sum of its scopes. */
  readonly replace: (before: StoredCall, after: ModelCall, addMicros: number) => Promise<boolean>;
  /** Ids of calls that are `reserved` and began before `before`. */
  readonly reservedBefore: (before: number) => Promise<readonly string[]>;
}

/** Of two writers of one row one always gets on, so that only a fault comes to this. */
const mostTries = 100;

/** Returns whether the row is there and `change` made another of it. */
async function change(
  rows: CallRows,
  id: string,
  how: (call: ModelCall) => { readonly after: ModelCall; readonly addMicros: number } | null,
): Promise<boolean> {
  for (let tries = 0; tries < mostTries; tries++) {
    const before = await rows.read(id);
    const made = before && how(before.call);
    if (!made) return false;
    if (await rows.replace(before, made.after, made.addMicros)) return true;
  }
  throw new AppError("store", `The model call ${id} could not be written: others keep changing it.`, {
    retryable: true,
    remedy: "Report this: it is a fault of Errand.",
  });
}

const free = (after: ModelCall | null) => after && { after, addMicros: 0 };

export function changeCalls(rows: CallRows): Pick<Ledger, "settleCall" | "noteCalls" | "giveUpCalls"> {
  return {
    settleCall: (id, settled) =>
      change(rows, id, (call) => {
        const after = settledCall(call, settled);
        return after && { after, addMicros: after.costMicros - after.reservedMicros };
      }),
    noteCalls: async (ids, note) => {
      for (const id of new Set(ids)) await change(rows, id, (call) => free(notedCall(call, note)));
    },
    giveUpCalls: async (before) => {
      let lost = 0;
      for (const id of await rows.reservedBefore(before)) {
        if (await change(rows, id, (call) => free(lostCall(call, before)))) lost++;
      }
      return lost;
    },
  };
}

/** Contents lie beside their row: most readers have no use for them, and they go first. */
export function writeCall({ contents, ...row }: ModelCall): readonly [row: string, contents: string | null] {
  return [JSON.stringify(row), contents && JSON.stringify(contents)];
}

const Row = ModelCall.omit({ contents: true });
const facts = { id: true, at: true, runId: true, agent: true, subject: true } as const;
const Counted = Row.pick({
  ...facts,
  number: true,
  slot: true,
  model: true,
  kind: true,
  accepted: true,
  outcome: true,
});

function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw unreadable("A model call", error);
  }
}

/** The inverse of `writeCall`. */
export function readCall(row: string, contents: string | null): ModelCall {
  return reading(() => {
    const texts = contents === null ? null : CallContents.parse(JSON.parse(contents));
    return { ...Row.parse(JSON.parse(row)), contents: texts };
  });
}

/** Only what counting needs: that is read of many rows at once. */
export const readCounted = (row: string): CountedCall => reading(() => Counted.parse(JSON.parse(row)));

/** Milliseconds that a sum is kept at least, whatever a clock says: one that goes at once would stop nobody. */
const leastKeptMs = 60 * 60 * 1000;

/** Until when a sum is kept, in milliseconds since 1970. */
export const keptUntil = (expiresAt: number): number => Math.max(expiresAt, Date.now() + leastKeptMs);
