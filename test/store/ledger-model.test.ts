// Any sequence of reservations, answers, notes and purges leaves a ledger in the state that a simple model says.
import { expect, it } from "@jest/globals";
import fc from "fast-check";
import type { CallNote, Ledger, ModelCall, SettledCall } from "../../src/core/ledger.ts";
import { unique } from "./fixtures.ts";
import { describeLedgers } from "./ledger-drivers.ts";
import { someAnswer, someCall, someContents, someScope } from "./ledger-facts.ts";

/** What each call adds to its sums, for ever; and the rows that are left. */
interface Model {
  readonly paid: Map<string, { scopes: readonly number[]; micros: number }>;
  readonly rows: Map<string, ModelCall>;
}

interface Real {
  readonly ledger: Ledger;
  readonly name: string;
}

type Step = fc.AsyncCommand<Model, Real>;

/** Calls of a run have numbers up to this. */
const mostCalls = 7;

const limits = [60, 35, 45];
const keyOf = (real: Real, scope: number): string => `scope-${scope}:${real.name}`;
const idOf = (real: Real, call: number): string => `${real.name}-${call}`;

function sumOf(model: Model, scope: number): number {
  const counted = [...model.paid.values()].filter(({ scopes }) => scopes.includes(scope));
  return counted.reduce((sum, { micros }) => sum + micros, 0);
}

/** Runs share a ledger, and purges take by age: every run has a millennium of its own. */
const epochOf = (real: Real): number => Number(real.name.slice("model-".length)) * 1_000;

function step(name: string, run: (model: Model, real: Real) => Promise<void>): Step {
  return { check: () => true, run, toString: () => name };
}

const reserve = (call: number, micros: number, scopes: readonly number[]): Step =>
  step(`reserve(${call}, ${micros}, [${scopes.join()}])`, async (model, real) => {
    const id = idOf(real, call);
    // An id that has come and gone is not used again: the ledger does not know it any more.
    if (model.paid.has(id) && !model.rows.has(id)) return;
    const at = epochOf(real) + call;
    const row = someCall({ id, runId: real.name, at, reservedMicros: micros, costMicros: micros });
    const given = scopes.map((scope) => someScope(limits[scope] ?? 0, { key: keyOf(real, scope) }));
    const answer = await real.ledger.reserveCall(row, given);
    const full = scopes.find((scope) => sumOf(model, scope) + micros > (limits[scope] ?? 0));
    if (model.rows.has(id) || full === undefined) {
      expect(answer).toEqual({ granted: true });
      if (model.rows.has(id)) return;
      model.paid.set(id, { scopes, micros });
      model.rows.set(id, { ...row, scopes: given.map(({ key }) => key) });
      return;
    }
    const scope = given[scopes.indexOf(full)];
    expect(answer).toEqual({ granted: false, scope, spentMicros: sumOf(model, full) });
  });

const settle = (call: number, answer: SettledCall): Step =>
  step(`settle(${call}, ${answer.status}, ${answer.costMicros})`, async (model, real) => {
    const id = idOf(real, call);
    const row = model.rows.get(id);
    expect(await real.ledger.settleCall(id, answer)).toBe(row?.status === "reserved");
    if (row?.status !== "reserved") return;
    model.rows.set(id, { ...row, ...answer });
    model.paid.set(id, { scopes: model.paid.get(id)?.scopes ?? [], micros: answer.costMicros });
  });

const note = (calls: readonly number[], found: CallNote): Step =>
  step(`note([${calls.join()}], ${JSON.stringify(found)})`, async (model, real) => {
    await real.ledger.noteCalls(
      calls.map((call) => idOf(real, call)),
      found,
    );
    const { target, meaning, ...facts } = found;
    for (const id of calls.map((call) => idOf(real, call))) {
      const row = model.rows.get(id);
      if (row === undefined) continue;
      const texts = {
        ...(target === undefined ? {} : { target }),
        ...(meaning === undefined ? {} : { meaning }),
      };
      const contents = row.contents && { ...row.contents, ...texts };
      model.rows.set(id, { ...row, ...facts, gates: [...(facts.gates ?? row.gates)], contents });
    }
  });

/** Calls of other runs are older or younger than all of this one: what is given up or forgotten of them is not this run's. */
const giveUp = (before: number): Step =>
  step(`giveUp(${before})`, async (model, real) => {
    const limit = epochOf(real) + before;
    const old = [...model.rows.values()].filter(({ at, status }) => at < limit && status === "reserved");
    expect(await real.ledger.giveUpCalls(limit)).toBe(old.length);
    for (const row of old) model.rows.set(row.id, { ...row, status: "lost" });
  });

const purge = (before: number, what: "contents" | "rows"): Step =>
  step(`purge(${before}, ${what})`, async (model, real) => {
    const limit = epochOf(real) + before;
    const old = [...model.rows.values()].filter(({ at }) => at < limit);
    const gone = what === "rows" ? old : old.filter(({ contents }) => contents !== null);
    expect(await real.ledger.purgeCalls(limit, what)).toBe(gone.length);
    for (const row of gone) {
      if (what === "rows") model.rows.delete(row.id);
      else model.rows.set(row.id, { ...row, contents: null });
    }
  });

const look = (size: number): Step =>
  step(`look(${size})`, async (model, real) => {
    const keys = limits.map((_, scope) => keyOf(real, scope));
    const sums = limits.map((_, scope) => sumOf(model, scope));
    expect(await real.ledger.spent(keys)).toEqual(sums);
    const rows: ModelCall[] = [];
    for (;;) {
      const after = rows.at(-1)?.id;
      const rest = after === undefined ? {} : { after };
      const page = await real.ledger.listCalls({ runId: real.name, limit: size, ...rest });
      rows.push(...page);
      // More than there can be: a page that comes again would never end.
      if (page.length < size || rows.length > mostCalls + 1) break;
    }
    expect(rows).toEqual([...model.rows.values()].sort((one, other) => one.at - other.at));
  });

const notes = fc.record(
  {
    gates: fc.constantFrom([], [{ name: "parses", passed: true }]),
    accepted: fc.boolean(),
    status: fc.constantFrom("malformed", "answered"),
    outcome: fc.constantFrom("accepted", "edited"),
    outcomeAt: fc.nat(9),
    target: fc.string(),
    meaning: fc.constant("m"),
  },
  { requiredKeys: [] },
);
const answers = fc
  .tuple(fc.nat(25), fc.constantFrom("answered", "failed"), fc.constantFrom(null, someContents))
  .map(([cost, status, contents]) => someAnswer(cost, { status, contents }));

const steps = [
  fc
    .tuple(fc.nat(mostCalls), fc.nat(20), fc.shuffledSubarray([0, 1, 2]))
    .map(([call, micros, scopes]) => reserve(call, micros, scopes)),
  fc.tuple(fc.nat(mostCalls), answers).map(([call, answer]) => settle(call, answer)),
  fc.tuple(fc.array(fc.nat(mostCalls), { maxLength: 3 }), notes).map(([calls, found]) => note(calls, found)),
  fc.nat(mostCalls).map(giveUp),
  fc.tuple(fc.nat(mostCalls), fc.constantFrom("contents", "rows")).map(([n, what]) => purge(n, what)),
  fc.integer({ min: 1, max: 4 }).map(look),
];

describeLedgers(["embedded", "redis", "postgres", "memory"], "ledger against a model", (opened) => {
  it("does what the model does", async () => {
    const property = fc.asyncProperty(
      fc.commands(steps, { maxCommands: 40, size: "max" }),
      async (commands) => {
        const { ledger } = opened();
        const real = { ledger, name: `model-${unique()}` };
        // What earlier runs have left is older, and must not be counted.
        await ledger.purgeCalls(epochOf(real), "rows");
        await fc.asyncModelRun(() => ({ model: { paid: new Map(), rows: new Map() }, real }), commands);
      },
    );
    await fc.assert(property, { numRuns: 30 });
  }, 120_000);
});
