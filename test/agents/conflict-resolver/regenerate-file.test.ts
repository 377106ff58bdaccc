// What becomes of a lockfile when its tool fails, cheats, or has to wait: in words, and never a lockfile that was not checked.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { RegenerateContext } from "../../../src/agents/conflict-resolver/regenerate/context.ts";
import type { SandboxEnd, SandboxRequest, SandboxResult } from "../../../src/core/sandbox.ts";
import { mergeRules } from "../../../src/merge/thread/merge-rules.ts";
import { formats, type Project } from "../../merge/lockfiles/verify/written-locks.ts";
import { createFixture } from "../../workspace/fixture.ts";
import type { Fixture } from "../../workspace/fixture.ts";
import { regenerate } from "./regenerate-merge.ts";
import type { Merge } from "./regenerate-merge.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

/** What the tool leaves: how it ended, and its lockfile. */
interface Left {
  readonly ended?: SandboxEnd;
  readonly lock?: string;
  readonly stderr?: string;
  readonly missing?: string;
}

/** Plays one answer after the other, the last one again and again, and keeps what it was asked. */
function playing(...answers: readonly [Left, ...Left[]]) {
  const requests: SandboxRequest[] = [];
  const run = (request: SandboxRequest): Promise<SandboxResult> => {
    const answer = answers[Math.min(requests.length, answers.length - 1)] ?? answers[0];
    requests.push(request);
    const [path = ""] = request.returns;
    return Promise.resolve({
      ended: answer.ended ?? { kind: "exit", code: 0 },
      stdout: { text: "", cutBytes: 0 },
      stderr: { text: answer.stderr ?? "", cutBytes: 0 },
      reports: new Map(),
      returned: new Map(answer.lock === undefined ? [] : [[path, Buffer.from(answer.lock)]]),
      missing: answer.missing === undefined ? [] : [{ path, why: answer.missing }],
      usage: { wallMs: 1, cpuMs: null, peakMemoryBytes: null },
    });
  };
  return { requests, sandbox: { run } satisfies RegenerateContext["sandbox"] };
}

const golf = { golf: { version: "1.0.0" } };
const base: Project = { wanted: { golf: "1.0.0" }, locked: golf };
const ours: Project = {
  wanted: { golf: "1.0.0", alpha: "1.0.0" },
  locked: { alpha: { version: "1.2.0" }, ...golf },
};
const theirs: Project = {
  wanted: { golf: "1.0.0", bravo: "1.0.0" },
  locked: { bravo: { version: "1.1.0" }, golf: { version: "1.4.0" } },
};
const both: Project = {
  wanted: { golf: "1.0.0", alpha: "1.0.0", bravo: "1.0.0" },
  locked: { ...ours.locked, ...theirs.locked },
};
const lowered: Project = { ...both, locked: { ...both.locked, ...golf } };

function format(name: string) {
  const found = formats[name];
  if (found === undefined) throw new Error(`There is no format ${name}.`);
  const { path, manifestPath, manifest, lock } = found;
  const files = (project: Project) => ({ [path]: lock(project), [manifestPath]: manifest(project.wanted) });
  const merge: Merge = {
    base: files(base),
    ours: files(ours),
    theirs: files(theirs),
    settled: { [manifestPath]: manifest(both.wanted) },
  };
  return { path, lock, merge };
}

describe.each(Object.keys(formats))("a lockfile of %s", (name) => {
  const { path, lock, merge } = format(name);

  it("is what its tool wrote, once that has passed the check", async () => {
    const { sandbox, requests } = playing({ lock: lock(both) });
    const { result, text } = await regenerate({ sandbox, fixture }, path, merge);
    expect(result).toMatchObject({ kind: "written", fromNeither: [], lowered: [] });
    expect(text).toBe(lock(both));
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ network: "install", returns: [path], cache: null });
  });

  it("is tried from another start where what came back is refused, and then left with the reason", async () => {
    const cheat: Project = {
      ...both,
      locked: { ...both.locked, bravo: { version: "1.1.0", content: "other" } },
    };
    const { sandbox, requests } = playing({ lock: lock(cheat) });
    const { result, steps } = await regenerate({ sandbox, fixture }, path, merge);
    expect(result).toMatchObject({
      kind: "failed",
      why: expect.stringContaining("bravo@1.1.0 has another checksum"),
    });
    expect(requests).toHaveLength(steps.length);
  });

  it("names a version that a side raised and the result has lower", async () => {
    const { sandbox } = playing({ lock: lock(lowered) });
    const { result } = await regenerate({ sandbox, fixture }, path, merge);
    expect(result).toMatchObject({ kind: "written", lowered: ["golf 1.0.0, not 1.4.0"] });
  });
});

const npm = format("npm");

describe("a lockfile", () => {
  it("waits for a manifest that is not settled, and for no other file", async () => {
    const { sandbox, requests } = playing({ lock: npm.lock(both) });
    const other = (text: string) => ({ "src/main.ts": text });
    const merge: Merge = {
      base: { ...npm.merge.base, ...other("1\n") },
      ours: { ...npm.merge.ours, ...other("2\n") },
      theirs: { ...npm.merge.theirs, ...other("3\n") },
      settled: npm.merge.settled,
    };
    const done = await regenerate({ sandbox, fixture }, npm.path, merge);
    expect(done.result.kind).toBe("written");
    const { result } = await regenerate({ sandbox, fixture }, npm.path, { ...merge, settled: {} });
    expect(result).toEqual({
      kind: "failed",
      why: "npm can write this file anew once package.json is settled.",
    });
    expect(requests).toHaveLength(1);
  });

  it.each<[string, Left, RegExp]>([
    ["is missing", { ended: { kind: "exit", code: 127 } }, /^npm is not on this machine/],
    [
      "fails",
      { ended: { kind: "exit", code: 1 }, stderr: "npm error code ETARGET\nnpm error notarget none\n" },
      /^npm ended with exit code 1: npm error code ETARGET npm error notarget none$/,
    ],
    ["hangs", { ended: { kind: "limit", limit: "wall" } }, /^npm took too long/],
    ["is killed", { ended: { kind: "signal", signal: "SIGKILL" } }, /^npm was ended by SIGKILL/],
    ["leaves a link", { missing: "is a symbolic link" }, /did not come back: it is a symbolic link\.$/],
    ["leaves nothing", {}, /did not come back: it is not there\.$/],
    ["leaves markers", { lock: "<<<<<<< ours\n" }, /does not read as its tool writes it/],
  ])("is left where its tool %s, and the reason is said", async (_, left, why) => {
    const { sandbox } = playing(left);
    const { result } = await regenerate({ sandbox, fixture }, npm.path, npm.merge);
    expect(result).toEqual({ kind: "failed", why: expect.stringMatching(why) });
  });

  it("is the next start's where the first fails", async () => {
    const { sandbox, requests } = playing({ ended: { kind: "exit", code: 1 } }, { lock: npm.lock(both) });
    const { result, steps } = await regenerate({ sandbox, fixture }, npm.path, npm.merge);
    expect(result.kind).toBe("written");
    expect(steps).toEqual([
      "package-lock.json: npm from rough, failed",
      "package-lock.json: npm from markers, written",
    ]);
    expect(requests).toHaveLength(2);
  });

  it("is left where its check takes too long, and no other start is tried", async () => {
    const { sandbox, requests } = playing({ lock: npm.lock(both) });
    const changed = { merge: { ...mergeRules, verifyLockfile: () => Promise.resolve(null) } };
    const { result, steps } = await regenerate({ sandbox, fixture }, npm.path, npm.merge, { changed });
    expect(result).toEqual({
      kind: "failed",
      why: "npm wrote a lockfile that takes too long to check, so it is not used.",
    });
    expect(steps).toEqual(["package-lock.json: npm from rough, failed"]);
    expect(requests).toHaveLength(1);
  });

  it("has another start where both sides' entries take too long", async () => {
    const { sandbox } = playing({ lock: npm.lock(both) });
    const changed = { merge: { ...mergeRules, startLockfile: () => Promise.resolve(null) } };
    const { result, steps } = await regenerate({ sandbox, fixture }, npm.path, npm.merge, { changed });
    expect(result.kind).toBe("written");
    expect(steps).toEqual(["package-lock.json: npm from markers, written"]);
  });

  it("says so where the tool takes the merge entry by entry as it is", async () => {
    const { path, lock, merge } = format("cargo");
    const { sandbox } = playing({ lock: lock(both) });
    const { result, merged } = await regenerate({ sandbox, fixture }, path, merge, { entries: true });
    expect(merged).toBe(lock(both));
    expect(result).toMatchObject({ summary: expect.stringContaining("as it is") });
  });

  it("is not begun once the run is to stop", async () => {
    const { sandbox, requests } = playing({ lock: npm.lock(both) });
    const changed = { signal: AbortSignal.abort(new Error("The run stops.")) };
    await expect(regenerate({ sandbox, fixture }, npm.path, npm.merge, { changed })).rejects.toThrow(
      "The run stops.",
    );
    expect(requests).toHaveLength(0);
  });
});
