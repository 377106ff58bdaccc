// Whose answers count in a run: its own, then those of earlier runs on the same two commits; for an apply those of the proposal alone.
import { describe, expect, it } from "@jest/globals";
import { idlePull } from "../../src/core/run.ts";
import type { Run } from "../../src/core/run.ts";
import { keepInRun } from "../../src/pipeline/keep-in-run.ts";
import { keptSettlements } from "../../src/pipeline/settlements.ts";
import { command, pull, runOf, sha, worldOf } from "./outcome-world.ts";

const mailbox = "acme/shop#7";
const turn = { mailbox, token: 1, signal: new AbortController().signal };
const models = (enabled: boolean) => ({
  models: { enabled, agents: {}, budget: { run: null, pull: null } },
});

/** The run as it asks, and all runs of its pull request, newest first. */
async function settled(run: Run, others: readonly Run[], { enabled = true, held = true } = {}) {
  const { services, state, runs } = worldOf([run, ...others], []);
  const proposal = {
    runId: "proposing",
    headSha: sha("a"),
    baseSha: sha("b"),
    tree: sha("e"),
    errand: "fix-conflicts" as const,
  };
  state.pull = { ...idlePull(pull), proposal };
  const saved: Run[] = [];
  const store = {
    ...services.store,
    listRuns: (asked: string) => Promise.resolve(asked === mailbox ? runs : []),
    saveRun: (_: string, __: number, one: Run) => {
      saved.push(one);
      return Promise.resolve(held);
    },
  };
  const bound = { ...run, headSha: sha("a"), baseSha: sha("b"), errand: "fix-conflicts" as const };
  const keep = keepInRun(bound, turn, { store });
  return { ...(await keptSettlements(bound, models(enabled), turn, { store, keep })), saved };
}

const texts = ({ known }: { known: readonly { readonly text: string }[] }) => known.map(({ text }) => text);
const now = (hunks: readonly (string | null)[]) => runOf("now", hunks, { endedAt: null });

describe("what models settled before", () => {
  it("is taken over from ended runs on the same head and base, and what is known first stays", async () => {
    const others = [
      runOf("newer", [null, "newer 2\n", null, null]),
      runOf("older", ["older 1\n", "older 2\n", "older 3\n"]),
    ];
    expect(texts(await settled(now([]), others))).toEqual(["newer 2\n", "older 1\n", "older 3\n"]);
    expect(texts(await settled(now(["own 1\n"]), others))).toEqual(["own 1\n", "newer 2\n", "older 3\n"]);
  });

  it.each([
    ["another head", { headSha: sha("c") }],
    ["another base", { baseSha: sha("c") }],
    ["no end", { endedAt: null }],
  ])("is left alone in a run with %s", async (_, changes) => {
    expect(texts(await settled(now([]), [runOf("other", ["x\n"], changes)]))).toEqual([]);
  });

  it("counts no more once the repository has turned models off, but for the run's own", async () => {
    const others = [runOf("other", ["x\n", "y\n"])];
    expect(texts(await settled(now(["own\n"]), others, { enabled: false }))).toEqual(["own\n"]);
  });

  it("is for an apply what its proposal was made of, whatever else was answered", async () => {
    const others = [runOf("newer", ["newer\n", "more\n"]), runOf("proposing", ["shown\n"])];
    const apply = runOf("apply", [], { command: command("apply"), endedAt: null });
    expect(texts(await settled(apply, others))).toEqual(["shown\n"]);
  });

  it("is kept with the run together with each new answer, unless the turn was lost", async () => {
    const [fresh] = runOf("fresh", ["fresh\n"]).settlements;
    if (!fresh) throw new Error("no settlement");
    const others = [runOf("older", [null, "older 2\n"])];
    const { keep, all, saved } = await settled(now([]), others);
    await keep(fresh);
    expect(saved.map(({ id, settlements }) => [id, settlements])).toEqual([["now", all()]]);
    expect(all().map(({ text }) => text)).toEqual(["older 2\n", "fresh\n"]);
    const lost = await settled(now([]), others, { held: false });
    await expect(lost.keep(fresh)).rejects.toMatchObject({ code: "turn-lost" });
  });
});
