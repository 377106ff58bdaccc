// The loop over the open hunks of a file: in which order models are asked, what is kept, what is ranked anew, and when it ends.
import { describe, expect, it } from "@jest/globals";
import { settleWithModels } from "../../src/agents/conflict-resolver/settle-with-models.ts";
import type { ModelTierContext } from "../../src/agents/conflict-resolver/settle-with-models.ts";
import type { ResolveOptions } from "../../src/core/agent.ts";
import type { ConflictedFile, FileResolution } from "../../src/core/conflict.ts";
import {
  around,
  clean,
  fakeModels,
  fileOf,
  hunk,
  openResolution,
  price,
  settle,
  sides,
  three,
  tierContext,
} from "./support.ts";
import type { Script } from "./support.ts";

describe("the loop", () => {
  const line = (name: string) => hunk(`${name} = 1\n`, `${name} = old(2)\n`, `${name} = new(3)\n`);
  const two = fileOf("a.txt", [line("one"), clean("-\n"), line("two"), clean("-\n"), line("three")]);

  it("asks about the most telling hunk first, ranks the rest beside its answer, and counts the calls saved", async () => {
    const order = { ...openResolution(two), openHunks: [1, 2, 0] };
    const asked: ResolveOptions[] = [];
    const resolve = (file: ConflictedFile, options: ResolveOptions = {}): Promise<FileResolution> => {
      asked.push(options);
      const again = openResolution(file);
      const hunks = again.hunks.map((one, index) => {
        const settlement = {
          tier: "ranked" as const,
          class: "ranked/at-least-95/docs",
          text: one.hunk.theirs,
          why: "",
        };
        return index === 0 ? { ...one, settlement } : one;
      });
      return Promise.resolve({ ...again, hunks });
    };
    const { hunks, models, work } = await settle(
      { choose: ({ options }) => three(options[1]?.text ?? "") },
      { merge: { resolve, parseErrors: () => Promise.resolve(null) } },
      two,
      order,
    );
    expect(models.calls.map(({ subject }) => subject)).toEqual(["a.txt#2", "a.txt#3"]);
    expect(asked).toMatchObject([{ siblings: [{ text: "two = new(3)\n" }] }]);
    expect(hunks[0]?.settlement).toMatchObject({
      tier: "ranked",
      class: "beside-model/ranked/at-least-95/docs",
    });
    expect(work.callsSaved).toBe(3);
    expect(work.wholeFiles.inputTokens).toBeGreaterThan(work.wholeFiles.outputTokens);
  });

  it("keeps each settlement before it asks anything else", async () => {
    const events: string[] = [];
    const keepSettlement = () => {
      events.push("kept");
      return Promise.resolve();
    };
    const choose: Script["choose"] = ({ options }) => {
      events.push("asked");
      return three(options[0]?.text ?? "");
    };
    await settle({ choose }, { keepSettlement }, two);
    expect(events).toEqual(["asked", "kept", "asked", "kept", "asked", "kept"]);
  });

  it("takes kept settlements without a call, judged anew, and settles what it settled before", async () => {
    const choose: Script["choose"] = ({ options }) => three(options[1]?.text ?? "");
    const first = await settle({ choose }, {}, two);
    const again = await settle({ choose }, { settlements: first.kept, approved: true }, two);
    expect(again.models.calls).toEqual([]);
    expect(again.resolution).toEqual(first.resolution);
    const [one] = first.kept;
    const forged = one ? [{ ...one, text: "one = steal(3)\n" }] : [];
    const refused = await settle({}, { settlements: forged, approved: true }, two);
    expect(forged).toHaveLength(1);
    expect(refused.hunks.map(({ settlement }) => settlement)).toEqual([null, null, null]);
  });

  it("asks nothing once a person has approved", async () => {
    const { models, hunks } = await settle(
      { choose: () => three(sides.ours), ask: () => "CHOICE: A" },
      { approved: true },
    );
    expect(models.calls).toEqual([]);
    expect(hunks[0]).toMatchObject({ settlement: null, why: "No rule settles it." });
  });

  it("asks about equal sides once", async () => {
    const twins = fileOf("a.txt", [line("one"), clean("-\n"), line("one")]);
    const settled = await settle({ choose: ({ options }) => three(options[0]?.text ?? "") }, {}, twins);
    expect(settled.models.calls).toHaveLength(1);
    expect(settled.resolution.openHunks).toEqual([]);
    const open = await settle(
      { choose: () => [{ text: "one = old(2)\n" }, { text: "one = new(3)\n" }] },
      {},
      twins,
    );
    expect(open.models.calls).toHaveLength(1);
    expect(open.hunks.some(({ why }) => why.includes("Another hunk with the same sides"))).toBe(true);
  });

  it("stops at the run's limit of hunks, and when models are at their end, and says so", async () => {
    const choose: Script["choose"] = ({ options }) => three(options[0]?.text ?? "");
    const limited = await settle({ choose }, { hunksLeft: 1 }, two);
    expect(limited.asked).toBe(1);
    expect(limited.hunks.filter(({ why }) => why.includes("limit of hunks"))).toHaveLength(2);
    const broke = await settle(
      { choose, isAvailable: (role, calls) => role === "small" && calls < 2 },
      {},
      two,
    );
    expect(broke.models.calls).toHaveLength(2);
    expect(broke.hunks.filter(({ why }) => why.includes("No model could be asked"))).toHaveLength(1);
  });

  it("leaves what does not fit a question to a person, without asking anybody", async () => {
    const lines = Array.from({ length: 400 }, (_, index) => `word${index} = ${index}\n`).join("");
    const large = fileOf("a.txt", around(hunk("", lines, "b\n")));
    const models = fakeModels({ choose: () => ["none"], ask: () => "CHOICE: A" });
    const tooLarge = { callIds: [], votes: [], model: null, why: "The question is too large.", text: null };
    const fitting = {
      ...models,
      write: () => Promise.resolve({ ...tooLarge, status: "too-large" as const }),
    };
    const { resolution, asked } = await settleWithModels(large, openResolution(large), tierContext(fitting));
    expect([asked, models.calls]).toEqual([0, []]);
    expect(resolution.hunks[0]?.why).toContain("too large for a small model");
  });

  it.each(["package.json", "web/package.json", "yarn.lock"])("is not asked about %s", async (path) => {
    const file = fileOf(path, around(price));
    const { models, hunks } = await settle({ choose: () => three(sides.ours) }, {}, file);
    expect(models.calls).toEqual([]);
    expect(hunks[0]).toMatchObject({
      settlement: null,
      why: expect.stringContaining("package.json and lockfiles"),
    });
  });

  it("opens every hunk again that rests on a model where the whole file is broken", async () => {
    const file = fileOf("a.js", [hunk("", "f(\n", "g(\n"), clean("1\n"), hunk("", ")\n", "])\n")]);
    const parseErrors = (_path: string, { result }: { result: string }) =>
      Promise.resolve(result === "g(\n1\n)\n" ? "1 syntax error" : null);
    const merge = { resolve: (one: ConflictedFile) => Promise.resolve(openResolution(one)), parseErrors };
    const choose: Script["choose"] = ({ options }, { subject }) =>
      three(options[subject === "a.js#1" ? 1 : 0]?.text ?? "");
    // The second answer is judged with the first in place, so only the look at the whole can refuse both.
    const lenient = { ...merge, parseErrors: once(parseErrors) };
    const { hunks, models, resolution } = await settle({ choose }, { merge: lenient }, file);
    expect(resolution.openHunks).toHaveLength(2);
    expect(hunks.map(({ settlement }) => settlement)).toEqual([null, null]);
    expect(hunks[0]?.why).toContain("taken back: it does not parse");
    expect(models.notes.slice(-2).map(({ note }) => [note.accepted, note.gates?.at(-1)?.name])).toEqual([
      [false, "whole-file"],
      [false, "whole-file"],
    ]);
  });

  it("changes nothing that was settled before", async () => {
    const settlement = { tier: "trivial" as const, class: "x", text: "one = kept(1)\n", why: "A rule." };
    const before = openResolution(two);
    const hunks = before.hunks.map((one, index) => (index === 0 ? { ...one, settlement } : one));
    const { resolution } = await settle({ choose: ({ options }) => three(options[0]?.text ?? "") }, {}, two, {
      ...before,
      hunks,
      openHunks: [1, 2],
    });
    expect(resolution.hunks[0]?.settlement).toEqual(settlement);
  });

  it("ends at once when the run is aborted", async () => {
    await expect(
      settle({ choose: () => three(sides.ours) }, { signal: AbortSignal.abort(new Error("stop")) }),
    ).rejects.toThrow("stop");
  });
});

/** Says "fine" the first two times that a result would be refused: what the gates of single answers say. */
function once(
  parseErrors: ModelTierContext["merge"]["parseErrors"],
): ModelTierContext["merge"]["parseErrors"] {
  let left = 2;
  return async (path, texts) => {
    const errors = await parseErrors(path, texts);
    return errors !== null && left-- > 0 ? null : errors;
  };
}
