import { describe, expect, it } from "@jest/globals";
import { createAskLogged } from "../../../src/cli/ledger/ask-logged.ts";
import { promotionOf, promote } from "../../../src/cli/ledger/promote.ts";
import { runShadow } from "../../../src/cli/ledger/shadow-command.ts";
import { shadow } from "../../../src/cli/ledger/shadow.ts";
import { AppError } from "../../../src/core/errors.ts";
import type { ModelCall } from "../../../src/core/ledger.ts";
import type { ModelRequest } from "../../../src/core/model.ts";
import { shownOptions } from "../../../src/cli/ledger/answers.ts";
import { noScreen } from "../../../src/model/screen.ts";
import { callOf, deskWith, other, pickTexts, small, start, writeTexts } from "./support.ts";
import type { Desk } from "./support.ts";

const now = start + 30 * 86_400_000;

const settings = {
  allowed: [small, other],
  roles: { small: [small], large: [] },
  keys: { openai: null, anthropic: null },
  endpoints: {},
  prices: { [other]: { input: 1, output: 1 } },
  allowUnpriced: false,
  budget: { run: 1_000_000, pull: 1_000_000, day: 1_000_000, installation: 1_000_000 },
  ledgerDays: { rows: 400, contents: 30 },
};

/** A question with three samples of pick: people kept "kept N", the present model chose the text that is named. */
function picked(index: number, chosen: "kept" | "wrong", change: Partial<ModelCall> = {}): ModelCall[] {
  const texts = [`kept ${index}\n`, `wrong ${index}\n`, `third ${index}\n`];
  return [0, 1, 2].map((sample) => {
    const shown = [...texts.slice(sample), ...texts.slice(0, sample)];
    const label = "ABC".charAt(shown.findIndex((text) => text.startsWith(chosen)));
    return callOf({
      slot: "pick",
      sample,
      subject: `src/a.ts#${index}`,
      outcome: chosen === "kept" ? "accepted" : "edited",
      contents: { ...pickTexts(`hunk ${index}\n`, shown, label), target: `kept ${index}\n` },
      ...change,
    });
  });
}

type Script = (request: ModelRequest) => string | AppError;

/** The metered path over a model that answers by script. */
function asking(desk: Desk, script: Script, model = other) {
  const seen: ModelRequest[] = [];
  const parts = {
    settings,
    ledger: desk.ledger,
    now: () => now,
    screen: noScreen,
    sleep: () => Promise.resolve(),
    clientFor: () => ({
      generate: (request: ModelRequest) => {
        seen.push(request);
        const text = script(request);
        if (text instanceof AppError) return Promise.reject(text);
        const usage = { inputTokens: 10, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 1 };
        return Promise.resolve({ text, stopReason: "end" as const, usage });
      },
    }),
  };
  return { seen, askLogged: createAskLogged(model, parts, new AbortController().signal) };
}

/** Chooses what begins with the word. */
const choosing =
  (word: string): Script =>
  ({ prompt }) =>
    `{"choice":"${shownOptions(prompt.user).find(({ text }) => text.startsWith(word))?.label ?? "NONE"}"}`;

const options = { model: other, max: 200, json: true };

const many = (rightOf: (index: number) => "kept" | "wrong", count = 60) =>
  Array.from({ length: count }, (_, index) => picked(index, rightOf(index))).flat();

describe("errand ledger shadow", () => {
  it("asks the logged prompts word for word, through budget and ledger", async () => {
    const calls = picked(1, "kept");
    const desk = await deskWith(calls, now);
    const { seen, askLogged } = asking(desk, choosing("kept"));
    const { runId } = await shadow(options, desk.ports, askLogged);
    expect(seen.map(({ prompt }) => prompt.user)).toEqual(calls.map(({ contents }) => contents?.user));
    expect(seen[0]?.prompt.system).toBe(calls[0]?.contents?.system);
    expect(seen[0]?.schema).toMatchObject({
      schema: { properties: { choice: { enum: ["A", "B", "C", "NONE"] } } },
    });
    expect(runId).toMatch(/^shadow:2026-/);
    const rows = await desk.ledger.listCalls({ limit: 10, runId: runId ?? "" });
    expect(rows).toHaveLength(3);
    for (const one of rows)
      expect(one).toMatchObject({
        model: other,
        slot: "pick",
        outcome: "accepted",
        accepted: null,
        contents: null,
      });
    expect(await desk.ledger.spent([`run:${runId ?? ""}`])).toEqual([33]);
    // A replay says nothing about what people kept of the candidate in a branch.
    expect(await desk.ledger.outcomeCounts({ owner: "octo", repo: "app" })).toEqual({
      pick: { [`${small}/code`]: { n: 1, right: 1 } },
    });
  });

  it("holds both models against what people kept, never one against the other", async () => {
    const desk = await deskWith(
      many((index) => (index < 10 ? "wrong" : "kept")),
      now,
    );
    const { askLogged } = asking(desk, choosing("kept"));
    expect(await runShadow(options, desk.ports, askLogged)).toBe(0);
    const { slots, stopped } = JSON.parse(desk.printed()) as Awaited<ReturnType<typeof shadow>>;
    expect(stopped).toBeNull();
    expect(slots).toEqual([
      expect.objectContaining({
        slot: "pick",
        questions: 60,
        candidate: expect.objectContaining({ n: 60, right: 60, abstained: 0, precision: 1 }),
        incumbent: expect.objectContaining({ n: 60, right: 50 }),
        incumbents: [small],
        agreement: { n: 60, same: 50 },
        micros: 60 * 3 * 11,
        incumbentMicros: 60 * 3 * 50,
        bar: expect.objectContaining({ met: true }),
      }),
    ]);
    await runShadow({ ...options, json: false }, desk.ports, askLogged);
    expect(desk.printed()).toMatch(
      /the bar is met[\s\S]*\$0\.0020 in place of \$0\.0090: \$0\.0070 \(78\.0%\) saved/,
    );
  });

  it("does not meet the bar by agreeing with a present model that is wrong", async () => {
    const desk = await deskWith(
      many((index) => (index % 3 === 0 ? "wrong" : "kept")),
      now,
    );
    const { askLogged } = asking(desk, choosing("wrong"));
    expect(await runShadow(options, desk.ports, askLogged)).toBe(1);
    expect(JSON.parse(desk.printed())).toMatchObject({
      slots: [{ candidate: { right: 0 }, bar: { met: false } }],
    });
  });

  it("counts samples that do not say the same as no answer", async () => {
    const desk = await deskWith(picked(1, "kept"), now);
    const { askLogged } = asking(desk, () => '{"choice":"A"}');
    const { slots } = await shadow(options, desk.ports, askLogged);
    expect(slots[0]).toMatchObject({ candidate: { n: 0, abstained: 1 }, agreement: { n: 0, same: 0 } });
  });

  it("asks nothing of forks, of calls without texts or truth, or that the candidate answered itself", async () => {
    const desk = await deskWith(
      [
        ...picked(1, "kept", { fromFork: true }),
        ...picked(2, "kept", { contents: null }),
        ...picked(3, "kept", { outcome: "reverted" }),
        ...picked(4, "kept", { model: other }),
        ...picked(5, "kept", { outcome: null }),
      ],
      now,
    );
    const { seen, askLogged } = asking(desk, choosing("kept"));
    const result = await shadow(options, desk.ports, askLogged);
    expect(seen).toEqual([]);
    expect(result).toMatchObject({ runId: null, slots: [], left: { noTruth: 2, own: 1 } });
    expect(await runShadow({ ...options, json: false }, desk.ports, askLogged)).toBe(1);
  });

  it("asks the newest first, so many and of the slot that is named", async () => {
    const written = { slot: "generate", subject: "b#1", outcome: "edited" } as const;
    const texts = { ...writeTexts("h\n", "wrong\n"), target: "good\n" };
    const desk = await deskWith([...many(() => "kept", 5), callOf({ ...written, contents: texts })], now);
    const { seen, askLogged } = asking(desk, choosing("kept"));
    const result = await shadow({ ...options, slot: "pick", max: 2 }, desk.ports, askLogged);
    expect(seen).toHaveLength(6);
    expect(seen[0]?.prompt.user).toContain("hunk 4");
    expect(result.left.beyondMax).toBe(3);
    const { askLogged: writing } = asking(desk, () => "```\ngood\n```");
    const { slots } = await shadow({ ...options, slot: "generate" }, desk.ports, writing);
    expect(slots[0]).toMatchObject({ slot: "generate", candidate: { right: 1 }, incumbent: { right: 0 } });
  });

  it("stops when money or server are at their end, and says why", async () => {
    const desk = await deskWith(
      many(() => "kept", 20),
      now,
    );
    const down = new AppError("model", "No server is there.", { retryable: false, remedy: "Start it." });
    const { seen, askLogged } = asking(desk, () => down);
    const result = await shadow(options, desk.ports, askLogged);
    expect(result).toMatchObject({
      slots: [],
      left: { unasked: 20 },
      stopped: expect.stringContaining("No server is there."),
    });
    expect(seen.length).toBeLessThan(20);

    const poor = await deskWith(
      many(() => "kept", 20),
      now,
    );
    const rich = asking(poor, choosing("kept"));
    const spent = { ...callOf({ reservedMicros: 999_000, status: "reserved" }) };
    await poor.ledger.reserveCall(spent, [
      {
        name: "day",
        key: `day:${new Date(now).toISOString().slice(0, 10)}`,
        limitMicros: 1_000_000,
        expiresAt: now * 2,
      },
    ]);
    const broke = await shadow(options, poor.ports, rich.askLogged);
    expect(broke.stopped).toMatch(/budget of a day/);
  });
});

describe("errand ledger promote", () => {
  const asked = { model: other, slot: "pick", json: true };

  it("refuses without a replay", async () => {
    const desk = await deskWith(
      many(() => "kept"),
      now,
    );
    expect(await promote(asked, desk.ports, settings)).toBe(1);
    expect(JSON.parse(desk.printed())).toMatchObject({
      promoted: false,
      change: null,
      why: expect.stringContaining(`errand ledger shadow --model ${other} --slot pick`),
    });
  });

  it("prints what to set once a replay met the bar, and changes nothing", async () => {
    const desk = await deskWith(
      many((index) => (index < 10 ? "wrong" : "kept")),
      now,
    );
    await shadow(options, desk.ports, asking(desk, choosing("kept")).askLogged);
    const before = await desk.ledger.listCalls({ limit: 1_000 });
    expect(await promote({ ...asked, json: false }, desk.ports, settings)).toBe(0);
    const text = desk.printed();
    expect(text).toContain(`ERRAND_SMALL_MODEL=${other},${small}\n`);
    expect(text).toContain(`models:\n    small: ["${other}", "${small}"]`);
    expect(await desk.ledger.listCalls({ limit: 1_000 })).toEqual(before);

    await promote({ ...asked, agent: "conflict-resolver" }, desk.ports, settings);
    expect(JSON.parse(desk.printed())).toMatchObject({
      promoted: true,
      evidence: [{ questions: 60, candidate: { n: 60, right: 60 }, incumbent: { n: 60, right: 50 } }],
      change: {
        environment: `ERRAND_MODELS=${small},${other}`,
        agentYml: `models:\n  agents:\n    conflict-resolver:\n      small: ["${other}", "${small}"]\n`,
      },
    });
    expect(await promote({ ...asked, agent: "test-fixer" }, desk.ports, settings)).toBe(1);
    expect(await promote({ ...asked, slot: "generate" }, desk.ports, settings)).toBe(1);
    expect(await promote({ ...asked, model: small }, desk.ports, settings)).toBe(1);
  });

  it.each([
    ["is less precise than the present model", many(() => "kept"), "third", /but the present model's/],
    ["has too few answers", many(() => "kept", 49), "kept", /^The candidate answered 49 .* 50 are needed/],
    [
      "has only answers that the present model did not give",
      [
        ...Array.from({ length: 60 }, (_, index) =>
          picked(index, "kept", { outcome: "abstained" })
            .slice(0, 1)
            .map((call) => ({
              ...call,
              contents: call.contents && { ...call.contents, answer: "NONE" },
            })),
        ).flat(),
      ],
      "kept",
      /^The present model answered 0/,
    ],
  ] as const)("refuses when the candidate %s", async (_, calls, word, why) => {
    const desk = await deskWith(calls, now);
    await shadow(options, desk.ports, asking(desk, choosing(word)).askLogged);
    expect(await promote(asked, desk.ports, settings)).toBe(1);
    expect((JSON.parse(desk.printed()) as { why: string }).why).toMatch(why);
  });

  it("goes by the last replay, also where an earlier one was better", () => {
    const rows = (runId: string, outcome: "accepted" | "edited") =>
      Array.from({ length: 60 }, (_, index) =>
        callOf({
          ...{ runId, model: other, slot: "pick", outcome, accepted: null, subject: `q${index}` },
          gates: [{ name: "present model right", passed: index % 2 === 0 }],
        }),
      );
    const good = rows("shadow:1", "accepted");
    const bad = rows("shadow:2", "edited");
    expect(promotionOf(asked, good, settings)).toMatchObject({ promoted: true, runId: "shadow:1" });
    expect(promotionOf(asked, [...good, ...bad], settings)).toMatchObject({
      promoted: false,
      runId: "shadow:2",
    });
  });
});
