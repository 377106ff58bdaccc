// What became of models' answers: labelled once, by the strongest news, and nothing is asked where no model was.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { CallOutcome } from "../../src/core/ledger.ts";
import type { Run } from "../../src/core/run.ts";
import { labelOutcomes } from "../../src/pipeline/label-outcomes.ts";
import { comparisons, labelled } from "../../src/pipeline/outcomes.ts";
import {
  appliedAs,
  call,
  command,
  contents,
  editsRunOf,
  resolvedAs,
  runOf,
  sha,
  worldOf,
} from "./outcome-world.ts";
import type { World } from "./outcome-world.ts";

const turn = { mailbox: "acme/shop#7", token: 1, signal: new AbortController().signal };
const label = (world: World, verb: Parameters<typeof command>[0]) =>
  labelOutcomes(command(verb), turn, world.services);

const pushedAs = (letter: string): Run => appliedAs(runOf("run", ["x\n"]), sha(letter));

/** A proposal of one hunk, settled by three agreeing samples. */
function proposed(text = "x\n"): World {
  const samples = ["1", "2", "3"].map((id) => call(id, "run", "a.ts#1", { contents }));
  return worldOf([runOf("run", [text])], samples);
}

function moved(world: World, to = "d"): World {
  const { details } = world.state;
  world.state.details = { ...details, head: details.head && { ...details.head, sha: sha(to) } };
  return world;
}

function merged(world: World, as = "f"): World {
  world.state.details = { ...world.state.details, state: "merged", mergeCommitSha: sha(as) };
  return world;
}

describe("a run in which no model was asked", () => {
  it.each(["fix-conflicts", "apply", "refresh", "close"] as const)(
    "costs no call after %s, and no label",
    async (verb) => {
      const world = merged(moved(worldOf([runOf("run", ["x\n"]), pushedAs("c")], [])));
      await label(world, verb);
      expect([world.asked, world.noted, world.warnings]).toEqual([[], [], []]);
    },
  );
});

describe("the end of a run", () => {
  it("labels as abstained what no model settled, and nothing else", async () => {
    const calls = [
      call("none", "run", "a.ts#2", { accepted: false }),
      call("unsent", "run", "a.ts#2", { accepted: null, status: "failed" }),
      call("outvoted", "run", "a.ts#1", { accepted: false }),
      call("settled", "run", "a.ts#1"),
      // Its worker ended between keeping the settlement and noting the call.
      call("unnoted", "run", "a.ts#3", { accepted: null }),
    ];
    const world = worldOf([runOf("run", ["x\n", null, "y\n"])], calls);
    await label(world, "fix-conflicts");
    expect(world.outcomes()).toEqual({
      none: "abstained",
      unsent: "abstained",
      outvoted: null,
      settled: null,
      unnoted: null,
    });
    expect(world.noted).toMatchObject([{ note: { outcomeAt: 5_000 } }]);
    expect(world.asked).toEqual([]);
  });

  it("labels nothing as abstained before it has come", async () => {
    const open = call("1", "run", "a.ts#1", { accepted: null });
    const failed = runOf("run", [null]);
    const world = worldOf(
      [
        { ...failed, report: failed.report && { ...failed.report, tasks: [] } },
        { ...runOf("other", [null]), endedAt: null },
      ],
      [open, { ...open, id: "2", runId: "other" }],
    );
    await label(world, "fix-conflicts");
    expect(world.noted).toEqual([]);
  });

  it("labels as accepted what a push of the very tree brought into the branch, in the run that asked", async () => {
    const world = proposed();
    world.runs.unshift(pushedAs("c"));
    await label(world, "apply");
    expect(world.outcomes()).toEqual({ 1: "accepted", 2: "accepted", 3: "accepted" });
    await label(world, "apply");
    expect(world.noted).toHaveLength(1);
    expect(world.asked).toEqual([]);
  });

  it("takes no push of another tree, head or base for that", async () => {
    const push = pushedAs("c");
    const others = [
      { ...push, report: push.report && { ...push.report, tree: sha("9") } },
      { ...push, headSha: sha("9") },
      { ...push, baseSha: sha("9") },
    ].map((run) => worldOf([runOf("run", ["x\n"]), run], [call("1", "run", "a.ts#1")]));
    for (const world of others) {
      await label(world, "apply");
      expect(world.noted).toEqual([]);
    }
  });
});

describe("a person's own merge", () => {
  it("that holds the very text accepts it, layout aside", async () => {
    const world = moved(proposed("if (a)  b;\n"));
    world.state.merge = resolvedAs(["if (a) b; \r\n\r\n"]);
    await label(world, "refresh");
    expect(world.outcomes()["1"]).toBe("accepted");
    expect(world.asked).toEqual(["pull", "token", "merge d"]);
  });

  it("that holds another edits it: the target", async () => {
    const world = moved(proposed());
    world.state.merge = resolvedAs(["theirs\n"]);
    await label(world, "refresh");
    expect(world.outcomes()).toEqual({ 1: "edited", 2: "edited", 3: "edited" });
    expect(world.calls[0]?.contents?.target).toBe("theirs\n");
    await label(world, "refresh");
    expect(world.noted).toHaveLength(1);
  });

  it.each([
    ["cannot be told", null],
    ["still has markers", "<<<<<<< HEAD\nx\n=======\ny\n>>>>>>> main\n"],
  ])("in which the hunk %s says nothing", async (_, text) => {
    const world = moved(proposed());
    world.state.merge = resolvedAs([text]);
    await label(world, "refresh");
    expect(world.noted).toEqual([]);
  });

  it("of other sides says nothing: the settlement is found by path and sides", () => {
    const run = runOf("run", ["x\n"]);
    const [file] = resolvedAs(["x\n"]);
    if (file === undefined) throw new Error("no file");
    const segments = file.file.segments.map((segment) =>
      segment.kind === "hunk" ? { ...segment, ours: "moved on\n" } : segment,
    );
    const other = { ...file, file: { ...file.file, segments } };
    const asked = { run, calls: [call("1", "run", "a.ts#1")] };
    expect(comparisons(asked, [other])).toEqual([]);
    expect(comparisons(asked, [file])).toMatchObject([{ note: { outcome: "accepted" } }]);
  });

  it("is the target of what models had no answer for, where contents are kept", async () => {
    const calls = [
      call("kept", "run", "a.ts#1", { accepted: false, contents }),
      call("bare", "run", "a.ts#1", { accepted: false }),
    ];
    const world = moved(worldOf([runOf("run", [null])], calls));
    world.state.merge = resolvedAs(["theirs\n"]);
    await label(world, "refresh");
    await label(world, "refresh");
    expect(world.outcomes()).toEqual({ kept: "abstained", bare: "abstained" });
    expect(world.noted.slice(1)).toEqual([{ ids: ["kept"], note: { target: "theirs\n" } }]);
  });

  it("in a fork is nobody's word: only what reaches the base counts", async () => {
    const world = moved(proposed("theirs\n"));
    world.state.details = { ...world.state.details, fromFork: true };
    world.state.merge = resolvedAs(["theirs\n"]);
    await label(world, "refresh");
    expect(world.noted).toEqual([]);
    merged(world).state.tip = resolvedAs(["theirs\n"]);
    await label(world, "close");
    expect(world.outcomes()["1"]).toBe("accepted");
  });

  it("is kept as a target only while the repository consents", async () => {
    const world = moved(proposed());
    world.state.consents = false;
    world.state.merge = resolvedAs(["theirs\n"]);
    await label(world, "refresh");
    expect(world.outcomes()).toEqual({ 1: "edited", 2: "edited", 3: "edited" });
    expect(world.calls[0]?.contents?.target).toBeNull();
  });

  it("is redacted before it is kept", async () => {
    const world = moved(proposed());
    world.state.merge = resolvedAs(["the canary\n"]);
    await label(world, "refresh");
    expect(world.calls[0]?.contents?.target).toBe("the [redacted]\n");
  });

  it("is not taken for a person's where it is our own", async () => {
    const world = moved(proposed(), "c");
    world.runs.unshift(pushedAs("c"));
    world.calls.push(call("outvoted", "run", "a.ts#1", { accepted: false, outcome: "abstained", contents }));
    world.state.merge = resolvedAs(["x\n"]);
    await label(world, "refresh");
    expect(world.asked).toContain("merge c");
    expect(world.calls.at(-1)?.contents?.target).toBeNull();
    merged(world).state.tip = resolvedAs(["x\n"]);
    await label(world, "close");
    expect(world.calls.at(-1)?.contents?.target).toBe("x\n");
  });

  it("is not looked for while the head is where it was, nor while somebody waits", async () => {
    const still = proposed();
    await label(still, "refresh");
    expect(still.asked).toEqual(["pull"]);
    const busy = moved(proposed());
    busy.state.waiting = 2;
    await label(busy, "refresh");
    expect(busy.asked).toEqual([]);
  });
});

describe("the end of a pull request", () => {
  it("compares with what came into the base, and keeps by which commit it did", async () => {
    const world = merged(proposed());
    world.runs.unshift(pushedAs("c"));
    moved(world, "c").state.tip = resolvedAs(["changed since\n"]);
    await label(world, "apply");
    await label(world, "close");
    expect(world.outcomes()["1"]).toBe("edited");
    expect(world.asked).toEqual(["pull", "checks c", "token", "tip f"]);
    expect(world.state.pull.mergeCommitSha).toBe(sha("f"));
  });

  it("without a merge accepts nothing", async () => {
    const world = proposed();
    world.state.details = { ...world.state.details, state: "closed" };
    world.state.tip = resolvedAs(["x\n"]);
    await label(world, "close");
    expect([world.noted, world.asked]).toEqual([[], ["pull"]]);
  });
});

describe("checks on the commit that we pushed", () => {
  async function checked(red: Record<string, string[]>): Promise<World> {
    const world = moved(proposed(), "c");
    world.runs.unshift(pushedAs("c"));
    await label(world, "apply");
    world.state.red = red;
    await label(world, "refresh");
    return world;
  }

  it("that fail label it ci-red, once", async () => {
    const world = await checked({ [sha("c")]: ["tests"] });
    expect(world.outcomes()).toEqual({ 1: "ci-red", 2: "ci-red", 3: "ci-red" });
    const [notes, asked] = [world.noted.length, world.asked.length];
    await label(world, "refresh");
    expect(world.asked).toHaveLength(asked);
    await label(world, "close");
    expect(world.noted).toHaveLength(notes);
  });

  it("that failed on the head before say nothing", async () => {
    const world = await checked({ [sha("c")]: ["tests"], [sha("a")]: ["tests", "lint"] });
    expect(world.outcomes()["1"]).toBe("accepted");
    expect(world.asked).toEqual(["pull", "checks c", "checks a"]);
  });

  it("that pass leave it accepted", async () => {
    expect((await checked({})).outcomes()["1"]).toBe("accepted");
  });
});

describe.each([
  ["fix-tests", "test-fixer"],
  ["write-tests", "test-writer"],
] as const)("answers of %s", (verb, agent) => {
  const run = editsRunOf("run", verb, agent);
  const about = (id: string, subject: string | null, changes: Parameters<typeof call>[3] = {}) =>
    call(id, "run", subject, { agent, slot: "write", ...changes });
  const asked = () =>
    worldOf(
      [run],
      [
        about("used", "parse in a.ts"),
        about("refused", "parse in a.ts", { accepted: false }),
        about("elsewhere", "print in a.ts", { accepted: false }),
        about("place", null, { slot: "pick", accepted: null }),
      ],
    );
  const ended = (world: World, at: string) =>
    labelOutcomes({ ...command("checks-ended"), headSha: sha(at) }, turn, world.services);

  it("become accepted by a push, of the run itself or of one that applied it, and choices without a subject become nothing", async () => {
    const before = asked();
    await label(before, verb);
    expect(before.outcomes()).toEqual({ used: null, refused: null, elsewhere: "abstained", place: null });
    const direct = asked();
    direct.runs[0] = { ...run, report: run.report && { ...run.report, commitSha: sha("c") } };
    await label(direct, verb);
    const applied = asked();
    applied.runs.unshift(appliedAs(run, sha("c")));
    await label(applied, "apply");
    for (const world of [direct, applied]) {
      expect(world.outcomes()).toEqual({
        used: "accepted",
        refused: null,
        elsewhere: "abstained",
        place: null,
      });
      expect(world.asked).toEqual([]);
    }
  });

  async function checked(red: Record<string, string[]>, at = "c"): Promise<World> {
    const world = asked();
    world.runs.unshift(appliedAs(run, sha("c")));
    await label(world, "apply");
    world.state.red = red;
    await ended(world, at);
    return world;
  }

  it("become ci-red when checks of our commit end red, not when they end green", async () => {
    const red = await checked({ [sha("c")]: ["tests"] });
    expect(red.outcomes()).toMatchObject({ used: "ci-red", refused: null, place: null });
    expect(red.asked).toEqual(["checks c", "checks a"]);
    const green = await checked({ [sha("a")]: ["tests"] });
    expect(green.outcomes()).toMatchObject({ used: "accepted" });
  });

  it("are not looked at when checks of another commit end", async () => {
    const world = await checked({ [sha("d")]: ["tests"] }, "d");
    expect(world.asked).toEqual([]);
    expect(world.outcomes()).toMatchObject({ used: "accepted" });
  });

  it("are not compared with what people commit: what they changed of a whole file is nobody's word", async () => {
    const world = merged(moved(asked()));
    await label(world, "close");
    expect(world.asked).toEqual(["pull"]);
    expect(world.state.pull.mergeCommitSha).toBe(sha("f"));
    expect(world.outcomes()).toMatchObject({ used: null });
  });
});

describe("a fix that was pushed", () => {
  const run = editsRunOf("run", "fix-tests", "test-fixer");
  const outcome = async (before: string[], after: string[]) => {
    const world = worldOf(
      [appliedAs(run, sha("c")), run],
      [call("1", "run", "parse in a.ts", { agent: "test-fixer", outcome: "accepted" })],
    );
    world.state.red = { [sha("a")]: before, [sha("c")]: after };
    await labelOutcomes({ ...command("checks-ended"), headSha: sha("c") }, turn, world.services);
    return world.outcomes()["1"];
  };

  it("is wrong where each check that failed before it fails still, and not where one of them passes", async () => {
    expect(await outcome(["tests", "lint"], ["lint", "tests"])).toBe("ci-red");
    expect(await outcome(["tests", "lint"], ["lint"])).toBe("accepted");
    expect(await outcome(["tests"], ["docs"])).toBe("ci-red");
  });
});

describe("a failure", () => {
  const failing = (world: World, error: Error): World => ({
    ...world,
    services: { ...world.services, findResolutions: () => Promise.reject(error) },
  });

  it("is logged, spoils no other run, and never reaches the command", async () => {
    const world = moved(proposed());
    world.runs.push(runOf("none", [null]));
    world.calls.push(call("4", "none", "a.ts#1", { accepted: false }));
    await label(failing(world, new Error("no such commit")), "refresh");
    expect(world.warnings).toEqual(["no such commit"]);
    expect(world.outcomes()["4"]).toBe("abstained");
  });

  it("of a worker that is to stop, or has lost its turn, ends the command's turn", async () => {
    const controller = new AbortController();
    const world = moved(proposed());
    const stopping = labelOutcomes(
      command("refresh"),
      { ...turn, signal: controller.signal },
      {
        ...world.services,
        findResolutions: () => {
          controller.abort(new Error("shutting down"));
          return Promise.reject(new Error("cut off"));
        },
      },
    );
    await expect(stopping).rejects.toThrow("shutting down");
    const lost = merged(moved(proposed()));
    lost.state.held = false;
    await expect(label(lost, "close")).rejects.toMatchObject({ code: "turn-lost" });
  });
});

describe("labels", () => {
  const order = ["abstained", "accepted", "edited", "ci-red", "reverted"] as const;

  it("end as the strongest news, in whatever order and however often it comes", () => {
    const news = fc.array(fc.constantFrom(...CallOutcome.options), { minLength: 1 });
    fc.assert(
      fc.property(news, (outcomes) => {
        let one = call("1", "run", "a.ts#1");
        for (const outcome of outcomes) {
          const [found] = labelled([one], outcome);
          one = { ...one, outcome: found?.note.outcome ?? one.outcome };
          expect(labelled([one], outcome)).toEqual([]);
        }
        const strongest = Math.max(...outcomes.map((outcome) => order.indexOf(outcome)));
        expect(one.outcome).toBe(order[strongest]);
      }),
    );
  });
});
