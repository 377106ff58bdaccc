// What every ledger must do, whatever it stands on.
import { describe, expect, it } from "@jest/globals";
import type { CallQuery, Ledger, ModelCall } from "../../src/core/ledger.ts";
import { somePull, unique } from "./fixtures.ts";
import { describeLedgers, type Opened } from "./ledger-drivers.ts";
import { longAgo, someAnswer, someCall, someContents, someScope } from "./ledger-facts.ts";

const idsOf = (calls: readonly ModelCall[]): string[] => calls.map(({ id }) => id);

async function allOf(ledger: Ledger, runId: string): Promise<readonly ModelCall[]> {
  return ledger.listCalls({ runId, limit: 1_000 });
}

/** Reserves calls that nothing limits, and settles them. */
async function keep(ledger: Ledger, ...calls: ModelCall[]): Promise<void> {
  for (const call of calls) {
    expect(await ledger.reserveCall(call, [])).toEqual({ granted: true });
    expect(await ledger.settleCall(call.id, someAnswer(1, { contents: call.contents }))).toBe(true);
  }
}

function reserving(opened: () => Opened): void {
  it("holds back in every scope and inserts the call, up to the very limit", async () => {
    const { ledger } = opened();
    const [run, day] = [someScope(20), someScope(25, { name: "day" })];
    const runId = `run-${unique()}`;
    const [first, second] = [someCall({ runId }), someCall({ runId })];
    expect(await ledger.reserveCall(first, [run, day])).toEqual({ granted: true });
    expect(await ledger.reserveCall(second, [run, day])).toEqual({ granted: true });
    expect(await ledger.spent([day.key, "unknown", run.key, day.key])).toEqual([20, 0, 20, 20]);
    expect(await ledger.spent([])).toEqual([]);
    const scopes = [run.key, day.key];
    expect(await allOf(ledger, runId)).toEqual([
      { ...first, scopes },
      { ...second, scopes },
    ]);
  });

  it("changes nothing when one scope is too small, and names the first of those and what is spent there", async () => {
    const { ledger } = opened();
    const [wide, full, alsoFull] = [
      someScope(100),
      // The second in the order of keys and the first in the order given.
      someScope(15, { name: "pull", key: `z:${unique()}` }),
      someScope(12, { name: "installation", key: `a:${unique()}` }),
    ];
    await ledger.reserveCall(someCall(), [alsoFull, full]);
    const refused = someCall();
    const scopes = [wide, full, alsoFull];
    expect(await ledger.reserveCall(refused, scopes)).toEqual({
      granted: false,
      scope: full,
      spentMicros: 10,
    });
    expect(await ledger.spent(scopes.map(({ key }) => key))).toEqual([0, 10, 10]);
    expect(await allOf(ledger, refused.runId)).toEqual([]);
    expect(await ledger.settleCall(refused.id, someAnswer(1))).toBe(false);
    expect(await ledger.reserveCall({ ...refused, reservedMicros: 2 }, scopes)).toEqual({ granted: true });
  });

  it("counts a call once that is reserved twice: its sender may not have heard the answer", async () => {
    const { ledger } = opened();
    const scope = someScope(10);
    const call = someCall();
    expect(await ledger.reserveCall(call, [scope])).toEqual({ granted: true });
    expect(await ledger.reserveCall(call, [scope])).toEqual({ granted: true });
    const same = someCall();
    const many = await Promise.all(Array.from({ length: 8 }, () => ledger.reserveCall(same, [])));
    expect(many.every(({ granted }) => granted)).toBe(true);
    expect(await ledger.spent([scope.key])).toEqual([10]);
    expect(await allOf(ledger, same.runId)).toHaveLength(1);
  });

  it("never passes a limit, however many ask at the same time and in whatever order they name the scopes", async () => {
    const { ledger, clients } = opened();
    const five = await clients(5);
    const shared = someScope(200, { name: "day" });
    const pulls = Array.from({ length: 5 }, () => someScope(60, { name: "pull" }));
    const runId = `run-${unique()}`;
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => {
        const scopes = [shared, pulls[n % 4] ?? shared, pulls[4] ?? shared];
        // The last pull request's limit is out of reach: it is there to be locked.
        const wide = scopes.map((scope) => (scope === pulls[4] ? { ...scope, limitMicros: 1_000 } : scope));
        const call = someCall({ runId, id: `${runId}-${n}` });
        return (five[n % 5] ?? ledger).reserveCall(call, n % 2 === 0 ? wide : wide.reverse());
      }),
    );
    const granted = answers.filter((answer) => answer.granted).length;
    expect(granted).toBe(20);
    const [day = 0, ...each] = await ledger.spent([shared, ...pulls].map(({ key }) => key));
    expect(day).toBe(200);
    expect(each.slice(0, 4).every((sum) => sum <= 60)).toBe(true);
    expect(each.slice(0, 4).reduce((sum, one) => sum + one)).toBe(200);
    expect(await allOf(ledger, runId)).toHaveLength(granted);
  });
}

function settling(opened: () => Opened): void {
  it("writes what is known once, and corrects every sum", async () => {
    const { ledger, clients } = opened();
    const scopes = [someScope(100), someScope(100)];
    const keys = scopes.map(({ key }) => key);
    const [call, dearer] = [someCall(), someCall()];
    await ledger.reserveCall(call, scopes);
    await ledger.reserveCall(dearer, scopes);
    const answer = someAnswer(3, { status: "truncated", failure: "why", contents: someContents });
    const answers = await Promise.all((await clients(5)).map((one) => one.settleCall(call.id, answer)));
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await ledger.spent(keys)).toEqual([13, 13]);
    expect(await allOf(ledger, call.runId)).toEqual([{ ...call, ...answer, scopes: keys }]);
    expect(await ledger.settleCall(call.id, someAnswer(0))).toBe(false);
    expect(await ledger.settleCall("unknown", someAnswer(0))).toBe(false);
    expect(await ledger.settleCall(dearer.id, someAnswer(12))).toBe(true);
    expect(await ledger.spent(keys)).toEqual([15, 15]);
  });

  it("agrees with the sum of what calls cost while many reserve and settle at the same time", async () => {
    const { ledger, clients } = opened();
    const five = await clients(5);
    const scopes = Array.from({ length: 4 }, () => someScope(1_000_000));
    await Promise.all(
      Array.from({ length: 50 }, async (_, n) => {
        const client = five[n % 5] ?? ledger;
        const call = someCall();
        await client.reserveCall(call, n % 2 === 0 ? scopes : [...scopes].reverse());
        await client.settleCall(call.id, someAnswer(n));
      }),
    );
    expect(await ledger.spent(scopes.map(({ key }) => key))).toEqual([1225, 1225, 1225, 1225]);
  });

  it("gives up what was reserved long ago, and its money stays spent", async () => {
    const { ledger } = opened();
    const runId = `run-${unique()}`;
    const scope = someScope(100);
    const [old, young, settled] = [
      someCall({ runId, at: 5 }),
      someCall({ runId, at: 9 }),
      someCall({ at: 5 }),
    ];
    await ledger.reserveCall(old, [scope]);
    await ledger.reserveCall(young, [scope]);
    await keep(ledger, settled);
    expect(await ledger.giveUpCalls(9)).toBe(1);
    expect(await ledger.giveUpCalls(9)).toBe(0);
    expect((await allOf(ledger, runId)).map(({ status }) => status)).toEqual(["lost", "reserved"]);
    expect(await ledger.settleCall(old.id, someAnswer(0))).toBe(false);
    expect(await ledger.spent([scope.key])).toEqual([20]);
    expect(await ledger.settleCall(young.id, someAnswer(0))).toBe(true);
    expect(await ledger.spent([scope.key])).toEqual([10]);
  });
}

function noting(opened: () => Opened): void {
  it("keeps what is found out later, leaves the rest as it is, and passes over unknown ids", async () => {
    const { ledger } = opened();
    const runId = `run-${unique()}`;
    const [withTexts, without] = [someCall({ runId, contents: someContents }), someCall({ runId })];
    await keep(ledger, withTexts, without);
    const gates = [{ name: "parses", passed: false }];
    await ledger.noteCalls(["unknown", withTexts.id, without.id], { gates, target: "t", meaning: "m" });
    await ledger.noteCalls([without.id], { accepted: false, status: "malformed" });
    await ledger.noteCalls([withTexts.id], { gates: [], outcome: "edited", outcomeAt: 8, target: "u" });
    const [first, second] = await allOf(ledger, runId);
    expect(first).toMatchObject({ gates: [], accepted: null, status: "answered", outcome: "edited" });
    expect(first).toMatchObject({ outcomeAt: 8, contents: { ...someContents, target: "u", meaning: "m" } });
    expect(second).toMatchObject({ gates, accepted: false, status: "malformed", outcome: null });
    expect(second?.contents).toBeNull();
  });

  it("loses none of several notes on one call at the same time", async () => {
    const { ledger, clients } = opened();
    const call = someCall({ contents: someContents });
    await keep(ledger, call);
    const gates = [{ name: "parses", passed: true }];
    const notes = [
      { gates },
      { accepted: true },
      { outcome: "accepted" },
      { target: "t" },
      { meaning: "m" },
    ] as const;
    const five = await clients(5);
    await Promise.all(notes.map((note, n) => (five[n] ?? ledger).noteCalls([call.id], note)));
    const [found] = await allOf(ledger, call.runId);
    expect(found).toMatchObject({ gates, accepted: true, outcome: "accepted" });
    expect(found?.contents).toMatchObject({ target: "t", meaning: "m" });
  });
}

function listing(opened: () => Opened): void {
  it("gives every row once and in order, page by page, of a run, a repository or a pull request", async () => {
    const { ledger } = opened();
    const pull = somePull();
    const { owner, repo, number } = pull;
    const times = Array.from({ length: 23 }, (_, n) => longAgo + Math.floor(((n * 7) % 23) / 3));
    const calls = times.map((at, n) =>
      someCall({ ...pull, number: number + (n % 2), at, runId: `${owner}-${n % 3}` }),
    );
    await keep(ledger, ...calls, someCall());
    const expected = (wanted: (call: ModelCall) => boolean): string[] =>
      idsOf(calls.filter(wanted).sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)));
    const pages = async (query: Omit<CallQuery, "limit">): Promise<string[]> => {
      const found: string[] = [];
      for (;;) {
        const after = found.at(-1);
        const page = await ledger.listCalls({
          ...query,
          limit: 4,
          ...(after === undefined ? {} : { after }),
        });
        expect(page.length).toBeLessThanOrEqual(4);
        found.push(...idsOf(page));
        // More than there can be outside `since`: a page that comes again would never end.
        if (page.length === 0 || found.length > 5_000) return found;
      }
    };
    const shouted = { owner: owner.toUpperCase(), repo: repo.toUpperCase() };
    expect(await pages({ repository: shouted })).toEqual(expected(() => true));
    expect(await pages({ repository: { ...shouted, number } })).toEqual(
      expected((call) => call.number === number),
    );
    const runId = `${owner}-1`;
    expect(await pages({ runId })).toEqual(expected((call) => call.runId === runId));
    const both = expected((call) => call.runId === runId && call.number === number);
    expect(await pages({ runId, repository: { ...shouted, number } })).toEqual(both);
    expect(await pages({ runId, repository: { owner, repo: "Other" } })).toEqual([]);
    const since = longAgo + 4;
    expect(await pages({ repository: shouted, since })).toEqual(expected((call) => call.at >= since));
    expect(await pages({ since: 0 })).toEqual(expect.arrayContaining(expected(() => true)));
    expect(await ledger.listCalls({ runId, limit: 0 })).toEqual([]);
  });

  it("goes on behind a row that has been forgotten of old age meanwhile", async () => {
    const { ledger } = opened();
    const runId = `run-${unique()}`;
    const calls = [1, 2, 3].map((at) => someCall({ runId, at }));
    await keep(ledger, ...calls);
    await ledger.purgeCalls(3, "rows");
    const after = calls[1]?.id ?? "";
    expect(idsOf(await ledger.listCalls({ runId, limit: 10, after }))).toEqual([calls[2]?.id]);
  });
}

function counting(opened: () => Opened): void {
  it("counts what people kept: of the calls about one subject of a pull request the newest of which something is known", async () => {
    const { ledger } = opened();
    const [pull, runId] = [somePull(), `run-${unique()}`];
    const settled = async (changes: Partial<ModelCall>, note: Parameters<Ledger["noteCalls"]>[1]) => {
      const call = someCall({ ...pull, runId, ...changes });
      await keep(ledger, call);
      await ledger.noteCalls([call.id], note);
    };
    const accepted = { accepted: true, outcome: "accepted" } as const;
    await settled({ subject: "a" }, accepted);
    await settled({ subject: "b", at: 1 }, accepted);
    await settled({ subject: "b", at: 2, sample: 1 }, { accepted: true, outcome: "edited" });
    await settled({ subject: "b", at: 3 }, { accepted: false, outcome: "accepted" });
    await settled({ subject: "b", runId: "another", at: 0 }, accepted);
    await settled({ subject: "c", slot: "generate", kind: null }, { accepted: true, outcome: "reverted" });
    await settled({ subject: "d", slot: "generate", kind: null }, { accepted: true, outcome: "ci-red" });
    await settled({ subject: "e", at: 1 }, accepted);
    await settled({ subject: "e", at: 2 }, { accepted: true });
    await settled({ subject: "f" }, { accepted: true, outcome: "abstained" });
    await settled({ subject: "g", ...somePull() }, accepted);
    expect(await ledger.outcomeCounts({ owner: pull.owner.toUpperCase(), repo: pull.repo })).toEqual({
      pick: { "openai:org_small@here/code": { n: 3, right: 2 } },
      generate: { "openai:org_small@here/any": { n: 2, right: 0 } },
    });
    expect(await ledger.outcomeCounts(somePull())).toEqual({});
  });
}

function forgetting(opened: () => Opened): void {
  it("forgets texts, then rows, of old calls; sums stay", async () => {
    const { ledger } = opened();
    const runId = `run-${unique()}`;
    const scope = someScope(100);
    const calls = [1, 2, 3].map((at) => someCall({ runId, at, contents: someContents }));
    // Ages are counted over the whole ledger: what other tests left there goes first.
    await ledger.purgeCalls(10, "rows");
    for (const call of calls) await ledger.reserveCall(call, [scope]);
    expect(await ledger.purgeCalls(3, "contents")).toBe(2);
    expect(await ledger.purgeCalls(3, "contents")).toBe(0);
    const texts = (await allOf(ledger, runId)).map(({ contents }) => contents);
    expect(texts).toEqual([null, null, someContents]);
    await ledger.noteCalls(idsOf(calls), { accepted: true, outcome: "accepted", target: "t" });
    expect((await allOf(ledger, runId))[0]?.contents).toBeNull();
    expect(await ledger.purgeCalls(3, "rows")).toBe(2);
    expect(idsOf(await allOf(ledger, runId))).toEqual([calls[2]?.id]);
    expect(await ledger.settleCall(calls[0]?.id ?? "", someAnswer(0))).toBe(false);
    expect(await ledger.giveUpCalls(3)).toBe(0);
    expect(await ledger.outcomeCounts(calls[0] ?? somePull())).toEqual({});
    expect(await ledger.spent([scope.key])).toEqual([30]);
    expect(await ledger.purgeCalls(4, "rows")).toBe(1);
  });

  it("removes thousands of rows and texts, more than fit into one step", async () => {
    const { ledger } = opened();
    const pull = somePull();
    const calls = Array.from({ length: 1_203 }, () => someCall({ ...pull, at: 1, contents: someContents }));
    for (let n = 0; n < calls.length; n += 50) {
      await Promise.all(calls.slice(n, n + 50).map((call) => ledger.reserveCall(call, [])));
    }
    const { owner, repo } = pull;
    const listed = await ledger.listCalls({ repository: { owner, repo }, limit: 5_000 });
    expect(new Set(idsOf(listed)).size).toBe(1_203);
    expect(await ledger.purgeCalls(2, "contents")).toBe(1_203);
    expect(await ledger.purgeCalls(2, "rows")).toBe(1_203);
    expect(await ledger.listCalls({ repository: { owner, repo }, limit: 5 })).toEqual([]);
  });

  it("forgets the calls of an installation, never what they cost", async () => {
    const { ledger, store } = opened();
    // A ledger that is no store belongs to no installation.
    if (store === null) return;
    const gone = somePull();
    const scope = someScope(10, { name: "installation" });
    const here = someCall({ ...gone, contents: someContents });
    const sibling = someCall({ ...somePull(), installationId: gone.installationId });
    const moved = someCall({ ...gone, installationId: gone.installationId + 500_000 });
    await ledger.reserveCall(here, [scope]);
    await keep(ledger, sibling, moved);
    const left = async () =>
      Promise.all([here, sibling, moved].map(async ({ runId }) => (await allOf(ledger, runId)).length));
    await store.purge(gone.installationId, { keepHistory: true });
    expect(await left()).toEqual([1, 1, 1]);
    await store.purge(gone.installationId, { repositories: [], keepHistory: false });
    expect(await left()).toEqual([1, 1, 1]);
    const { owner, repo } = gone;
    const repositories = [{ owner: owner.toUpperCase(), repo }];
    await store.purge(gone.installationId, { repositories, keepHistory: false });
    expect(await left()).toEqual([0, 1, 1]);
    await store.purge(gone.installationId, { keepHistory: false });
    expect(await left()).toEqual([0, 0, 1]);
    expect(await ledger.spent([scope.key])).toEqual([10]);
    expect(await ledger.reserveCall(someCall(gone), [scope])).toMatchObject({
      granted: false,
      spentMicros: 10,
    });
  });
}

function knowing(opened: () => Opened): void {
  it("keeps what was found out about a model until it expires", async () => {
    const { ledger } = opened();
    const model = `openai:org/model-${unique()}@here`;
    expect(await ledger.loadCapabilities(model)).toBeNull();
    const soon = Date.now() + 60_000;
    await ledger.saveCapabilities(model, '{"old":1}', soon);
    await ledger.saveCapabilities(model, '{"schema":"\\u0000"}', soon);
    expect(await ledger.loadCapabilities(model)).toBe('{"schema":"\\u0000"}');
    await ledger.saveCapabilities(model, "{}", Date.now() - 1);
    expect(await ledger.loadCapabilities(model)).toBeNull();
  });
}

describeLedgers(["embedded", "redis", "postgres", "memory"], "ledger", (opened) => {
  describe("reserving", () => {
    reserving(opened);
  });
  describe("settling", () => {
    settling(opened);
  });
  describe("noting", () => {
    noting(opened);
  });
  describe("listing", () => {
    listing(opened);
  });
  describe("counting", () => {
    counting(opened);
  });
  describe("forgetting", () => {
    forgetting(opened);
  });
  describe("knowing models", () => {
    knowing(opened);
  });
});
