import { describe, expect, it } from "@jest/globals";
import { showStats } from "../../../src/cli/ledger/stats-command.ts";
import { statsOf } from "../../../src/cli/ledger/stats.ts";
import { callOf, deskWith, other, small, start } from "./support.ts";

const pass = { name: "parses", passed: true };
const fail = { name: "parses", passed: false };

describe("errand ledger stats", () => {
  it("counts endings, gates, outcomes, tokens, money and times by slot and model", async () => {
    const pick = { slot: "pick" };
    const { groups, roles } = await statsOf([
      callOf({ ...pick, latencyMs: 100, gates: [pass] }),
      callOf({ ...pick, latencyMs: 300, gates: [pass, fail], accepted: false, outcome: "edited" }),
      callOf({ ...pick, latencyMs: 200, status: "malformed", accepted: null, outcome: "abstained" }),
      callOf({ ...pick, latencyMs: null, status: "lost", usage: null, accepted: null, outcome: null }),
      callOf({ slot: "consult", model: other, status: "refused", outcome: "ci-red" }),
    ]);
    expect(groups).toHaveLength(2);
    expect(groups[1]).toMatchObject({
      agent: "conflict-resolver",
      slot: "pick",
      model: small,
      calls: 4,
      statuses: { answered: 2, malformed: 1, lost: 1, refused: 0 },
      gated: 2,
      gatePassRate: 0.5,
      acceptedRate: 0.5,
      outcomes: { accepted: 1, edited: 1, abstained: 1, "ci-red": 0 },
      inputTokens: 300,
      outputTokens: 30,
      micros: 200,
      unpricedCalls: 0,
      medianMs: 200,
      p95Ms: 300,
    });
    expect(groups[0]).toMatchObject({ slot: "consult", statuses: { refused: 1 }, outcomes: { "ci-red": 1 } });
    expect(roles).toEqual({ small: { calls: 4, share: 0.8 }, large: { calls: 1, share: 0.2 } });
  });

  it("shows calls without a price as unpriced, never as nothing", async () => {
    const desk = await deskWith([
      callOf({ slot: "pick", priced: false, costMicros: 0 }),
      callOf({ slot: "generate", priced: false, costMicros: 0 }),
      callOf({ slot: "generate", costMicros: 2_000 }),
    ]);
    await showStats({ json: false }, desk.ports);
    const text = desk.printed();
    expect(text).toMatch(/generate .*\$0\.0020 \+ 1 unpriced/);
    expect(text).toMatch(/pick .*unpriced/);
    expect(text).not.toMatch(/pick.*\$0 /);
    const { groups } = await statsOf([callOf({ priced: false, costMicros: 0 })]);
    expect(groups[0]).toMatchObject({ micros: null, unpricedCalls: 1 });
  });

  it("keeps replays apart from errands", async () => {
    const { groups, roles } = await statsOf([
      callOf({ slot: "pick" }),
      callOf({ slot: "consult", runId: "shadow:2026", gates: [pass] }),
    ]);
    expect(groups.map(({ slot, shadow, gatePassRate }) => [slot, shadow, gatePassRate])).toEqual([
      ["pick", false, null],
      ["consult", true, null],
    ]);
    expect(roles.large.calls).toBe(0);
  });

  it("looks back as far as it is told, over more calls than one page holds", async () => {
    const calls = Array.from({ length: 1_203 }, (_, index) => callOf({ at: start + index * 60_000 }));
    const desk = await deskWith(calls, start + 1_203 * 60_000);
    await showStats({ since: 1 / 24, json: true }, desk.ports);
    expect(JSON.parse(desk.printed())).toMatchObject({ calls: 60 });
    await showStats({ json: true }, desk.ports);
    expect(JSON.parse(desk.printed())).toMatchObject({ calls: 1_203, since: null });
  });

  it("neutralises control characters, and says when there is nothing", async () => {
    const desk = await deskWith([callOf({ model: "openai:bad\u001B[2J", agent: "a\u0007" })]);
    expect(await showStats({ json: false }, desk.ports)).toBe(0);
    expect(desk.printed()).not.toMatch(/[^\P{Cc}\n]/u);
    const empty = await deskWith([]);
    expect(await showStats({ json: false }, empty.ports)).toBe(0);
    expect(empty.printed()).toMatch(/^No call/);
  });
});
