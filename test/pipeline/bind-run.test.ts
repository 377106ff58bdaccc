// Which proposal an apply is for: a button's own, and for a comment one that was there when it was written.
import { describe, expect, it } from "@jest/globals";
import { Command } from "../../src/core/command.ts";
import { idlePull } from "../../src/core/run.ts";
import type { Run } from "../../src/core/run.ts";
import { bindRun } from "../../src/pipeline/bind-run.ts";
import { command, pull, runOf, sha, worldOf } from "./outcome-world.ts";

const turn = { mailbox: "acme/shop#7", token: 1, signal: new AbortController().signal };
const head = sha("a");
const base = sha("b");
const noon = "2026-01-02T12:00:00Z";
const second = 1_000;

type Source = Command["source"];

function comment(commentId: number, createdAt?: string): Source {
  return { kind: "comment", place: "issue", commentId, bodyHash: "", ...(createdAt && { createdAt }) };
}

const button: Source = { kind: "button", checkRunId: 1, identifier: "apply#7" };

/** The run that proposed, ended `afterNoonMs` after noon. */
function proposing(afterNoonMs: number, source: Source = comment(1)): Run {
  const asked = { ...command("fix-conflicts", "proposing"), source };
  return runOf("proposing", ["x\n"], { command: asked, endedAt: Date.parse(noon) + afterNoonMs });
}

/** What an apply is bound to, or how it ends. */
async function bind(changes: Partial<Command>, proposed: Run | null = proposing(0)) {
  const { services, state } = worldOf(proposed ? [proposed] : [], []);
  const proposal = {
    runId: "proposing",
    headSha: head,
    baseSha: base,
    tree: sha("e"),
    errand: "fix-conflicts" as const,
  };
  state.pull = { ...idlePull(pull), phase: "proposed", proposal };
  // A command as it comes out of the inbox.
  const asked = Command.parse(JSON.parse(JSON.stringify({ ...command("apply"), ...changes })));
  const run = { ...runOf("apply", [], { command: asked, headSha: null, baseSha: null, endedAt: null }) };
  const store = { ...services.store, saveRun: () => Promise.resolve(true) };
  const bound = await bindRun(run, state.details, turn, { ...services, store });
  return "ending" in bound ? bound : { headSha: bound.headSha, baseSha: bound.baseSha };
}

const bound = { headSha: head, baseSha: base };
const older = { ending: "stale", summary: expect.stringContaining("button belongs to an earlier proposal") };
const early = {
  ending: "stale",
  summary: expect.stringContaining("written before anybody could see the open proposal"),
};

describe("the Apply button", () => {
  it("of the open proposal is bound to its commits", async () => {
    expect(await bind({ source: button, headSha: head, args: ["proposing"] })).toEqual(bound);
  });

  it("of another run is refused, on the same head as well", async () => {
    expect(await bind({ source: button, headSha: head, args: ["another"] })).toMatchObject(older);
    expect(await bind({ source: button, headSha: sha("c"), args: ["proposing"] })).toMatchObject(older);
  });

  it("that was pressed before presses told the run is judged by its head", async () => {
    expect(await bind({ source: button, headSha: head })).toEqual(bound);
    expect(await bind({ source: button, headSha: sha("c") })).toMatchObject(older);
  });
});

describe("a comment", () => {
  it("that is older than the proposal applies nothing", async () => {
    expect(await bind({ source: comment(2, noon) }, proposing(second))).toMatchObject(early);
    expect(await bind({ source: comment(2, noon) }, proposing(60 * second))).toMatchObject(early);
  });

  it("of the second in which the proposal was made, or a later one, applies it", async () => {
    expect(await bind({ source: comment(2, noon) }, proposing(second - 1))).toEqual(bound);
    expect(await bind({ source: comment(2, noon) }, proposing(-60 * second))).toEqual(bound);
  });

  it("that asked for the proposal and for its push applies it", async () => {
    const both = { ...proposing(60 * second, comment(2, noon)), settlements: [] };
    expect(await bind({ source: comment(2, noon) }, both)).toEqual(bound);
    const review = { ...comment(2, noon), place: "review" } as const;
    expect(await bind({ source: review }, both)).toMatchObject(early);
  });

  it("that asked for both does not push what models answered: nobody has seen that", async () => {
    const answered = proposing(60 * second, comment(2, noon));
    expect(answered.settlements).toHaveLength(1);
    expect(await bind({ source: comment(2, noon) }, answered)).toMatchObject(early);
  });

  it.each([
    ["stored before times were read", comment(2), proposing(60 * second)],
    ["with a time that cannot be read", comment(2, "soon"), proposing(60 * second)],
    ["after a run that is no longer known", comment(2, noon), null],
  ])("%s is judged by the branch alone", async (_, source, proposed) => {
    expect(await bind({ source }, proposed)).toEqual(bound);
  });
});
