// The ledger against what the server itself counted: workers are killed in the middle of calls, and servers refuse and break off.
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import type { Store } from "../../src/core/store.ts";
import { countUsage } from "../../src/scripted/script.ts";
import { describeDrivers } from "../store/drivers.ts";
import {
  billedBy,
  deathsAt,
  expectEnded,
  expectFailuresOf,
  expectHeldBack,
  expectSumsOfRows,
  expectTokensOf,
  expectUse,
  livesOf,
  sum,
} from "./ledger-checks.ts";
import { startCrew, type Answer, type Crew, type Death } from "./ledger-crew.ts";
import { drawn, said, settingsFor, troubleOf, troubles, type Trouble } from "./ledger-script.ts";

/** A dozen processes are started one after another, on a machine that may have other work. */
const timeoutMs = 240_000;

describeDrivers(["redis", "postgres"], "the ledger equals reality", (place) => {
  let store: Store;
  let crew: Crew | null;
  let now: number;
  beforeEach(async () => {
    // One clock for all, so that no midnight comes between them.
    now = Date.now();
    crew = null;
    ({ store } = await place().open());
  });
  afterEach(async () => {
    await crew?.close();
    await store.close();
  });
  const everyRow = () => store.listCalls({ limit: 100_000 });

  it(
    "across kill -9, other tries and several processes",
    async () => {
      const seenTroubles: Trouble[] = [];
      const answer: Answer = async (request, life, asked) => {
        const draw = drawn(request, life, asked);
        const trouble = troubleOf(draw);
        if (trouble !== null) {
          seenTroubles.push(trouble);
          return troubles[trouble];
        }
        const reply = await said(request, draw);
        return { ...reply, usage: countUsage(request, reply.text) };
      };
      const open = (crew = await startCrew(["ann-0", "bob-0", "cat-0"], answer));
      const life = (own: number) => (name: string) => ({
        ...{ address: place().address, settings: settingsFor(open.server, name), screened: true, now },
        ...{ kinds: ["choose", "write", "consult"] as const, questions: 6, lanes: 2 },
        runs: [
          { runId: `own-${own}`, number: own },
          { runId: "shared", number: 3 },
        ],
      });
      const slots: readonly (readonly Death[])[] = [
        [
          { at: "asked", call: 3 },
          { at: "reserved", call: 14 },
          { at: "answered", call: 2 },
        ],
        [
          { at: "answered", call: 9 },
          { at: "asked", call: 17 },
        ],
        [
          { at: "settled", call: 12 },
          { at: "asked", call: 8 },
          { at: "reserved", call: 1 },
        ],
      ];
      const names = ["ann", "bob", "cat"];
      const all = await Promise.all(
        slots.map((deaths, own) => open.work(livesOf(names[own] ?? "", [...deaths, null], life(own + 10)))),
      );
      const ended = all.flat();
      expectEnded(ended);
      expect(open.server.violations()).toEqual([]);

      // Each attempt is a row, and each row a request: but for those who died in between.
      const rows = await everyRow();
      const unasked = deathsAt(ended, "reserved").length;
      expect(unasked).toBe(2);
      expect(rows).toHaveLength(open.server.requests().length + unasked);
      expectFailuresOf(rows, seenTroubles);
      expect(new Set(rows.map(({ slot }) => slot))).toEqual(
        new Set(["probe", "pick", "generate", "consult"]),
      );
      expect(new Set(rows.map(({ status }) => status))).toEqual(
        new Set(["answered", "truncated", "refused", "empty", "malformed", "failed", "reserved"]),
      );
      expect(Math.max(...rows.map(({ attempt }) => attempt))).toBe(3);
      expect(new Set(rows.map(({ model }) => model)).size).toBe(3);

      const unsettled = deathsAt(ended, "answered");
      expect(unsettled).toHaveLength(2);
      expectTokensOf(open, rows, unsettled);
      for (const one of ended.filter(({ life: { death } }) => death === null)) expectUse(one, rows);

      // Whoever died in the middle of a call left what it may have cost, and it stays counted.
      const left = rows.filter(({ status }) => status === "reserved");
      expect(left).toHaveLength(unasked + unsettled.length + deathsAt(ended, "asked").length);
      expectHeldBack(left);
      await expectSumsOfRows(store);
      const day = rows[0]?.scopes.filter((key) => key.startsWith("day:")) ?? [];
      const spent = await store.spent(day);
      expect(sum(spent)).toBeGreaterThanOrEqual(billedBy(open.server));

      expect(await store.giveUpCalls(now)).toBe(0);
      expect(await store.giveUpCalls(now + 1)).toBe(left.length);
      const lost = (await everyRow()).filter(({ status }) => status === "lost");
      expect(lost.map(({ id }) => id)).toEqual(left.map(({ id }) => id));
      expectHeldBack(lost);
      await expectSumsOfRows(store);
      expect(await store.spent(day)).toEqual(spent);
    },
    timeoutMs,
  );
});
