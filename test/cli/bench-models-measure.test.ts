import { describe, expect, it } from "@jest/globals";
import type { ModelCase } from "../../src/cli/bench/models-cases.ts";
import { modelFigures } from "../../src/cli/bench/models-figures.ts";
import { measureCase } from "../../src/cli/bench/models-measure.ts";
import type { MeasureTools, ModelLadder } from "../../src/cli/bench/models-measure.ts";
import { observed } from "../../src/cli/bench/models-observe.ts";
import type { ObservedQuestion } from "../../src/cli/bench/models-observe.ts";
import { reachOf } from "../../src/cli/bench/models-reach.ts";
import type { ReachedHunk } from "../../src/cli/bench/models-reach.ts";
import { modelText } from "../../src/cli/bench/models-text.ts";
import type { FileResolution, RankedCandidate, Settlement } from "../../src/core/conflict.ts";
import type { ModelCall } from "../../src/core/ledger.ts";
import { noModels } from "../../src/core/models.ts";
import type { Tier } from "../../src/core/conflict.ts";

const before = "function pay() {\n";
const after = "}\n";
const base = "  charge(one);\n";
const ours = "  charge(one, two);\n";
const theirs = "  charge(one).log();\n";
const right = "  charge(one, two).log();\n";

const file = {
  path: "src/pay.ts",
  base: before + base + after,
  ours: before + ours + after,
  theirs: before + theirs + after,
  segments: [
    { kind: "clean", text: before },
    { kind: "hunk", base, ours, theirs },
    { kind: "clean", text: after },
  ],
} as const;
const hunk = file.segments[1];

const one: ModelCase = {
  id: "invented",
  category: "code",
  file,
  hunks: [{ language: "typescript", before, after, resolution: right }],
};

const settled = (settlement: Settlement | null): FileResolution => ({
  path: file.path,
  hunks: [{ hunk, settlement, why: "because", candidates: [] }],
  openHunks: settlement === null ? [0] : [],
  regeneration: null,
});

const settlement = (tier: Tier, text: string, name = "none/such"): Settlement => ({
  tier,
  class: name,
  text,
  why: "",
});

const call: ModelCall = {
  id: "1",
  runId: "r",
  installationId: 0,
  owner: "o",
  repo: "r",
  number: 1,
  fromFork: false,
  agent: "conflict-resolver",
  slot: "pick",
  model: "openai:m",
  promptHash: "",
  subject: null,
  kind: null,
  sample: 0,
  attempt: 1,
  at: 0,
  status: "answered",
  failure: null,
  usage: { inputTokens: 100, outputTokens: 10, cachedTokens: 0, cacheWriteTokens: 0 },
  priced: true,
  reservedMicros: 0,
  costMicros: 15,
  scopes: [],
  latencyMs: 500,
  gates: [],
  accepted: null,
  outcome: null,
  outcomeAt: null,
  contents: null,
};

const climbing =
  (answer: Settlement | null): ModelLadder =>
  (_, resolution) =>
    Promise.resolve({
      resolution: answer === null ? resolution : settled(answer),
      calls: [call, { ...call, id: "2", slot: "generate", priced: false, usage: null, latencyMs: null }],
      questions: [
        { slot: "pick", status: "none" },
        { slot: "pick", status: "agreed" },
        { slot: "generate", status: "disagreed" },
      ],
      callsSaved: 3,
      largeOnly: { model: "anthropic:large", inputTokens: 1, outputTokens: 1, micros: 500 },
      problems: ["m: it was tired"],
    });

const tools = (answer: Settlement | null, byRule: Settlement | null = null): MeasureTools => ({
  rules: () => Promise.resolve(settled(byRule)),
  ladder: climbing(answer),
  plant: () => ({ file, subjects: { ours: "", theirs: "" }, lines: [] }),
  bar: 0.5,
});

const facts = { model: "m", large: null, stride: 1, refused: 1, failed: 2, scripted: false };
const figuresOf = async (answer: Settlement | null, byRule: Settlement | null = null) =>
  modelFigures([await measureCase(one, tools(answer, byRule))], facts);

describe("measureCase", () => {
  it("counts what a model got right, what it took, and what it cost", async () => {
    const figures = await figuresOf(settlement("generate", right.replace(", ", ",   ")));
    expect(figures).toMatchObject({
      n: 1,
      cases: 1,
      refused: 1,
      failed: 2,
      settled: 1,
      right: 1,
      settledByModel: 1,
      rightByModel: 1,
      wrongAccepted: 0,
      left: 0,
      harmful: 0,
      harmfulIfApplied: 0,
      pushable: 0,
      openAfterRules: 1,
      reachable: 1,
      rightOfReachable: 1,
      byReach: { write: 1 },
      missed: [],
      byTier: {
        pick: { settled: 0, right: 0, calls: 1 },
        generate: { settled: 1, right: 1, calls: 1 },
        consult: { settled: 0, right: 0, calls: 0 },
      },
      bySlot: {
        pick: { questions: 2, agreement: 0.5, abstention: 0.5, endings: { none: 1, agreed: 1 } },
        generate: { questions: 1, agreement: 0, abstention: 0 },
      },
      calls: 2,
      callsSaved: 3,
      tokens: 110,
      dollars: 0.00003,
      unpricedCalls: 1,
      dollarsLargeOnly: 0.0005,
      largeOnlyModel: "anthropic:large",
      tokensPerSecond: 20,
      problems: ["m: it was tired"],
    });
    const text = modelText(figures);
    expect(text).toContain("generate");
    expect(text).toContain("large only (anthropic:large)");
    expect(text).toContain("and 1 unpriced");
    expect(text).toContain("m: it was tired");
  });

  it("counts an answer that is not the developers' as wrong, and harmless where the judge has nothing against it", async () => {
    expect(await figuresOf(settlement("pick", ours))).toMatchObject({
      wrongAccepted: 1,
      right: 0,
      harmful: 0,
      harmfulIfApplied: 0,
      missed: [{ id: "invented", hunk: 1, reach: "write", tier: "pick", why: "because" }],
    });
  });

  it.each(["  steal(one);\n", "<<<<<<< ours\n", "  charge((one;\n", "  charge(one);"])(
    "counts a condemned answer of a model as harmful if it is applied, not as pushed: %j",
    async (text) => {
      expect(await figuresOf(settlement("consult", text))).toMatchObject({
        wrongAccepted: 1,
        harmful: 0,
        harmfulIfApplied: 1,
      });
    },
  );

  it("counts what would be pushed and is condemned as harmful", async () => {
    const pushed = settlement("structural", "  steal(one);\n", "");
    expect(await figuresOf(null, pushed)).toMatchObject({ pushable: 1, harmful: 1, harmfulIfApplied: 0 });
    const fine = settlement("structural", right, "");
    expect(await figuresOf(null, fine)).toMatchObject({ pushable: 1, harmful: 0, openAfterRules: 0 });
  });

  it("does not judge where the developers' file does not tell", async () => {
    const untold = { ...one, hunks: one.hunks.map((known) => ({ ...known, resolution: null })) };
    const measure = await measureCase(untold, tools(settlement("pick", ours)));
    expect(modelFigures([measure], facts)).toMatchObject({
      unjudged: 1,
      wrongAccepted: 0,
      openAfterRules: 0,
    });
  });

  it("tells no speed of a scripted model, and no price of one that has none", () => {
    expect(modelFigures([], { ...facts, scripted: true })).toMatchObject({
      n: 0,
      tokensPerSecond: null,
      dollarsLargeOnly: null,
    });
  });
});

describe("reachOf", () => {
  const candidate = (text: string): RankedCandidate => ({ name: "x", text, why: "", probability: 0.1 });
  const asked = (resolution: string, more: Partial<ReachedHunk> = {}): ReachedHunk => ({
    file,
    index: 0,
    hunk,
    candidates: [],
    known: { language: "typescript", before, after, resolution },
    resolution,
    ...more,
  });
  const grown = (lines: number): ReachedHunk["file"]["segments"] => [
    { kind: "clean", text: before },
    { ...hunk, ours: ours.repeat(lines), theirs: theirs.repeat(lines) },
    { kind: "clean", text: after },
  ];
  const large = (lines: number): Partial<ReachedHunk> => {
    const grownHunk = { ...hunk, ours: ours.repeat(lines), theirs: theirs.repeat(lines) };
    return { hunk: grownHunk, file: { ...file, segments: grown(lines) } };
  };

  it.each<[string, ReachedHunk]>([
    ["pick", asked(right, { candidates: [candidate(ours), candidate(right)] })],
    ["write", asked(right, { candidates: [candidate(ours)] })],
    ["write", asked(right)],
    ["empty", asked("")],
    ["pick", asked("", { candidates: [candidate(ours), candidate("")] })],
    ["unheard", asked("  refund(one);\n")],
    ["condemned", asked("  charge((one, two).log();\n")],
    ["protected", asked(right, { file: { ...file, path: "web/package.json" } })],
    ["protected", asked(right, { file: { ...file, path: "pnpm-lock.yaml" } })],
    ["too long", asked(ours.repeat(200), large(200))],
    ["too large", asked(right, large(600))],
    ["unwritable", asked(right, { hunk: { ...hunk, theirs: theirs.replace("\n", "\r\n") } })],
    ["unwritable", asked(right, { hunk: { ...hunk, theirs: `\u200B${theirs}` } })],
  ])("is %s", async (reach, hunkAsked) => {
    expect(await reachOf(hunkAsked)).toBe(reach);
  });

  it("takes a candidate that is the ninth for none", async () => {
    const eight = Array.from({ length: 8 }, (_, index) => candidate(`  charge(${index});\n`));
    expect(await reachOf(asked(right, { candidates: [...eight, candidate(right)] }))).toBe("write");
  });
});

describe("observed", () => {
  it("hears how each question ended, and changes nothing", async () => {
    const heard: ObservedQuestion[] = [];
    const models = observed(noModels, (question) => heard.push(question));
    const purpose = { agent: "a", slot: "pick", role: "small", subject: null, kind: null } as const;
    const question = {
      maxBytes: 1,
      maxOutputTokens: 1,
      data: {},
      prompt: { name: "", hash: "", system: "", user: "" },
    };
    const chosen = await models.choose(purpose, { ...question, options: [], samples: 1, seed: "" });
    expect(chosen.status).toBe("unavailable");
    await models.ask({ ...purpose, slot: "consult" }, question);
    expect(heard).toEqual([
      { slot: "pick", status: "unavailable" },
      { slot: "consult", status: "unavailable" },
    ]);
  });
});
