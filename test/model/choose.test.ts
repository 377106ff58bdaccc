// Choosing by agreement: what a model says counts only if it says it of the same option under every label.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { definePrompt } from "../../src/core/prompt.ts";
import type { ChooseQuestion } from "../../src/core/models.ts";
import { choose, orderOf } from "../../src/model/choose.ts";
import { fakeAsker, purpose } from "./fake-asker.ts";

const question = (options: readonly string[], change: Partial<ChooseQuestion> = {}): ChooseQuestion => ({
  prompt: definePrompt("pick", { system: "Pick.", user: "{{options}}" }),
  data: {},
  options: options.map((text) => ({ text, maxBytes: 1_000, maxLines: 50 })),
  samples: 3,
  seed: "hunk",
  maxBytes: 8_000,
  maxOutputTokens: 100,
  ...change,
});

/** The label under which a prompt shows a text. */
function labelOf(user: string, text: string): string {
  const lines = user.split("\n");
  const label = /options\.([A-Z])>$/.exec(lines[lines.indexOf(text) - 1] ?? "")?.[1];
  if (label === undefined) throw new Error(`the prompt does not show ${text}`);
  return label;
}

const choice = (label: string): string => JSON.stringify({ choice: label });
const options = ["ours", "theirs", "both", "neither"];

describe("choose", () => {
  it("takes what every sample says, whatever its label was", async () => {
    const asker = fakeAsker(({ prompt }) => choice(labelOf(prompt.user, "both")));
    const chosen = await choose(asker, purpose, question(options));
    expect(chosen).toMatchObject({ status: "agreed", index: 2, votes: [2, 2, 2], model: "openai:small" });
    expect(chosen.callIds).toEqual(["call-1", "call-2", "call-3"]);
    const labels = asker.requests.map(({ prompt }) => labelOf(prompt.user, "both"));
    expect(new Set(labels).size).toBe(3);
  });

  it("never agrees with a model that always says the same label, and asks it twice at most", async () => {
    for (const label of "ABCD") {
      const asker = fakeAsker(() => choice(label));
      const chosen = await choose(asker, purpose, question(options));
      expect(chosen).toMatchObject({ status: "disagreed", index: null });
      expect(asker.requests).toHaveLength(2);
    }
  });

  it("stops at the first NONE", async () => {
    const asker = fakeAsker(() => choice("NONE"));
    expect(await choose(asker, purpose, question(options))).toMatchObject({
      status: "none",
      votes: ["none"],
    });
    expect(asker.requests).toHaveLength(1);
  });

  it.each([
    ["a label that was not given", choice("E")],
    ["prose", "I would take the first one."],
    ["two labels", "A or B"],
  ])("counts %s as no vote", async (_, text) => {
    const chosen = await choose(
      fakeAsker(() => text),
      purpose,
      question(options),
    );
    expect(chosen).toMatchObject({ status: "malformed", votes: ["malformed"], index: null });
  });

  it.each(["refused", "empty", "truncated"] as const)("passes on that the model %s", async (status) => {
    const chosen = await choose(
      fakeAsker(() => ({ status })),
      purpose,
      question(options),
    );
    expect(chosen).toMatchObject({ status, index: null });
  });

  it("has no answer where the model goes away in the middle", async () => {
    const asker = fakeAsker(({ prompt }, call) => (call === 0 ? choice(labelOf(prompt.user, "ours")) : null));
    const chosen = await choose(asker, purpose, question(options));
    expect(chosen).toMatchObject({ status: "unavailable", index: null, why: "nobody is there" });
    expect(chosen.callIds).toHaveLength(2);
  });

  it("does not add up votes of two models", async () => {
    const asker = fakeAsker(({ prompt }, call) => ({
      model: call === 0 ? "openai:first" : "openai:second",
      answer: { text: choice(labelOf(prompt.user, "ours")), stopReason: "end", usage: null },
    }));
    expect(await choose(asker, purpose, question(options))).toMatchObject({ status: "unavailable" });
  });

  it.each([
    ["one option", question(["ours"])],
    ["27 options", question(Array.from({ length: 27 }, (_, index) => `option ${index}`))],
    ["an option that would be cut", question(["x".repeat(1_001), "theirs"])],
    ["a prompt above its size", question(options, { maxBytes: 300 })],
  ])("asks nobody about %s", async (_, asked) => {
    const asker = fakeAsker(() => choice("A"));
    expect(await choose(asker, purpose, asked)).toMatchObject({ status: "too-large" });
    expect(asker.requests).toHaveLength(0);
  });

  it("asks for the labels that it shows, and NONE, by schema", async () => {
    const asker = fakeAsker(() => choice("NONE"));
    await choose(asker, purpose, question(options));
    expect(asker.requests[0]?.schema?.schema).toMatchObject({
      properties: { choice: { enum: ["A", "B", "C", "D", "NONE"] } },
    });
  });
});

describe("orderOf", () => {
  it("shows every option once, at another place in each sample, the same way each time", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 26 }), fc.string(), (count, seed) => {
        const samples = Math.min(3, count);
        const orders = Array.from({ length: samples }, (_, sample) => orderOf(count, sample, seed));
        for (const order of orders) expect(order.toSorted((a, b) => a - b)).toEqual([...Array(count).keys()]);
        for (let option = 0; option < count; option++)
          expect(new Set(orders.map((order) => order.indexOf(option))).size).toBe(samples);
        expect(orderOf(count, 0, seed)).toEqual(orders[0]);
      }),
    );
  });

  it("shuffles: the first option is not always shown first", () => {
    const first = Array.from({ length: 40 }, (_, seed) => orderOf(4, 0, String(seed))[0]);
    expect(new Set(first).size).toBe(4);
  });
});
