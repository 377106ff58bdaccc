// Each verifier fails for what it is there to find, names it, and passes everything else.
import { describe, expect, it } from "@jest/globals";
import type { Verifier } from "../../src/core/agent.ts";
import type { HunkReport, Outcome, Verdict } from "../../src/core/task.ts";
import { listsDropped } from "../../src/verifiers/dropped-additions.ts";
import { inScope } from "../../src/verifiers/in-scope.ts";
import { noMarkers } from "../../src/verifiers/no-markers.ts";
import { nothingFromNowhere } from "../../src/verifiers/nothing-from-nowhere.ts";
import { parses } from "../../src/verifiers/parses.ts";
import { protectedPaths } from "../../src/verifiers/protected-paths.ts";
import { contextOf, fakeWorkspace, outcome, taskOf } from "./support.ts";
import type { Sides, WorkspaceOptions } from "./support.ts";

const verify = (verifier: Verifier, options: WorkspaceOptions, ...paths: string[]): Promise<Verdict> =>
  verifier.verify(taskOf(...paths), outcome, contextOf(fakeWorkspace(options)));

/** One conflicted file and what was made of it. */
const merge = (path: string, sides: Sides, result: string | null): WorkspaceOptions => ({
  conflicts: { [path]: sides },
  written: { [path]: result },
});
const regeneratedRow = (path: string): HunkReport => ({
  path,
  index: 0,
  tier: "regenerate",
  class: "rule/regenerated",
  settled: true,
  precision: null,
  aboveBar: true,
  why: "",
  line: 1,
  sides: null,
  candidates: [],
  result: null,
  proof: null,
});
const sides: Sides = { base: "a\n", ours: "a\nb\n", theirs: "a\nc\n" };

describe("no-markers", () => {
  it("finds a marker that the merge left", async () => {
    const result = "a\n<<<<<<< ours\nb\n=======\nc\n>>>>>>> theirs\n";
    const verdict = await verify(noMarkers, merge("f.txt", sides, result));
    expect(verdict.passed).toBe(false);
    expect(verdict.evidence).toEqual(["f.txt: <<<<<<< ours", "f.txt: =======", "f.txt: >>>>>>> theirs"]);
  });

  it("leaves a parent's own underline alone, and a deleted file", async () => {
    const underlined = { ...sides, ours: "a\n=======\nb\n" };
    expect((await verify(noMarkers, merge("f.rst", underlined, "a\n=======\nb\nc\n"))).passed).toBe(true);
    expect((await verify(noMarkers, merge("f.txt", sides, null))).passed).toBe(true);
  });
});

describe("parses", () => {
  const json: Sides = { base: '{"a": 1}\n', ours: '{"a": 1, "b": 2}\n', theirs: '{"a": 1, "c": 3}\n' };

  it.each([
    ["f.json", json, '{"a": 1 "b": 2}\n'],
    ["f.js", { base: "", ours: "f(1);\n", theirs: "g(2);\n" }, "f(1;\ng(2);\n"],
    ["f.py", { base: "", ours: "a = 1\n", theirs: "b = 2\n" }, "a = 1\ndef (:\n"],
    ["f.yaml", { base: "", ours: "a: 1\n", theirs: "b: 2\n" }, "a: 1\n b: [\n"],
  ])("finds syntax that neither parent broke: %s", async (path, texts, result) => {
    const verdict = await verify(parses, merge(path, texts, result));
    expect(verdict.passed).toBe(false);
    expect(verdict.evidence[0]).toContain(`${path}: `);
  });

  it("excuses what a parent broke already, and files in no known language", async () => {
    const broken = { ...json, ours: '{"a": 1 "b": 2}\n' };
    expect((await verify(parses, merge("f.json", broken, '{"a": 1 "b": 2, "c": 3}\n'))).passed).toBe(true);
    expect((await verify(parses, merge("f.txt", sides, "((("))).passed).toBe(true);
  });
});

describe("in-scope", () => {
  it("finds a path that is none of the task's", async () => {
    const written = { "f.txt": "1\n", "g.txt": "2\n" };
    expect(await verify(inScope, { written }, "f.txt")).toMatchObject({ passed: false, evidence: ["g.txt"] });
    expect((await verify(inScope, { written }, "f.txt", "g.txt")).passed).toBe(true);
  });
});

describe("what a tool wrote anew", () => {
  const regenerate = [{ sources: ["keys.json"], command: "node make.mjs", owns: ["made.js", "index.js"] }];
  const written = { "made.js": "evil\n", "index.js": "more\n", "lock.json": "tools\n" };
  const byTool = (...paths: string[]): Outcome => ({
    ...outcome,
    hunks: paths.map((path) => regeneratedRow(path)),
  });
  const judge = (verifier: Verifier, made: Outcome): Promise<Verdict> =>
    verifier.verify(
      taskOf("made.js", "lock.json"),
      made,
      contextOf(fakeWorkspace({ written }), { regenerate }),
    );

  it("may have words of its own, with all that its rule owns", async () => {
    const made = byTool("made.js", "lock.json");
    for (const verifier of [inScope, nothingFromNowhere])
      expect((await judge(verifier, made)).passed).toBe(true);
    expect((await judge(listsDropped, made)).evidence).toEqual([]);
  });

  it("is nothing that the tool did not write, and no rule's that did not run", async () => {
    expect((await judge(inScope, byTool("lock.json"))).evidence).toEqual(["index.js"]);
    expect((await judge(nothingFromNowhere, byTool("lock.json"))).evidence).toEqual([
      "made.js: evil",
      "index.js: more",
    ]);
  });
});

describe("nothing-from-nowhere", () => {
  it("finds a word that no side has", async () => {
    const verdict = await verify(nothingFromNowhere, merge("f.txt", sides, "a\nb\nc\nevil\n"));
    expect(verdict).toMatchObject({ passed: false, evidence: ["f.txt: evil"] });
  });

  it("passes words of the base that come back, and a path that no conflict knows counts all as new", async () => {
    expect((await verify(nothingFromNowhere, merge("f.txt", sides, "c\nb\na\n"))).passed).toBe(true);
    expect((await verify(nothingFromNowhere, { written: { "new.txt": "word\n" } })).passed).toBe(false);
  });
});

describe("dropped-additions", () => {
  it("lists what a side added and the result lacks, and lets people judge", async () => {
    const verdict = await verify(listsDropped, merge("f.txt", sides, "a\nb\n"));
    expect(verdict).toMatchObject({ passed: true, evidence: ["f.txt: theirs added: c"] });
  });

  it("cuts a long list, and says how much is missing", async () => {
    const many = Array.from({ length: 25 }, (_, index) => `line ${index}\n`).join("");
    const verdict = await verify(listsDropped, merge("f.txt", { ...sides, ours: many }, "a\nc\n"));
    expect(verdict.evidence).toHaveLength(21);
    expect(verdict.evidence.at(-1)).toBe("and 5 more");
  });

  it("counts a deletion of a file as dropping what was added to it", async () => {
    const verdict = await verify(listsDropped, merge("f.txt", { ...sides, ours: null }, null));
    expect(verdict.evidence).toEqual(["f.txt: theirs added: c"]);
  });
});

describe("protected-paths", () => {
  it.each([
    ["differs from both parents", [".npmrc"], [".npmrc"], false],
    ["is the base branch's", [".npmrc"], [], true],
    ["is the pull request's", [], [".npmrc"], true],
    ["is not protected", ["src/a.js"], ["src/a.js"], true],
    [
      "is protected by a folder, in another case",
      [".github/Workflows/CI.yml"],
      [".github/Workflows/CI.yml"],
      false,
    ],
  ])("a result that %s: %j, %j", async (_name, sinceHead, sinceBase, passed) => {
    const verdict = await verify(protectedPaths, { sinceHead, sinceBase });
    expect(verdict.passed).toBe(passed);
    if (!passed) expect(verdict.evidence[0]).toContain(`${sinceHead[0] ?? ""} is protected`);
  });

  it("does not take git's own markers in an open conflict for a version, but does take what was written", async () => {
    const trees = { sinceHead: [".npmrc"], sinceBase: [".npmrc"] };
    const conflicts = { ".npmrc": sides };
    expect((await verify(protectedPaths, { ...trees, conflicts })).passed).toBe(true);
    const written = { ".npmrc": "a\nb\nc\n" };
    expect((await verify(protectedPaths, { ...trees, conflicts, written })).passed).toBe(false);
  });
});
