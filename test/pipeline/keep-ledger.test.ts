// Keeping the ledger: lost calls are given up, old texts and rows are forgotten, and a store that fails stops nothing.
import { expect, it } from "@jest/globals";
import { keepLedger, startLedgerKeeping } from "../../src/pipeline/keep-ledger.ts";
import type { LedgerKeeping } from "../../src/pipeline/keep-ledger.ts";

const day = 86_400_000;
const now = 1_000 * day;

function keeping(ledger: LedgerKeeping["ledger"]) {
  const lines: string[] = [];
  const log = (_: unknown, message: string): void => void lines.push(message);
  const parts = { debug: log, info: log, warn: log, error: log };
  return { lines, keeping: { days: { rows: 400, contents: 30 }, ledger, now: () => now, log: parts } };
}

it("gives up calls of 15 minutes ago, then forgets texts and rows by their own age", async () => {
  const asked: (readonly [string, number])[] = [];
  const { keeping: given, lines } = keeping({
    giveUpCalls: (before) => Promise.resolve(asked.push(["lost", now - before])),
    purgeCalls: (before, what) => Promise.resolve(asked.push([what, (now - before) / day])),
  });
  await keepLedger(given);
  expect(asked).toEqual([
    ["lost", 15 * 60_000],
    ["contents", 30],
    ["rows", 400],
  ]);
  expect(lines).toEqual(["ledger kept"]);
});

it("begins at once, and says so where the store fails", async () => {
  const failed = Promise.reject(new Error("gone"));
  const { keeping: given, lines } = keeping({ giveUpCalls: () => failed, purgeCalls: () => failed });
  const stop = startLedgerKeeping(given);
  await failed.catch(() => undefined);
  await Promise.resolve();
  await Promise.resolve();
  stop();
  expect(lines).toEqual(["the ledger could not be gone over"]);
});
