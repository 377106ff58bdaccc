// The rule against weakened tests: every cheat of the corpus is noticed, no honest edit is.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Outcome, Task } from "../../src/core/task.ts";
import { noWeakenedTests } from "../../src/verifiers/no-weakened-tests.ts";
import { weakenings } from "../../src/verifiers/weakened/weakenings.ts";
import { cheats } from "./cheats/cheats.ts";
import { honest } from "./cheats/honest.ts";
import { contextFor, fakeWorkspace } from "./support.ts";

describe("cheats", () => {
  test.each(cheats)("$name", async ({ path, before, after }) => {
    expect(await weakenings(path, before, after)).not.toEqual([]);
  });
});

describe("honest edits", () => {
  test.each(honest)("$name", async ({ path, before, after }) => {
    expect(await weakenings(path, before, after)).toEqual([]);
  });

  test("of files that are no tests are nobody's business here", async () => {
    expect(await weakenings("src/sum.js", "expect(1).toBe(1);", "")).toEqual([]);
  });
});

describe("hostile text", () => {
  test("never makes it reject, and is one line of bounded length in its words", async () => {
    const path = fc.constantFrom(
      "a.test.ts",
      "test_a.py",
      "a_test.go",
      "test/a.rb",
      "package.json",
      "a.snap",
    );
    await fc.assert(
      fc.asyncProperty(
        path,
        fc.string({ maxLength: 300 }),
        fc.string({ maxLength: 300 }),
        async (name, before, after) => {
          for (const words of await weakenings(name, before, after)) {
            expect(words.length).toBeLessThan(600);
            expect(words).not.toMatch(/[\n\r\u202e]/);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test("nested deeper than anybody writes is given up, and not walked", async () => {
    const deep = `test("a", () => { expect(${"[".repeat(3_000)}${"]".repeat(3_000)}).toBe(1); });\n`;
    expect(await weakenings("a.test.js", deep, "")).not.toEqual([]);
  });
});

describe("the verifier", () => {
  const task: Task = { agent: "test-fixer", goal: "", paths: [] };
  const outcome: Outcome = { status: "changed", summary: "", hunks: [] };
  const passing = `test("a", () => { expect(f()).toBe(1); });\n`;

  test("refuses a result whose tests say less, and names the file", async () => {
    const workspace = fakeWorkspace({
      conflicts: { "a.test.js": { base: passing, ours: passing, theirs: passing } },
      written: { "a.test.js": passing.replace("test(", "test.skip(") },
      sinceHead: ["a.test.js"],
      sinceBase: ["a.test.js"],
    });
    const verdict = await noWeakenedTests.verify(task, outcome, contextFor(workspace));
    expect(verdict.passed).toBe(false);
    expect(verdict.evidence.join()).toContain("a.test.js: ");
  });

  test("lets sources be", async () => {
    const workspace = fakeWorkspace({
      conflicts: { "a.js": { base: "", ours: "expect(f()).toBe(1);", theirs: "" } },
      written: { "a.js": "" },
      sinceHead: ["a.js"],
      sinceBase: ["a.js"],
    });
    expect((await noWeakenedTests.verify(task, outcome, contextFor(workspace))).passed).toBe(true);
  });
});
