// Models that go wrong: each in its own way, and the same way twice.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import * as faults from "../../src/scripted/faults.ts";
import { tokensOf } from "../../src/scripted/script.ts";
import type { Answerer, ScriptedReply, ScriptedRequest } from "../../src/scripted/server.ts";

const schema = {
  type: "object",
  properties: {
    choice: { enum: ["A", "B", "C", "NONE"] },
    why: { type: "string" },
    deep: { type: "object", properties: { sure: { type: "boolean" }, kind: { const: "x" } } },
  },
};
const asked: ScriptedRequest = {
  wire: "openai",
  model: "m",
  system: "Choose.",
  user: "A or B?",
  schema,
  maxOutputTokens: 4,
  seed: 0,
  key: null,
};
const textOf = async (answer: Answerer, request: ScriptedRequest = asked): Promise<string> => {
  const reply = await answer(request);
  if (reply.kind !== "text") throw new Error(`no text but ${reply.kind}`);
  return reply.text;
};

describe("labels", () => {
  test("garbage is always allowed, always the same for one question, and not always the same", async () => {
    const seen = new Set<unknown>();
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.nat(), async (user, seed) => {
        const request = { ...asked, user, seed };
        const first = await textOf(faults.garbageLabel(1), request);
        expect(await textOf(faults.garbageLabel(1), request)).toBe(first);
        const { choice, why, deep } = JSON.parse(first) as Record<string, unknown>;
        expect(schema.properties.choice.enum).toContain(choice);
        expect([why, deep]).toEqual(["", { sure: false, kind: "x" }]);
        seen.add(choice);
      }),
    );
    expect(seen.size).toBe(4);
  });

  test("another seed is other garbage", async () => {
    const draw = (seed: number) =>
      Promise.all(
        Array.from({ length: 20 }, (_, at) => textOf(faults.garbageLabel(seed), { ...asked, user: `${at}` })),
      );
    expect(await draw(1)).not.toEqual(await draw(2));
  });

  test("without a schema it is a letter", async () => {
    expect(await textOf(faults.garbageLabel(1), { ...asked, schema: null })).toMatch(/^[A-Z]$/);
  });

  test("a wrong label has the shape, and is not among the labels", async () => {
    const { choice } = JSON.parse(await textOf(faults.wrongLabel)) as { choice: unknown };
    expect(choice).toBe("no such label");
  });
});

describe("texts", () => {
  test("garbage is text, the same for one question", async () => {
    const first = await textOf(faults.garbageText(1));
    expect(first.trim()).not.toBe("");
    expect(await textOf(faults.garbageText(1))).toBe(first);
    expect(await textOf(faults.garbageText(2))).not.toBe(first);
  });

  test("malformed JSON does not parse", async () => {
    const text = await textOf(faults.malformedJson);
    expect(() => JSON.parse(text) as unknown).toThrow();
  });

  test("a leak is the system prompt", async () => {
    expect(await textOf(faults.promptLeaking)).toBe("Choose.");
  });

  test("a refusal says that it is one", async () => {
    expect(await faults.refusing(asked)).toMatchObject({ kind: "text", stop: "refusal" });
  });

  test("truncation cuts at the limit, at no character's inside, and nothing that fits", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "grapheme" }),
        fc.integer({ min: 1, max: 10 }),
        async (text, limit) => {
          const reply = await faults.truncating(() => ({ kind: "text", text }))({
            ...asked,
            maxOutputTokens: limit,
          });
          if (reply.kind !== "text") throw new Error("no text");
          expect(tokensOf(reply.text)).toBeLessThanOrEqual(limit);
          expect(text.startsWith(reply.text)).toBe(true);
          expect(reply.stop).toBe(tokensOf(text) > limit ? "length" : undefined);
        },
      ),
    );
  });
});

describe("servers", () => {
  const good: Answerer = () => ({ kind: "text", text: "good" });

  test("the first requests fail, the others do not", async () => {
    const busy: ScriptedReply = { kind: "status", status: 429, retryAfterSeconds: 1 };
    const answer = faults.failingFirst(2, busy, good);
    const replies = [await answer(asked), await answer(asked), await answer(asked), await answer(asked)];
    expect(replies.map(({ kind }) => kind)).toEqual(["status", "status", "text", "text"]);
  });

  test("failing and slow put what they are given into words of the server", async () => {
    expect(await faults.failing(529, 2)(asked)).toEqual({
      kind: "status",
      status: 529,
      retryAfterSeconds: 2,
    });
    expect(await faults.failing(500)(asked)).toEqual({ kind: "status", status: 500 });
    expect(await faults.slow(5, good)(asked)).toEqual({ kind: "slow", ms: 5, then: await good(asked) });
  });

  test("ten megabytes are ten megabytes", async () => {
    const reply = await faults.tenMegabytes(asked);
    expect(reply.kind === "raw" && reply.body.length).toBeGreaterThan(10_000_000);
  });
});
