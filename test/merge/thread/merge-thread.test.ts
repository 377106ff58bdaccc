// The rules in a thread: the same answers, and a file that takes too long costs neither the process nor the next file.
import { afterAll, describe, expect, it } from "@jest/globals";
import type { LockfileRequest } from "../../../src/core/lockfile.ts";
import { mergeRules } from "../../../src/merge/thread/merge-rules.ts";
import { createMergeThread } from "../../../src/merge/thread/merge-client.ts";
import { formats } from "../lockfiles/verify/written-locks.ts";
import { fileOf, hunkOf } from "../support.ts";

/** A second is long for a small file, and seconds short of what parsing a megabyte of documents three times takes. */
const thread = createMergeThread({ deadline: 1_000 });
afterAll(() => thread.close());

/** No grammar has to be loaded for it, which takes a fresh thread a while. */
const file = fileOf("a.txt", [
  { kind: "clean", text: "z\n" },
  hunkOf({ base: "1\n", ours: "2\n", theirs: "2\n" }),
  { kind: "clean", text: "\n" },
  hunkOf({ base: "go(1);\n", ours: "go(2);\n", theirs: "stop();\n" }),
]);
const documents = "---\na\n".repeat(160_000);
const slow = ["a.yml", { ours: documents, theirs: documents, result: documents }] as const;

const hunk = hunkOf({ base: "", ours: "- a\n", theirs: "- b\n" });
const large = fileOf("a.yml", [{ kind: "clean", text: "- z\n" }, hunk, { kind: "clean", text: documents }]);

describe("createMergeThread", () => {
  it("answers as the rules do in this thread, also several at a time", async () => {
    const broken = { ours: "a = 1\n", theirs: "a = 2\n", result: "a = \n" };
    const [resolution, errors, none] = await Promise.all([
      thread.resolve(file),
      thread.parseErrors("a.toml", broken),
      thread.parseErrors("a.toml", { ...broken, result: "a = 3\n" }),
    ]);
    expect(resolution).toEqual(await mergeRules.resolve(file));
    expect(resolution.hunks.map(({ settlement }) => settlement === null)).toEqual([false, true]);
    expect([errors, none]).toEqual(["1 syntax error (toml), its parents have 0 and 0", null]);
  });

  it("lets the event loop turn, gives up at the deadline, and goes on with the next", async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 10);
    const [errors, next] = await Promise.all([thread.parseErrors(...slow), thread.resolve(file)]);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(1);
    expect(errors).toBe("it took too long to parse");
    expect(next).toEqual(await mergeRules.resolve(file));
  });

  it("leaves the hunks of a file that takes too long open, with the reason", async () => {
    const why = "The rules took too long on this file, and were stopped.";
    expect(await thread.resolve(large)).toEqual({
      path: "a.yml",
      hunks: [{ hunk, settlement: null, why, candidates: [] }],
      openHunks: [0],
      regeneration: null,
    });
  });

  it("passes on what is remembered, and learns as the rules do in this thread", async () => {
    const merge = { sha: "a".repeat(40), at: 1, files: [{ file, resolutions: [null, "stop();\n"] }] };
    const lesson = await thread.learn(merge);
    expect(lesson).toEqual(await mergeRules.learn(merge));
    const [one] = lesson?.hunks ?? [];
    if (!one?.memory) throw new Error("nothing was learned");
    const memory = [{ ...one.memory, agreed: 1, contradicted: false, lastSha: merge.sha, lastAt: 1 }];
    const { hunks } = await thread.resolve(file, { memory });
    expect(hunks[1]?.settlement).toMatchObject({ tier: "memory", text: "stop();\n" });
  });

  it("learns nothing from a merge whose files take too long", async () => {
    expect(
      await thread.learn({ sha: "a", at: 1, files: [{ file: large, resolutions: ["- a\n"] }] }),
    ).toBeNull();
  });

  it("starts again after it was closed", async () => {
    await thread.close();
    expect((await thread.resolve(file)).path).toBe("a.txt");
  });
});

/** One package at this version, and a manifest that wants it. */
function cargoLock(version: string): LockfileRequest {
  const { cargo } = formats;
  if (cargo === undefined) throw new Error("There is no format for cargo.");
  const wanted = { golf: "1.0.0" };
  const lock = (one: string) => cargo.lock({ wanted, locked: { golf: { version: one } } });
  return {
    path: `crates/${cargo.path}`,
    text: lock(version),
    manifests: new Map([[`crates/${cargo.manifestPath}`, cargo.manifest(wanted)]]),
    sides: { base: lock("1.0.0"), ours: lock("1.0.0"), theirs: lock("1.1.0") },
  };
}

describe("a lockfile in the thread", () => {
  it.each([
    ["believed", "1.1.0", { ok: true, lowered: [], fromNeither: [] }],
    ["lower than a side", "1.0.0", { ok: true, lowered: ["golf 1.0.0, not 1.1.0"], fromNeither: [] }],
    ["refused", "2.0.0", { ok: false, lowered: [], fromNeither: ["golf@2.0.0"] }],
  ])("is checked as it is in this one: %s", async (_, version, verdict) => {
    const request = cargoLock(version);
    const answer = await thread.verifyLockfile(request);
    expect(answer).toMatchObject(verdict);
    expect(answer).toEqual(await mergeRules.verifyLockfile(request));
  });

  it("is given the same start", async () => {
    const { path, text, sides } = cargoLock("1.1.0");
    expect(await thread.startLockfile(path, sides)).toBe(text);
    expect(await thread.startLockfile("crates/pnpm-lock.yaml", sides)).toBeNull();
    expect(await thread.startLockfile(path, { ...sides, ours: "{" })).toBeNull();
  });

  it("is given up at the deadline while the event loop turns", async () => {
    const hasty = createMergeThread({ deadline: 50 });
    const blocks = [...Array(60_000).keys()].map((at) => `[[package]]\nname = "a${at}"\nversion = "1.0.0"\n`);
    const text = `version = 4\n\n${blocks.join("\n")}`;
    const sides = { base: text, ours: text, theirs: text };
    let turns = 0;
    const timer = setInterval(() => turns++, 10);
    const given = await Promise.all([
      hasty.verifyLockfile({ path: "Cargo.lock", text, manifests: new Map(), sides }),
      hasty.startLockfile("Cargo.lock", sides),
    ]);
    clearInterval(timer);
    await hasty.close();
    expect(given).toEqual([null, null]);
    expect(turns).toBeGreaterThan(1);
  });
});
