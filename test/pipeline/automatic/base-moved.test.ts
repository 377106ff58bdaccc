// A base that moves: open pull requests are looked at, few and one after the other, and a conflict starts one run.
import { describe, expect, it } from "@jest/globals";
import { defaultPolicy } from "../../../src/config/policy-defaults.ts";
import type { Command } from "../../../src/core/command.ts";
import { idlePull } from "../../../src/core/run.ts";
import { askAfterBaseMoved, onBaseMoved } from "../../../src/pipeline/automatic/base-moved.ts";
import { detailsOf, eventCommand, mailbox, pull, sha, turn, untilItLives, worldOf } from "./world.ts";
import type { World } from "./world.ts";

const auto = { ...defaultPolicy.auto, conflicts: "propose" as const };
const notice = {
  ...{ kind: "branch-pushed" as const, id: "push/77/refs/heads/main/x/y/1", installationId: 1 },
  ...{ owner: "acme", repo: "shop", branch: "main", sha: sha("f"), reverts: [] },
};
const pulls = (many: number) =>
  Array.from({ length: many }, (_, index) => ({ ...pull, number: 100 - index }));
const look: Command = eventCommand("base-moved", {
  ...{ id: "base-moved-1", headSha: null, args: [sha("f")], source: { kind: "event", event: "push" } },
});
const run = `automatic/fix-conflicts/acme/shop#7/${sha("a")}/${sha("f")}`;

/** A world in whose mailbox the look already lies, as it does while it is carried out. */
function lookingAt(changes: Partial<World["state"]>): World {
  const world = worldOf({ auto, ...changes });
  world.inbox.set(mailbox, [{ kind: "command", command: look }]);
  return world;
}
const conflicted = { details: detailsOf({ mergeable: false }) };
const unknown = { details: detailsOf({ mergeable: null }) };

/** What lies in the mailbox beside the look itself. */
const asked = (world: World) => world.waiting().filter((id) => id !== look.id);

/** Takes the first item out of the mailbox and returns its command. */
function next(world: World): Command {
  const [item, ...more] = world.inbox.get(mailbox) ?? [];
  world.inbox.set(mailbox, more);
  if (item?.kind !== "command") throw new Error("There is no command in the mailbox.");
  return item.command;
}

describe("a push to a base", () => {
  it("asks for a look at each open pull request, newest first, one after the other", async () => {
    const world = worldOf({ auto, open: pulls(40) });
    await askAfterBaseMoved(notice, world.services);
    expect(world.asked).toEqual(["open main", "pull 100", "policy"]);
    expect(world.wakes).toHaveLength(30);
    expect(world.wakes[0]?.mailbox).toBe("acme/shop#100");
    const delays = world.wakes.map(({ delayMs }) => delayMs);
    expect(delays).toEqual([...new Set(delays)].sort((a, b) => a - b));
    expect(Math.max(...delays)).toBeLessThan(60_000);
    expect(world.inbox.get("acme/shop#71")).toMatchObject([
      { command: { verb: "base-moved", args: [sha("f")], pull: { number: 71 } } },
    ]);
    await askAfterBaseMoved(notice, world.services);
    expect(world.waiting("acme/shop#71")).toHaveLength(1);
  });

  it("asks for nothing where the repository has not turned it on, or nothing is open into it", async () => {
    const off = worldOf({ open: pulls(3) });
    const none = worldOf({ auto });
    for (const { services } of [off, none]) await askAfterBaseMoved(notice, services);
    expect([off.wakes, none.wakes, none.asked]).toEqual([[], [], ["open main"]]);
  });
});

describe("a look", () => {
  it("starts a run where there is a conflict, once for head and base, and counts it", async () => {
    const world = lookingAt(conflicted);
    await onBaseMoved(look, turn, world.services);
    await onBaseMoved(look, turn, world.services);
    expect(asked(world)).toEqual([run]);
    expect(world.inbox.get(mailbox)?.[1]).toMatchObject({
      command: { verb: "fix-conflicts", headSha: sha("a"), source: { kind: "event", event: "push" } },
    });
    expect(world.state.pull?.automatic.heads).toEqual([sha("a")]);
  });

  it("at the same head's conflict with the next base starts a second run, and none with the third", async () => {
    const world = lookingAt(conflicted);
    for (const letter of ["f", "9", "8"]) {
      world.inbox.clear();
      await onBaseMoved({ ...look, id: letter, args: [sha(letter)] }, turn, world.services);
      const started = letter !== "8";
      expect(world.waiting()).toEqual(started ? [run.replace(sha("f"), sha(letter))] : []);
    }
    expect(world.state.pull?.automatic.heads).toEqual([sha("a"), sha("a")]);
  });

  it.each<[string, Partial<World["state"]>]>([
    ["it merges cleanly", { details: detailsOf() }],
    ["it is gone", { details: null }],
    ["it is a fork", { details: detailsOf({ mergeable: false, fromFork: true }) }],
    ["the setting was turned off", { ...conflicted, auto: defaultPolicy.auto }],
    ["somebody said stop", { ...conflicted, pull: { ...idlePull(pull), phase: "paused" } }],
  ])("starts nothing where %s", async (_, changes) => {
    const world = lookingAt(changes);
    await onBaseMoved(look, turn, world.services);
    expect([asked(world), world.wakes]).toEqual([[], []]);
  });

  it.each([
    ["a newer base waits for its look", eventCommand("base-moved", { id: "newer", args: [sha("9")] })],
    ["somebody has asked for just this", eventCommand("fix-conflicts", { id: "comment/1" })],
  ])("is left out where %s", async (_, command) => {
    const world = lookingAt(conflicted);
    world.inbox.get(mailbox)?.push({ kind: "command", command });
    await onBaseMoved(look, turn, world.services);
    expect([asked(world), world.asked]).toEqual([[command.id], []]);
  });

  it("by a worker that dies after any effect leaves what one that lives does", async () => {
    const [living, dying] = [lookingAt(conflicted), lookingAt(conflicted)];
    await onBaseMoved(look, turn, living.services);
    const deaths = await untilItLives(dying, () => onBaseMoved(look, turn, dying.services));
    expect(deaths).toBeGreaterThan(1);
    expect([dying.waiting(), dying.state.pull]).toEqual([living.waiting(), living.state.pull]);
  });
});

describe("while GitHub has not found out", () => {
  it("is asked again every half minute, behind nobody, and given up in the end", async () => {
    const world = lookingAt(unknown);
    await onBaseMoved(next(world), turn, world.services);
    expect(world.waiting()).toEqual(["base-moved-1/again"]);
    const [again] = world.inbox.get(mailbox) ?? [];
    if (again?.kind !== "command") throw new Error("There is no second look.");
    for (const now of [1_000, 31_000, 61_000]) {
      world.state.now = now;
      await expect(onBaseMoved(again.command, turn, world.services)).rejects.toMatchObject({
        retryable: true,
        retryAfterMs: 30_000,
      });
    }
    world.state.now = 91_000;
    await onBaseMoved(next(world), turn, world.services);
    expect(world.waiting()).toEqual([]);
  });

  it("lets what has come behind it go first, and ends at the same moment", async () => {
    const world = lookingAt(unknown);
    await onBaseMoved(next(world), turn, world.services);
    world.inbox.get(mailbox)?.push({ kind: "command", command: eventCommand("status", { id: "comment/2" }) });
    world.state.now = 31_000;
    // As a worker does it: the item is taken out once it is done.
    const [again] = world.inbox.get(mailbox) ?? [];
    if (again?.kind !== "command") throw new Error("There is no second look.");
    await onBaseMoved(again.command, turn, world.services);
    next(world);
    expect(world.waiting()).toEqual(["comment/2", "base-moved-1/again/again"]);
    expect(world.inbox.get(mailbox)?.[1]).toMatchObject({ command: { args: [sha("f"), "91000"] } });
  });

  it("starts the run once GitHub knows", async () => {
    const world = lookingAt(unknown);
    await onBaseMoved(next(world), turn, world.services);
    world.state.details = conflicted.details;
    await onBaseMoved(next(world), turn, world.services);
    expect(world.waiting()).toEqual([run]);
  });
});
