// Trials of candidates against checks that a test answers for: which combination is taken, which hunks it settles, and what is kept of it.
import { describe, expect, it } from "@jest/globals";
import type { PathState, TextPath } from "../../../../src/agents/conflict-resolver/path-state.ts";
import { blobOf } from "../../../../src/agents/conflict-resolver/path-state.ts";
import { proveResult } from "../../../../src/agents/conflict-resolver/prove/prove-result.ts";
import type { Prover, TreeJudgement } from "../../../../src/agents/conflict-resolver/prove/prover.ts";
import { settleByTrial } from "../../../../src/agents/conflict-resolver/prove/settle-by-trial.ts";
import type { AgentContext } from "../../../../src/core/agent.ts";
import type { Conflict, HunkResolution } from "../../../../src/core/conflict.ts";
import type { KeptSettlement } from "../../../../src/core/task.ts";
import { contextOf as plainContext, fakeWorkspace } from "../../../verifiers/support.ts";

const conflictOf = (path: string): Conflict => ({
  kind: "content",
  path,
  base: null,
  ours: null,
  theirs: null,
  explanation: "",
});

const candidate = (text: string, probability: number) => ({
  name: text,
  text,
  why: `${text.trim()}.`,
  probability,
});

/** A file of one line per hunk: each hunk open with these candidates, or settled by the ranker with the first of them. */
function file(
  path: string,
  hunks: readonly (readonly [settled: boolean, ...candidates: string[]])[],
): TextPath {
  const parts = hunks.map(([settled, ...texts], at): HunkResolution => {
    const hunk = { kind: "hunk" as const, base: `${path}${at}\n`, ours: "ours\n", theirs: "theirs\n" };
    const candidates = texts.map((text, place) => candidate(`${text}\n`, 0.5 / 2 ** place));
    const [first] = candidates;
    const settlement =
      settled && first ? { tier: "ranked" as const, class: "ranked/x", text: first.text, why: "" } : null;
    return { hunk, settlement, why: "open.", candidates };
  });
  const openHunks = parts.flatMap(({ settlement }, at) => (settlement === null ? [at] : []));
  return {
    kind: "text",
    conflict: conflictOf(path),
    file: { path, base: "", ours: "", theirs: "", segments: parts.map(({ hunk }) => hunk) },
    encode: (text) => Buffer.from(text),
    memory: [],
    siblings: [],
    resolution: { path, hunks: parts, openHunks, regeneration: null },
    regenerateTried: null,
    isDoubted: false,
    work: null,
    asked: 0,
  };
}

const labels = { ours: "ours", base: "base", theirs: "theirs" };
const textOf = (states: readonly PathState[]): string =>
  states.map((state) => Buffer.from(blobOf(state, labels)?.bytes ?? []).toString()).join("|");

interface Said {
  readonly verdict: TreeJudgement["verdict"];
  /** Hunks that are proven, by "path#index". */
  readonly proven?: readonly string[];
}

/** Checks that say this of a merged text; `asked` are the texts in order. */
function proverOf(
  say: (text: string) => Said,
  unavailable: string | null = null,
): Prover & { asked: string[] } {
  const asked: string[] = [];
  const judgements: TreeJudgement[] = [];
  return {
    asked,
    unavailable: () => Promise.resolve(unavailable),
    judge: (states) => {
      const text = textOf(states);
      if (!asked.includes(text)) asked.push(text);
      if (asked.length > 8) return Promise.resolve(null);
      const { verdict, proven = [] } = say(text);
      const hunks = new Map(proven.map((key) => [key, { proven: true, words: "proved by 3 tests" }]));
      const judgement = { verdict, words: `${text.trim()} is ${verdict}.`, tree: text, tests: 3, hunks };
      judgements.push(judgement);
      return Promise.resolve(judgement);
    },
    known: () => Promise.resolve({ unavailable, judgements }),
    runs: () => asked.length,
    spent: "The runs are spent.",
  };
}

function contextOf(more: Partial<AgentContext> = {}): AgentContext & { kept: KeptSettlement[] } {
  const kept: KeptSettlement[] = [];
  const plain = plainContext(fakeWorkspace({}));
  const merge: AgentContext["merge"] = {
    ...plain.merge,
    parseErrors: (_: string, { result }) =>
      Promise.resolve(result.includes("unparsable") ? "one error" : null),
  };
  const keepSettlement = (settlement: KeptSettlement): Promise<void> => {
    kept.push(settlement);
    return Promise.resolve();
  };
  return { ...plain, merge, keepSettlement, ...more, kept };
}

describe("settleByTrial", () => {
  it("takes the first combination that parses and breaks nothing, and keeps what it found", async () => {
    const prover = proverOf((text) =>
      text === "good\n" ? { verdict: "proven", proven: ["a.js#1"] } : { verdict: "broken" },
    );
    const context = contextOf();
    const states = [file("a.js", [[false, "bad", "unparsable", "good", "also good"]])];
    const after = await settleByTrial(states, prover, context);
    expect(textOf(after)).toBe("good\n");
    expect(prover.asked).toEqual(["bad\n", "good\n"]);
    expect(after[0]).toMatchObject({
      resolution: { openHunks: [], hunks: [{ settlement: { tier: "proven", class: "proven/code" } }] },
    });
    expect(context.kept).toMatchObject([{ tier: "proven", text: "good\n" }]);
    expect(context.kept[0]?.why).toContain("1 likelier combination breaks");
  });

  it("takes what was kept without a trial, and leaves nothing else to chance in an approved run", async () => {
    const first = contextOf();
    const states = [file("a.js", [[false, "bad", "good"]])];
    const says = (text: string): Said =>
      text === "good\n" ? { verdict: "proven", proven: ["a.js#1"] } : { verdict: "broken" };
    await settleByTrial(states, proverOf(says), first);
    const prover = proverOf(says);
    const again = await settleByTrial(states, prover, contextOf({ settlements: first.kept, approved: true }));
    expect(textOf(again)).toBe("good\n");
    expect(prover.asked).toEqual([]);
    const approved = await settleByTrial(states, prover, contextOf({ approved: true }));
    expect(approved).toEqual(states);
  });

  it("settles only the hunks that tests ran through", async () => {
    const states = [
      file("a.js", [
        [false, "one"],
        [false, "two"],
      ]),
    ];
    const prover = proverOf(() => ({ verdict: "not-proven", proven: ["a.js#2"] }));
    const after = await settleByTrial(states, prover, contextOf());
    expect(after[0]).toMatchObject({ resolution: { openHunks: [0] } });
    expect(prover.asked).toEqual(["one\ntwo\n"]);
  });

  it("settles nothing where no test ran through any, however many candidates are left", async () => {
    const states = [file("a.js", [[false, "one", "two", "three"]])];
    const prover = proverOf(() => ({ verdict: "not-proven" }));
    expect(await settleByTrial(states, prover, contextOf())).toEqual(states);
    expect(prover.asked).toHaveLength(1);
  });

  it("asks nothing where a path is left to people, a hunk has no candidate, or nothing can be run", async () => {
    const prover = proverOf(() => ({ verdict: "proven" }));
    const open = file("a.js", [[false, "one"]]);
    const left: PathState = { kind: "left", conflict: conflictOf("b.png"), row: {} as never };
    for (const states of [
      [open, left],
      [open, file("b.js", [[false]])],
    ])
      expect(await settleByTrial(states, prover, contextOf())).toEqual(states);
    const closed = proverOf(() => ({ verdict: "proven" }), "There is no sandbox.");
    expect(await settleByTrial([open], closed, contextOf())).toEqual([open]);
    expect([...prover.asked, ...closed.asked]).toEqual([]);
  });

  it("stops when the runs are spent, and at a run that tells nothing", async () => {
    const many = Array.from({ length: 12 }, (_, at) => `text ${at}`);
    const states = [file("a.js", [[false, ...many]])];
    const broken = proverOf(() => ({ verdict: "broken" }));
    expect(await settleByTrial(states, broken, contextOf())).toEqual(states);
    expect(broken.asked).toHaveLength(9);
    const unknown = proverOf(() => ({ verdict: "unknown" }));
    expect(await settleByTrial(states, unknown, contextOf())).toEqual(states);
    expect(unknown.asked).toHaveLength(1);
  });
});

describe("proveResult", () => {
  it("puts another candidate in the place of the ranker's where that breaks what passed", async () => {
    const states = [file("a.js", [[true, "bad", "good"]])];
    const prover = proverOf((text) =>
      text === "good\n" ? { verdict: "proven", proven: ["a.js#1"] } : { verdict: "broken" },
    );
    const context = contextOf();
    const result = await proveResult(states, prover, context);
    expect(textOf(result.states)).toBe("good\n");
    expect(result.proof).toMatchObject({ verdict: "proven", tree: "good\n", runs: 2 });
    expect(result.proofs.get("a.js#1")).toEqual({ proven: true, words: "proved by 3 tests" });
    expect(context.kept).toMatchObject([{ tier: "proven", text: "good\n" }]);
  });

  it("keeps nothing of a trial whose result breaks something after all", async () => {
    const states = [
      file("a.js", [
        [true, "bad", "good"],
        [true, "kept", "other"],
      ]),
    ];
    // Proven together; with the hunk that no test ran through as it was, broken.
    const prover = proverOf((text) =>
      text === "good\nother\n" ? { verdict: "not-proven", proven: ["a.js#1"] } : { verdict: "broken" },
    );
    const context = contextOf();
    const result = await proveResult(states, prover, context);
    expect(result.states).toEqual(states);
    expect(result.proof).toMatchObject({ verdict: "broken", tree: "bad\nkept\n" });
    expect(prover.asked).toContain("good\nkept\n");
    expect(context.kept).toEqual([]);
  });

  it("says that it is broken where no other candidate is better", async () => {
    const states = [file("a.js", [[true, "bad", "worse"]])];
    const result = await proveResult(
      states,
      proverOf(() => ({ verdict: "broken" })),
      contextOf(),
    );
    expect(result.states).toEqual(states);
    expect(result.proof).toMatchObject({ verdict: "broken", tree: "bad\n" });
  });

  it("says why nothing was run", async () => {
    const prover = proverOf(() => ({ verdict: "proven" }), "No sandbox. Install it.");
    const settled = [file("a.js", [[true, "one"]])];
    const open = [file("a.js", [[false, "one"]])];
    const words = async (states: readonly PathState[], context = contextOf()) =>
      (await proveResult(states, prover, context)).proof;
    expect(await words(settled)).toMatchObject({
      verdict: "not-run",
      words: "No sandbox. Install it.",
      tree: null,
    });
    expect((await words(open)).words).toBe(
      "One path has open conflicts, and half a merge has no checks. No sandbox. Install it.",
    );
    expect((await words(settled, contextOf({ approved: true }))).words).toContain("A person has looked");
    expect(prover.asked).toEqual([]);
  });

  it.each<[Said["verdict"], RegExp]>([
    ["broken", /tried in 2 combinations, and each breaks .* The likeliest: one is broken\.$/],
    ["unknown", /tried, and the checks could not be judged\. one is unknown\.$/],
    ["not-proven", /tried: with them nothing breaks, .* one is not-proven\.$/],
  ])("says of what is open how its candidates came out: %s", async (verdict, sentence) => {
    const prover = proverOf(() => ({ verdict }));
    const context = contextOf();
    const states = await settleByTrial([file("a.js", [[false, "one", "two"]])], prover, context);
    const { proof } = await proveResult(states, prover, context);
    expect(proof).toMatchObject({ verdict: "not-run", words: expect.stringMatching(sentence) });
  });
});
