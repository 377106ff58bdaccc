// What a suite had the last word on: whole runs that ended, and no others.
import { describe, expect, it } from "@jest/globals";
import { judgedAs, watched } from "../../src/checks/judged-trees.ts";
import type { Suite, SuiteRun, ToolRun } from "../../src/core/suite.ts";

const ended = (status: SuiteRun["status"]): SuiteRun => ({
  status,
  tests: [],
  trouble: "",
  output: "",
  coverage: null,
  shuffled: false,
  wallMs: 1,
});
const tool = (status: ToolRun["run"]["status"]): ToolRun => ({
  run: { name: "lint", command: "lint", status, trouble: "", output: "", wallMs: 1 },
  complaints: [],
});

/** A tree's name says how it ends. */
const suite: Suite = {
  unavailable: null,
  commands: [],
  run: ({ tree }) => Promise.resolve(ended(tree.startsWith("slow") ? "stopped" : "reported")),
  typecheck: (tree) => Promise.resolve(tree.startsWith("none") ? null : tool("passed")),
  lint: (tree) => Promise.resolve(tool(tree.startsWith("slow") ? "stopped" : "failed")),
  format: () => Promise.resolve({ runs: [], changed: new Map() }),
};
const whole = (tree: string) => ({ tree, tests: "all" as const, seed: null, measure: [] });

describe("a watched suite", () => {
  it("names the trees of whole runs, of type checks and of linters, that came to an end", async () => {
    const { suite: seen, judged } = watched(suite);
    await seen.run(whole("one"));
    await seen.run({ ...whole("part"), tests: ["a.test.js"] });
    await seen.run(whole("slow"));
    await seen.typecheck("two");
    await seen.typecheck("none");
    await seen.lint("slow too");
    await seen.lint("three");
    await seen.run(whole("one"));
    expect(judged()).toEqual(["two", "three", "one"]);
  });

  it("says what it said before", async () => {
    const { suite: seen } = watched(suite);
    expect(await seen.run(whole("slow"))).toEqual(ended("stopped"));
    expect(await seen.lint("one")).toEqual(tool("failed"));
    expect(await seen.typecheck("none")).toBeNull();
  });
});

describe("the result's tree", () => {
  it("is told where it was judged; else the one that was; nothing where none was", () => {
    expect(judgedAs("b", ["a", "b", "c"])).toEqual({ judged: "b" });
    expect(judgedAs("d", ["a", "b", "c"])).toEqual({ judged: "c" });
    expect(judgedAs(null, ["a"])).toEqual({ judged: "a" });
    expect(judgedAs("a", [])).toEqual({});
  });
});
