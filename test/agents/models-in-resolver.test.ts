// The conflict resolver with models: what is staged, what the rows say, and what may be pushed.
import { describe, expect, it } from "@jest/globals";
import { conflictResolver } from "../../src/agents/conflict-resolver/index.ts";
import { standingOf } from "../../src/agents/conflict-resolver/bar.ts";
import type { AgentContext } from "../../src/core/agent.ts";
import type { ConflictedFile, SettledSibling } from "../../src/core/conflict.ts";
import { modelClass } from "../../src/core/ledger.ts";
import { settlementKey } from "../../src/core/settlement-key.ts";
import { HunkReport } from "../../src/core/task.ts";
import type { KeptSettlement } from "../../src/core/task.ts";
import { contextOf, fakeWorkspace } from "../verifiers/support.ts";
import { clean, fakeModels, fileOf, hunk, openResolution, smallModel, three } from "./support.ts";
import type { Script } from "./support.ts";

const open = (name: string) => hunk(`${name} = 1\n`, `${name} = two()\n`, `${name} = three()\n`);

async function run(script: Script, files: readonly ConflictedFile[], changed: Partial<AgentContext> = {}) {
  const named = Object.fromEntries(files.map((file) => [file.path, file]));
  const workspace = fakeWorkspace({ conflicts: named, files: named });
  const models = fakeModels(script);
  const context = contextOf(workspace);
  const merge = {
    ...context.merge,
    resolve: (file: ConflictedFile) => Promise.resolve(openResolution(file)),
  };
  const task = { agent: "conflict-resolver", goal: "", paths: Object.keys(named) };
  const outcome = await conflictResolver.run(task, { ...context, merge, models, ...changed });
  return { outcome, workspace, models };
}

const takesTheirs: Script = { choose: ({ options }) => three(options[1]?.text ?? "") };
const file = fileOf("a.txt", [clean("top\n"), open("a")]);

describe("conflict-resolver with models", () => {
  it("writes what models settle, below every bar as long as nothing is measured, 0 included", async () => {
    const { outcome, workspace } = await run(takesTheirs, [file]);
    expect(String(workspace.results.get("a.txt")?.bytes)).toBe("top\na = three()\n");
    expect(outcome.hunks).toMatchObject([
      {
        tier: "pick",
        class: modelClass(smallModel, "docs"),
        settled: true,
        precision: null,
        aboveBar: false,
      },
    ]);
    expect(outcome.work?.wholeFiles.inputTokens).toBeGreaterThan(10);
    const at0 = standingOf({ tier: "pick", class: "m/docs" }, { bar: 0, counts: {}, approved: false });
    expect(at0).toEqual({ precision: null, aboveBar: false });
  });

  it("reports both sides and the result of what a model settled, and says whether all of it is there", async () => {
    const { outcome } = await run(takesTheirs, [file]);
    expect(outcome.hunks).toMatchObject([
      {
        sides: { ours: "a = two()\n", theirs: "a = three()\n" },
        result: { text: "a = three()\n", whole: true },
      },
    ]);
    const many = (name: string) => hunk("", `${name}()\n`.repeat(100), "other()\n");
    const lines = await run({ choose: ({ options }) => three(options[0]?.text ?? "") }, [
      fileOf("a.txt", [many("a")]),
    ]);
    expect(lines.outcome.hunks).toMatchObject([
      { sides: { ours: "a()\n".repeat(100) }, result: { text: "a()\n".repeat(100), whole: true } },
    ]);
  });

  it.each([
    ["our side and the result are", hunk("", "b();\n".repeat(900), "c();\n"), "ours"],
    ["their side is", hunk("", "c();\n", "b();\n".repeat(900)), "theirs"],
  ] as const)("reports that not all is there where %s cut", async (_name, long, side) => {
    const kept = { key: settlementKey("a.txt", long), tier: "pick" as const, class: "m/docs", why: "So." };
    const { outcome } = await run({}, [fileOf("a.txt", [long])], {
      settlements: [{ ...kept, text: long.ours }],
    });
    const [row] = outcome.hunks;
    expect(row?.sides?.[side]).toContain("(cut; 901 lines in all)");
    expect(row?.result?.whole).toBe(false);
    expect(row?.result?.text === long.ours).toBe(side === "theirs");
    expect(HunkReport.safeParse(row).success).toBe(true);
  });

  it("reports no result of what rules settled", async () => {
    const { hunks } = openResolution(file);
    const ruled = { tier: "trivial" as const, class: "one-side", text: "a = two()\n", why: "So." };
    const { merge } = contextOf(fakeWorkspace({}));
    const resolve = () =>
      Promise.resolve({
        ...openResolution(file),
        hunks: hunks.map((one) => ({ ...one, settlement: ruled })),
        openHunks: [],
      });
    const { outcome } = await run({}, [file], { merge: { ...merge, resolve } });
    expect(outcome.hunks).toMatchObject([{ settled: true, sides: null, result: null }]);
  });

  it("pushes a model's class by its own counts alone: not by another model's, nor by another kind of file's", () => {
    const many = { n: 200, right: 200 };
    const at = (counts: Record<string, { n: number; right: number }>) =>
      standingOf({ tier: "pick", class: "m/code" }, { bar: 0.9, counts: { pick: counts }, approved: false })
        .aboveBar;
    expect([at({ "m/code": many }), at({ "n/code": many }), at({ "m/docs": many }), at({ m: many })]).toEqual(
      [true, false, false, false],
    );
  });

  it("never pushes what was ranked beside a model's answer, however good the ranker is; a person may", () => {
    const counts = { ranked: { "ranked/at-least-95/code": { n: 900, right: 900 } } };
    const beside = { tier: "ranked" as const, class: "beside-model/ranked/at-least-95/code" };
    expect(standingOf(beside, { bar: 0, counts, approved: false }).aboveBar).toBe(false);
    expect(standingOf(beside, { bar: 1, counts, approved: true }).aboveBar).toBe(true);
  });

  it("applies what was kept without asking, above the bar", async () => {
    const kept: KeptSettlement[] = [];
    const keepSettlement = (one: KeptSettlement) => {
      kept.push(one);
      return Promise.resolve();
    };
    const first = await run(takesTheirs, [file], { keepSettlement });
    const applied = await run(takesTheirs, [file], { settlements: kept, approved: true });
    expect(applied.models.calls).toEqual([]);
    expect(applied.outcome.hunks).toMatchObject([{ tier: "pick", aboveBar: true }]);
    expect(applied.workspace.results).toEqual(first.workspace.results);
  });

  it("hands no hunk that rests on a model on to later files", async () => {
    const asked: (readonly SettledSibling[])[] = [];
    const { merge } = contextOf(fakeWorkspace({}));
    const resolve: AgentContext["merge"]["resolve"] = (one, options) => {
      asked.push(options?.siblings ?? []);
      return Promise.resolve(openResolution(one));
    };
    await run(takesTheirs, [file, fileOf("b.txt", [open("b")])], { merge: { ...merge, resolve } });
    expect(asked).toEqual([[], []]);
  });

  it("asks about at most 20 hunks of a run, over all its files", async () => {
    const files = ["a", "b"].map((name) =>
      fileOf(
        `${name}.txt`,
        Array.from({ length: 15 }, (_, index) => [open(`${name}${index}`), clean("-\n")]).flat(),
      ),
    );
    const { models, outcome } = await run({ choose: ({ options }) => options.slice(0, 2) }, files);
    expect(models.calls).toHaveLength(20);
    expect(outcome).toMatchObject({
      status: "unchanged",
      reason: "Neither a rule nor a model settles any of these conflicts.",
    });
  });

  it("asks nothing about paths that are for people, and records no code", async () => {
    const steps: string[] = [];
    const record: AgentContext["record"] = ({ detail }) => steps.push(detail);
    const secret = fileOf(".npmrc", [open("token")]);
    const { models } = await run(
      { choose: () => ["none"], write: () => Array<string>(3).fill("a = invented()\n") },
      [secret, file],
      { record },
    );
    expect(models.calls.map(({ subject }) => subject)).toEqual(["a.txt#1", "a.txt#1"]);
    expect(steps).toContain("a.txt: hunk 1: generate: refused by nothing-from-nowhere");
    expect(steps.join("\n")).not.toContain("invented");
  });
});
