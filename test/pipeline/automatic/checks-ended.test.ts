// Checks that have ended: our own commit's end its wait, a failing head starts a run, once, through any crash.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { defaultPolicy } from "../../../src/config/policy-defaults.ts";
import { InboxItem, isAutomatic } from "../../../src/core/command.ts";
import type { CheckSummary } from "../../../src/core/failed-check.ts";
import { AppError } from "../../../src/core/errors.ts";
import { idlePull } from "../../../src/core/run.ts";
import { closePull } from "../../../src/pipeline/answer.ts";
import { onChecksEnded } from "../../../src/pipeline/automatic/checks-ended.ts";
import { ciInWords } from "../../../src/pipeline/automatic/end-wait.ts";
import {
  botLogin,
  detailsOf,
  eventCommand,
  mailbox,
  pull,
  pushedRun,
  sha,
  turn,
  untilItLives,
  worldOf,
} from "./world.ts";
import type { World } from "./world.ts";

const ended = (letter = "a", id = "checks-ended-1") =>
  eventCommand("checks-ended", { id, headSha: sha(letter) });
const fixOf = (letter: string) => `automatic/fix-tests/acme/shop#7/${sha(letter)}`;
const red = { pending: 0, failed: ["test", "lint"], passed: 10 };
const green = { pending: 0, failed: [], passed: 12 };

/** Our commit cccc… is the head and waits for its checks. */
function waitingWorld(checks: CheckSummary, changes: Partial<World["state"]> = {}): World {
  return worldOf({
    pull: {
      ...{ ...idlePull(pull), phase: "waiting_ci", lastRunId: "run", commentId: 5 },
      waitingFor: { sha: sha("c"), runId: "run" },
      automatic: { heads: [sha("a")], paused: null },
    },
    details: detailsOf({ head: { sha: sha("c"), ref: "topic", owner: "acme", repo: "shop" } }),
    runs: [pushedRun(sha("c"))],
    checks,
    ...changes,
  });
}

describe("checks of a head that have ended", () => {
  it("red start one run of ours, which is counted", async () => {
    const world = worldOf();
    await onChecksEnded(ended(), turn, world.services);
    const [item] = world.inbox.get(mailbox) ?? [];
    expect(InboxItem.parse(item)).toEqual({
      kind: "command",
      command: {
        ...{ id: fixOf("a"), pull, actor: { login: botLogin, type: "Bot" }, verb: "fix-tests", args: [] },
        ...{ headSha: sha("a"), source: { kind: "event", event: "check_suite.completed" } },
      },
    });
    expect(item?.kind === "command" && isAutomatic(item.command)).toBe(true);
    expect(world.state.pull?.automatic.heads).toEqual([sha("a")]);
    expect(world.wakes).toEqual([{ mailbox, delayMs: 0 }]);
  });

  it("told again, by the same news or other, start nothing more, and ask GitHub nothing", async () => {
    const world = worldOf();
    await onChecksEnded(ended(), turn, world.services);
    const before = world.asked.length;
    await onChecksEnded(ended(), turn, world.services);
    await onChecksEnded(ended("a", "another"), turn, world.services);
    expect([world.waiting(), world.asked.length]).toEqual([[fixOf("a")], before]);
  });

  it("after somebody asked anew, the same head is started for no second time", async () => {
    const world = worldOf();
    await onChecksEnded(ended(), turn, world.services);
    world.inbox.clear();
    world.state.pull = idlePull(pull);
    await onChecksEnded(ended("a", "another"), turn, world.services);
    expect(world.waiting()).toEqual([]);
  });

  it.each<[string, Partial<World["state"]>, readonly string[]]>([
    ["whose branch has moved on", { details: detailsOf({ head: null }) }, ["pull 7"]],
    ["of a pull request that is gone", { details: null }, ["pull 7"]],
    ["while others go on", { checks: { ...red, pending: 1 } }, ["pull 7", "checks a"]],
    ["all green", { checks: green }, ["pull 7", "checks a"]],
    [
      "where the policy says off",
      { auto: { ...defaultPolicy.auto, checks: "off" } },
      ["pull 7", "checks a", "policy"],
    ],
    ["on a stopped pull request", { pull: { ...idlePull(pull), phase: "paused" } }, []],
    ["after two runs", { pull: { ...idlePull(pull), automatic: { heads: ["1", "2"], paused: null } } }, []],
    [
      "for which somebody has just asked",
      {
        pull: { ...idlePull(pull), phase: "handed_off", lastRunId: "run" },
        runs: [pushedRun(null)],
      },
      ["pull 7", "checks a"],
    ],
  ])("%s start nothing, and cost no more than they have to", async (_, changes, asked) => {
    const world = worldOf(changes);
    const before = world.state.pull;
    await onChecksEnded(ended(), turn, world.services);
    expect([world.waiting(), world.state.pull, world.asked]).toEqual([[], before, asked]);
  });

  it("start nothing for a worker that has lost its turn", async () => {
    const world = worldOf({ held: false });
    await expect(onChecksEnded(ended(), turn, world.services)).rejects.toMatchObject({ code: "turn-lost" });
    expect(world.wakes).toEqual([]);
  });
});

describe("checks of our own commit that have ended", () => {
  it("green end the run with what CI said, in the report, the comment and the check run", async () => {
    const world = waitingWorld(green);
    await onChecksEnded(ended("c"), turn, world.services);
    expect(world.state.pull).toMatchObject({ phase: "done", waitingFor: null });
    const notes = ["Said before.", "CI on our commit: 12 checks passed."];
    expect(world.state.runs[0]?.report?.notes).toEqual(notes);
    expect(world.state.comment).toBe(notes.join("\n"));
    expect(world.checkRuns).toEqual([`c: ${notes.join(" | ")}`]);
    expect(world.waiting()).toEqual([]);
  });

  it("leave a stop in force, as closing does: nothing starts until somebody asks", async () => {
    const world = waitingWorld(red);
    if (world.state.pull !== null) world.state.pull = { ...world.state.pull, phase: "paused" };
    await onChecksEnded(ended("c"), turn, world.services);
    expect(world.state.pull).toMatchObject({ phase: "paused", waitingFor: null });
    await closePull(eventCommand("close"), turn, world.services);
    expect(world.state.pull?.phase).toBe("paused");
    await onChecksEnded(ended("c", "another"), turn, world.services);
    expect(world.waiting()).toEqual([]);
  });

  it("red say which, and start another run on our commit", async () => {
    const world = waitingWorld(red);
    await onChecksEnded(ended("c"), turn, world.services);
    expect(world.state.pull).toMatchObject({
      phase: "handed_off",
      waitingFor: null,
      automatic: { heads: [sha("a"), sha("c")] },
    });
    expect(world.state.comment).toContain(
      "CI on our commit: 2 checks failed: test, lint; 10 passed. Errand looks into it by itself.",
    );
    expect(world.waiting()).toEqual([fixOf("c")]);
  });

  it("red for the second time are handed over, and the note says why", async () => {
    const world = waitingWorld(red);
    const automatic = { heads: [sha("1"), sha("a")], paused: null };
    world.state.pull = world.state.pull && { ...world.state.pull, automatic };
    await onChecksEnded(ended("c"), turn, world.services);
    expect(world.state.comment).toContain("Nothing more starts here by itself");
    expect([world.state.pull?.phase, world.waiting()]).toEqual(["handed_off", []]);
  });

  it("while some go on leave it waiting", async () => {
    const world = waitingWorld({ ...red, pending: 2 });
    const before = world.state.pull;
    await onChecksEnded(ended("c"), turn, world.services);
    expect([world.state.pull, world.state.comment, world.waiting()]).toEqual([before, "", []]);
  });

  it("end the wait although the branch has moved on, and start nothing on what it left", async () => {
    const world = waitingWorld(red, { details: detailsOf() });
    await onChecksEnded(ended("c"), turn, world.services);
    expect([world.state.pull?.phase, world.waiting()]).toEqual(["handed_off", []]);
  });

  it("that may not be read end the wait with what to grant; of another's commit nobody is told", async () => {
    const refusal = new AppError("permission", "GitHub refused (403).", {
      retryable: false,
      remedy: 'The app needs "Checks: read".',
    });
    const refusing = (world: World) => ({
      ...world.services,
      githubFor: (id: number) => ({
        ...world.services.githubFor(id),
        checkSummary: () => Promise.reject(refusal),
      }),
    });
    const waiting = waitingWorld(green);
    await onChecksEnded(ended("c"), turn, refusing(waiting));
    expect(waiting.state.comment).toContain(
      'could not be read. GitHub refused (403). The app needs "Checks: read".',
    );
    expect([waiting.state.pull?.phase, waiting.state.pull?.waitingFor]).toEqual(["handed_off", null]);
    const other = worldOf();
    await onChecksEnded(ended(), turn, refusing(other));
    expect([other.state.comment, other.waiting()]).toEqual(["", []]);
  });

  it("of another commit leave it waiting", async () => {
    const world = waitingWorld(green);
    await onChecksEnded(ended("b"), turn, world.services);
    expect(world.state.pull?.phase).toBe("waiting_ci");
  });
});

describe("a worker that dies after any effect", () => {
  it.each([
    ["on a failing head", () => worldOf(), "a"],
    ["on our own commit", () => waitingWorld(red), "c"],
    ["on our own green commit", () => waitingWorld(green), "c"],
  ] as const)("%s leaves what one that lives does", async (_, open, letter) => {
    const [living, dying] = [open(), open()];
    await onChecksEnded(ended(letter), turn, living.services);
    const deaths = await untilItLives(dying, () => onChecksEnded(ended(letter), turn, dying.services));
    expect(deaths).toBeGreaterThan(1);
    expect(dying.waiting()).toEqual(living.waiting());
    expect(dying.state.comment).toBe(living.state.comment);
    expect(dying.state.runs).toEqual(living.state.runs);
    expect(dying.state.pull).toEqual(living.state.pull);
  });
});

describe("ciInWords", () => {
  it("is one bounded line, whatever checks are called", () => {
    const name = fc.string({ unit: "binary", maxLength: 300 });
    fc.assert(
      fc.property(fc.array(name, { maxLength: 40 }), fc.nat(), (failed, passed) => {
        const words = ciInWords({ failed, passed });
        expect(words.length).toBeLessThan(600);
        expect(words).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      }),
    );
  });

  it("tells of more than it names, and of checks that say nothing", () => {
    const failed = ["a", "b", "c", "d", "e", "f", "g"];
    expect(ciInWords({ failed, passed: 0 })).toBe(
      "CI on our commit: 7 checks failed: a, b, c, d, e and 2 more; 0 passed.",
    );
    expect(ciInWords({ failed: [], passed: 1 })).toBe("CI on our commit: 1 check passed.");
    expect(ciInWords({ failed: [], passed: 0 })).toContain("none of them says passed or failed");
  });
});
