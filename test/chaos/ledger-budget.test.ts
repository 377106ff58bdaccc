// One budget, and several processes that spend it until nothing more fits, some of them killed on the way.
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import type { Store } from "../../src/core/store.ts";
import { countUsage } from "../../src/scripted/script.ts";
import { describeDrivers } from "../store/drivers.ts";
import { billedBy, deathsAt, expectEnded, expectSumsOfRows, livesOf } from "./ledger-checks.ts";
import { startCrew, type Answer, type Crew, type Death } from "./ledger-crew.ts";
import { drawn, said, settingsFor, troubleOf, troubles } from "./ledger-script.ts";

/** Half a dozen processes, on a machine that may have other work. */
const timeoutMs = 240_000;
/** Micro-dollars: some twenty reservations. */
const limit = 9_000;
/** Questions that a worker asks at a time. */
const lanes = 3;
const workers = ["ann", "bob", "cat"];
const day = 86_400_000;

/** Refuses some, tells others no usage, and the rest what it really was. */
const honest: Answer = async (request, life, asked) => {
  const draw = drawn(request, life, asked);
  const trouble = troubleOf(draw);
  if (trouble !== null) return troubles[trouble];
  const reply = await said(request, draw);
  return { ...reply, usage: draw < 60 ? null : countUsage(request, reply.text) };
};

/** Far more than such a question can cost; what is left of the limit after as many as fit has room for one more reservation. */
const tooMuch = 1_600;
const greedy: Answer = () => ({
  kind: "text",
  text: "Yes.",
  usage: { inputTokens: tooMuch, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 0 },
});

describeDrivers(["redis", "postgres"], "a budget that several processes spend", (place) => {
  let store: Store;
  let crew: Crew | null;
  beforeEach(async () => {
    crew = null;
    ({ store } = await place().open());
  });
  afterEach(async () => {
    await crew?.close();
    await store.close();
  });

  /** All that workers do with the budget of the day of `now`, and the most that was ever spent or held back of it. */
  async function spend(now: number, answer: Answer, deaths: readonly (readonly Death[])[]) {
    const key = `day:${new Date(now).toISOString().slice(0, "2026-11-23".length)}`;
    let peak = 0;
    const look = async (): Promise<number> => {
      const [spent = 0] = await store.spent([key]);
      peak = Math.max(peak, spent);
      return spent;
    };
    const open = (crew = await startCrew(
      workers.map((name) => `${name}-0`),
      answer,
      async () => {
        await look();
      },
    ));
    const life = (own: number) => (name: string) => ({
      ...{ address: place().address, settings: settingsFor(open.server, name, limit), screened: false, now },
      ...{
        kinds: ["consult"] as const,
        questions: 1_000,
        lanes,
        runs: [{ runId: `run-${now}-${own}`, number: 1 }],
      },
    });
    const all = await Promise.all(
      workers.map((name, own) => open.work(livesOf(name, [...(deaths[own] ?? []), null], life(own)))),
    );
    const rows = (await store.listCalls({ limit: 10_000 })).filter(({ scopes }) => scopes.includes(key));
    const [reserved = 0, ...others] = new Set(rows.map(({ reservedMicros }) => reservedMicros));
    expect(others).toEqual([]);
    const spent = await look();
    return { ended: all.flat(), server: open.server, rows, reserved, spent, peak };
  }

  it(
    "is never passed, is used up to the last call that fits, and stops everybody",
    async () => {
      const done = await spend(Date.now(), honest, [
        [{ at: "asked", call: 3 }],
        [{ at: "reserved", call: 4 }],
        [{ at: "answered", call: 1 }],
      ]);
      const { ended, server, rows, reserved, spent, peak } = done;
      expectEnded(ended);
      expect(reserved * workers.length * 3).toBeLessThan(limit);
      expect(peak).toBeLessThanOrEqual(limit);
      expect(spent + reserved).toBeGreaterThan(limit);
      for (const { said: lines } of ended.filter(({ life }) => life.death === null))
        expect(lines[0]).toEqual({ broke: expect.stringContaining("the budget of a day") });
      expect(rows).toHaveLength(server.requests().length + deathsAt(ended, "reserved").length);
      await expectSumsOfRows(store);
      expect(billedBy(server)).toBeLessThanOrEqual(spent);
    },
    timeoutMs,
  );

  it(
    "is passed by a server that bills more than it may, by what was in flight alone",
    async () => {
      const { ended, reserved, spent, peak } = await spend(Date.now() - 7 * day, greedy, []);
      expectEnded(ended);
      expect(spent).toBeGreaterThan(limit);
      expect(peak).toBe(spent);
      const excess = tooMuch - reserved;
      expect(excess).toBeGreaterThan(0);
      expect(limit % tooMuch).toBeGreaterThanOrEqual(reserved);
      expect(spent).toBeLessThanOrEqual(limit + workers.length * lanes * excess);
      await expectSumsOfRows(store);
    },
    timeoutMs,
  );
});
