// What the ledger's tests look at when their workers have ended.
import { expect } from "@jest/globals";
import type { Ledger, ModelCall } from "../../src/core/ledger.ts";
import type { ScriptedServer } from "../../src/scripted/server.ts";
import type { Trouble } from "./ledger-script.ts";
import type { Crew, Death, Ended, Life } from "./ledger-crew.ts";

const endless = 10_000;

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
export const deathsAt = (ended: readonly Ended[], at: Death["at"]): readonly Ended[] =>
  ended.filter(({ life }) => life.death?.at === at);

/** Every sum of the ledger is what all its rows say, to the micro-dollar. */
export async function expectSumsOfRows(ledger: Ledger): Promise<void> {
  const rows = await ledger.listCalls({ limit: 100_000 });
  const keys = [...new Set(rows.flatMap(({ scopes }) => scopes))];
  const spent = await ledger.spent(keys);
  const sums = keys.map((key) => costOf(rows.filter(({ scopes }) => scopes.includes(key))));
  const named = (micros: readonly number[]) => Object.fromEntries(keys.map((key, at) => [key, micros[at]]));
  expect(keys.length).toBeGreaterThan(3);
  expect(named(spent)).toEqual(named(sums));
}

const costOf = (rows: readonly ModelCall[]): number => sum(rows.map(({ costMicros }) => costMicros));
const tokensOf = (usage: ModelCall["usage"]): number =>
  (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0);

/** All that the server counted, in tokens, which are micro-dollars here. */
export const billedBy = (server: ScriptedServer): number =>
  sum(Object.values(server.counts()).map((counted) => counted.inputTokens + counted.outputTokens));

/** Tokens by model are the server's own count, less what it told those who did not live to write it down; and each is paid for. */
export function expectTokensOf(
  { server, lastTold }: Crew,
  rows: readonly ModelCall[],
  unsettled: readonly Ended[],
): void {
  const told = rows.filter(({ usage }) => usage !== null);
  for (const { usage, costMicros } of told) expect(costMicros).toBe(tokensOf(usage));
  const lost = unsettled.flatMap(({ life }) => lastTold.get(life.name) ?? []);
  expect(lost).toHaveLength(unsettled.length);
  for (const [model, { inputTokens, outputTokens }] of Object.entries(server.counts())) {
    const known = told.filter((row) => row.model.includes(`:${model}@`)).map(({ usage }) => tokensOf(usage));
    const unknown = lost.filter((one) => one.model === model).map(({ tokens }) => tokens);
    expect([model, sum(known) + sum(unknown)]).toEqual([model, inputTokens + outputTokens]);
  }
}

/** Nothing is known of these calls, so what they may have cost counts. */
export function expectHeldBack(rows: readonly ModelCall[]): void {
  for (const { costMicros, reservedMicros } of rows) {
    expect(costMicros).toBe(reservedMicros);
    expect(reservedMicros).toBeGreaterThan(0);
  }
}

/** What a server refused is free; where it broke off, nobody knows. */
export function expectFailuresOf(rows: readonly ModelCall[], seen: readonly Trouble[]): void {
  const failed = rows.filter(({ status }) => status === "failed");
  expect(failed.map(({ failure }) => failure).toSorted()).toEqual(seen.toSorted());
  expect(new Set(seen).size).toBe(4);
  for (const { failure, costMicros, reservedMicros } of failed)
    expect([failure, costMicros]).toEqual([failure, failure === "unreachable" ? reservedMicros : 0]);
}

/** A run's report has what its killed attempts used, too. */
export function expectUse({ life, said }: Ended, rows: readonly ModelCall[]): void {
  const own = rows.filter(({ runId }) => runId === life.runs[0]?.runId);
  const tiers = said.flatMap((line) => ("use" in line ? (line.use?.tiers ?? []) : []));
  expect(own.length).toBeGreaterThan(0);
  expect(sum(tiers.map(({ calls }) => calls))).toBe(own.length);
  expect(sum(tiers.map(({ micros }) => micros))).toBe(costOf(own));
}

/** A worker from its first life to its last. Who is to die asks one thing at a time, so that it is known what was open then. */
export function livesOf(
  slot: string,
  deaths: readonly (Death | null)[],
  life: (name: string) => Omit<Life, "name" | "death">,
): Life[] {
  return deaths.map((death, index) => {
    const name = `${slot}-${index}`;
    const rest = life(name);
    return { ...rest, name, death, ...(death !== null && { questions: endless, lanes: 1 }) };
  });
}

export function expectEnded(ended: readonly Ended[]): void {
  for (const { life, signal, code } of ended) {
    const killed = { name: life.name, signal: "SIGKILL", code: null };
    const done = { name: life.name, signal: null, code: 0 };
    expect({ name: life.name, signal, code }).toEqual(life.death === null ? done : killed);
  }
}
