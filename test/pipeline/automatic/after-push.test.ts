// A person's push pauses what starts by itself; a person's command begins anew; our own push does neither.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Actor } from "../../../src/core/command.ts";
import { idlePull } from "../../../src/core/run.ts";
import type { AutomaticState, PullState } from "../../../src/core/run.ts";
import { afterPush, noteAsked, notePush } from "../../../src/pipeline/automatic/after-push.ts";
import { botLogin, eventCommand, pull, pushedRun, sha, turn, worldOf } from "./world.ts";

const ann: Actor = { login: "ann", type: "User" };
const push = { sender: ann, headSha: sha("d"), ownSha: sha("c"), botLogin };
const fresh: Pick<PullState, "automatic"> = { automatic: { heads: [sha("a")], paused: null } };

describe("afterPush", () => {
  it("pauses on a person's push on top of our commit, or in its place", () => {
    expect(afterPush(fresh, push)).toEqual({
      heads: [sha("a")],
      paused: expect.stringContaining("A person has pushed since Errand's own commit"),
    });
  });

  it.each([
    ["our own push", { sender: { login: "Errand[bot]", type: "Bot" as const } }],
    ["our own push under a user's type", { sender: { login: "errand[bot]", type: "User" as const } }],
    ["another program's", { sender: { login: "prettier[bot]", type: "Bot" as const } }],
    ["the news of our own commit", { headSha: sha("c") }],
    ["a branch that we never pushed to", { ownSha: null }],
  ])("changes nothing on %s", (_, changes) => {
    expect(afterPush(fresh, { ...push, ...changes })).toBe(fresh.automatic);
  });
});

describe("news of a push", () => {
  const moved = (changes = {}) =>
    eventCommand("refresh", {
      headSha: sha("d"),
      source: { kind: "event", event: "pull_request.synchronize" },
      ...changes,
    });
  const pausedAfter = async (state: Partial<PullState>, runs = [pushedRun(sha("c"))], changes = {}) => {
    const world = worldOf({ pull: { ...idlePull(pull), lastRunId: "run", ...state }, runs });
    await notePush(moved(changes), turn, world.services);
    expect(world.asked).toEqual([]);
    return world.state.pull?.automatic.paused != null;
  };

  it("pauses where the last run pushed, or found our own commit", async () => {
    expect(await pausedAfter({})).toBe(true);
    expect(await pausedAfter({ lastRunId: null, waitingFor: { sha: sha("c"), runId: "run" } })).toBe(true);
    const second = pushedRun(null, { id: "second", headSha: sha("c") });
    expect(await pausedAfter({ lastRunId: "second" }, [second, pushedRun(sha("c"))])).toBe(true);
  });

  it("pauses nothing where the last run proposed, whatever was pushed before it, or for other news", async () => {
    const second = pushedRun(null, { id: "second", headSha: sha("d") });
    expect(await pausedAfter({ lastRunId: "second" }, [second, pushedRun(sha("c"))])).toBe(false);
    expect(await pausedAfter({ lastRunId: null })).toBe(false);
    const opened = { source: { kind: "event" as const, event: "pull_request.reopened" } };
    expect(await pausedAfter({}, [pushedRun(sha("c"))], opened)).toBe(false);
    expect(await pausedAfter({}, [pushedRun(sha("c"))], { headSha: sha("c") })).toBe(false);
  });

  it("is written by nobody who has lost the turn", async () => {
    const state = { ...idlePull(pull), lastRunId: "run" };
    const world = worldOf({ pull: state, runs: [pushedRun(sha("c"))], held: false });
    await expect(notePush(moved(), turn, world.services)).rejects.toMatchObject({ code: "turn-lost" });
    expect(world.state.pull).toEqual(state);
  });
});

describe("a person's command", () => {
  it("begins anew, and writes nothing where there is nothing to begin", async () => {
    const automatic = { heads: [sha("1"), sha("2")], paused: "Ann pushed." };
    const world = worldOf({ pull: { ...idlePull(pull), phase: "done", automatic } });
    await noteAsked(eventCommand("fix-tests"), turn, world.services);
    expect(world.state.pull).toMatchObject({ phase: "done", automatic: { heads: [], paused: null } });
    const none = worldOf({ pull: null, held: false });
    await noteAsked(eventCommand("fix-tests"), turn, none.services);
    expect(none.state.pull).toBeNull();
  });
});

describe("however people and we push and ask", () => {
  const step = fc.constantFrom("ours", "person", "program", "asked");
  it("it is paused exactly while a person's push on our commit is newer than the last command", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        let automatic: AutomaticState = { heads: [], paused: null };
        let ownSha: string | null = null;
        let expected = false;
        for (const [index, who] of steps.entries()) {
          const headSha = String(index).padStart(40, "0");
          if (who === "asked") {
            const world = worldOf({ pull: { ...idlePull(pull), automatic } });
            await noteAsked(eventCommand("fix-tests"), turn, world.services);
            automatic = world.state.pull?.automatic ?? automatic;
            expected = false;
            continue;
          }
          if (who === "ours") ownSha = headSha;
          const login = { ours: botLogin, person: "ann", program: "x[bot]" }[who];
          const sender: Actor = { login, type: who === "person" ? "User" : "Bot" };
          automatic = afterPush({ automatic }, { sender, headSha, ownSha, botLogin });
          expected ||= who === "person" && ownSha !== null;
          expect(automatic.paused !== null).toBe(expected);
        }
      }),
    );
  });
});
