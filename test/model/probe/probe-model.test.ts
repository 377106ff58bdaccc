// What a model can do is found out by asking it, and a model that guesses is found out too.
import { describe, expect, it } from "@jest/globals";
import { AppError } from "../../../src/core/errors.ts";
import type { ModelAnswer, ModelRequest } from "../../../src/core/model.ts";
import { competenceCases } from "../../../src/model/probe/competence-cases.ts";
import { Capabilities, isCompetent, probeModel, probeVersion } from "../../../src/model/probe/probe-model.ts";

const usage = { inputTokens: 9, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 1 };
const labels = ["A", "B", "C", "D"];
const codeWord = "quartzite";

interface Server {
  readonly holdsToSchemas: boolean;
  /** Words of a prompt that it reads, counted from the end. */
  readonly context: number;
  readonly countsTokens: boolean;
  readonly stopReason?: ModelAnswer["stopReason"];
  /** Its answer to question `index`. */
  readonly pick: (index: number) => string;
}

const right = (index: number): string => competenceCases[index]?.right ?? "";
const able: Server = { holdsToSchemas: true, context: 100_000, countsTokens: true, pick: right };

/** Behaves like a server, by what it is sent alone. */
function serve(server: Server): {
  ask: (request: ModelRequest) => Promise<ModelAnswer>;
  asked: ModelRequest[];
} {
  const asked: ModelRequest[] = [];
  let questions = 0;
  const textFor = ({ prompt, schema }: ModelRequest): string => {
    if (prompt.user.includes("Resolutions:")) {
      const choice = server.pick(questions++);
      return schema ? JSON.stringify({ choice }) : `${choice}\n`;
    }
    if (prompt.user.includes("code word")) {
      const read = prompt.user.split(/\s+/).slice(-server.context).join(" ");
      return /code word of this list is (\w+)/.exec(read)?.[1] ?? "I do not know.";
    }
    const [property] = Object.entries(
      (schema?.schema["properties"] ?? {}) as Record<string, { enum: string[] }>,
    );
    return server.holdsToSchemas && property
      ? JSON.stringify({ [property[0]]: property[1].enum[0] })
      : "Rain falls on the quay. The gulls are quiet.";
  };
  return {
    asked,
    ask: (request) => {
      asked.push(request);
      return Promise.resolve({
        text: textFor(request),
        stopReason: server.stopReason ?? "end",
        usage: server.countsTokens ? usage : null,
      });
    },
  };
}

const probed = (server: Server): Promise<Capabilities> => probeModel(serve(server).ask);

describe("probeModel", () => {
  it("finds an able model able, in ten calls", async () => {
    const { ask, asked } = serve(able);
    const found = await probeModel(ask);
    expect(found).toEqual({
      schema: true,
      readsLongPrompts: true,
      usage: true,
      competence: { asked: 8, right: 8 },
    });
    expect(isCompetent(found)).toBe(true);
    expect(Capabilities.parse(JSON.parse(JSON.stringify(found)))).toEqual(found);
    expect(asked).toHaveLength(10);
    expect(asked.slice(2).every(({ schema }) => schema?.name === "choice")).toBe(true);
  });

  it("finds out a server that ignores schemas, and then asks for the bare letter", async () => {
    const { ask, asked } = serve({ ...able, holdsToSchemas: false });
    const found = await probeModel(ask);
    expect(found).toMatchObject({ schema: false, competence: { right: 8 } });
    expect(asked.slice(2).every(({ schema }) => schema === null)).toBe(true);
  });

  it("finds out a server that cuts prompts at 4,096 tokens: one word is one token at least", async () => {
    expect(await probed({ ...able, context: 4_096 })).toMatchObject({ readsLongPrompts: false });
  });

  it("finds out a server that counts no tokens", async () => {
    expect(await probed({ ...able, countsTokens: false })).toMatchObject({ usage: false });
  });

  it("counts answers that were cut off or refused as none", async () => {
    for (const stopReason of ["length", "refusal"] as const)
      expect(await probed({ ...able, stopReason })).toMatchObject({
        schema: false,
        readsLongPrompts: false,
        competence: { right: 0 },
      });
  });

  it("passes with one mistake, and not with two", async () => {
    const wrongIn = (count: number) => (index: number) => (index < count ? "?" : right(index));
    expect(isCompetent(await probed({ ...able, pick: wrongIn(1) }))).toBe(true);
    expect(isCompetent(await probed({ ...able, pick: wrongIn(2) }))).toBe(false);
  });

  it.each(labels)("is not taken in by a model that always answers %s", async (label) => {
    expect(await probed({ ...able, pick: () => label })).toMatchObject({
      competence: { asked: 8, right: 2 },
    });
  });

  it("passes on what the client throws", async () => {
    const error = new AppError("model", "The server does not answer.", { retryable: true, remedy: "" });
    await expect(probeModel(() => Promise.reject(error))).rejects.toBe(error);
  });

  it("gives nothing away: no prompt holds its own answer", async () => {
    const { ask, asked } = serve(able);
    await probeModel(ask);
    expect(asked[0]?.prompt.user).not.toContain("kestrel");
    expect(asked[1]?.prompt.user.split(codeWord)).toHaveLength(2);
    expect(
      asked.slice(2).every(({ prompt }) => prompt.user.includes(">\n") && !prompt.user.includes("cut here")),
    ).toBe(true);
    expect(probeVersion).toMatch(/^[\da-f]{16}$/);
  });
});

const words = (text: string): Set<string> => new Set(text.match(/\w+|[^\w\s]/g));

describe("the built-in merge questions", () => {
  it("have one right answer that takes something of both sides and invents nothing", () => {
    for (const { base, ours, theirs, options, right: label } of competenceCases) {
      const answer = options[labels.indexOf(label)] ?? "";
      expect(new Set(options).size).toBe(4);
      expect([base, ours, theirs]).not.toContain(answer);
      const known = new Set([...words(ours), ...words(theirs)]);
      expect([...words(answer)].filter((word) => !known.has(word))).toEqual([]);
      for (const side of [ours, theirs])
        expect([...words(side)].filter((word) => !words(base).has(word) && !words(answer).has(word))).toEqual(
          [],
        );
    }
  });

  it("cannot be passed by a rule about places or lengths", () => {
    const hits = (choose: (options: readonly string[]) => number): number =>
      competenceCases.filter(({ options, right: label }) => choose(options) === labels.indexOf(label)).length;
    const lengths = (options: readonly string[]): number[] => options.map((text) => text.length);
    for (const place of [0, 1, 2, 3]) expect(hits(() => place)).toBeLessThanOrEqual(3);
    expect(hits((options) => lengths(options).indexOf(Math.max(...lengths(options))))).toBeLessThanOrEqual(3);
    expect(hits((options) => lengths(options).indexOf(Math.min(...lengths(options))))).toBeLessThanOrEqual(3);
    expect(new Set(competenceCases.map(({ language }) => language)).size).toBe(8);
  });
});
