// The rule against weakened tests: every cheat of the corpus is noticed, no honest edit is.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { format } from "prettier";
import type { Workspace } from "../../src/core/workspace.ts";
import { noWeakenedTests } from "../../src/verifiers/no-weakened-tests.ts";
import { weakenings } from "../../src/verifiers/weakened/weakenings.ts";
import { cheats } from "./cheats/cheats.ts";
import { honest } from "./cheats/honest.ts";
import { contextOf, fakeWorkspace, outcome, taskOf } from "./support.ts";

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

describe("what stands close to an honest edit", () => {
  const before = "async def test_log(master):\n    assert await read(master) == 3\n";

  test.each([
    ["a wait in the place of a value", "async def test_log(master):\n    await master.wait_for(3)\n"],
    ["a call that waits for nothing", "async def test_log(master):\n    await read(master)\n"],
  ])("is noticed: %s", async (_, after) => {
    expect(await weakenings("test_log.py", before, after)).not.toEqual([]);
  });

  test.each([
    "jest/expect-expect",
    "playwright/no-raw-locators, playwright/expect-expect",
    "no-console, jest/no-disabled-tests",
  ])("is noticed: a linter that is told not to look for %s", async (rules) => {
    const test = `test("a", () => {\n  expect(f()).toBe(1);\n});\n`;
    const after = `// eslint-disable-next-line ${rules}\n${test}`;
    expect(await weakenings("a.test.js", test, after)).not.toEqual([]);
  });
});

describe("what a formatter makes of tests", () => {
  const layouts = [
    { tabWidth: 8, singleQuote: true, semi: false, printWidth: 40, trailingComma: "none" as const },
    { useTabs: true, printWidth: 200, arrowParens: "avoid" as const },
  ];
  const texts = [...cheats, ...honest].flatMap(({ path, before }) =>
    before !== null && /\.test\.[jt]s$/.test(path) ? [{ path, before }] : [],
  );
  const distinct = [...new Map(texts.map((one) => [one.before, one])).values()];

  test.each(distinct)("says as much as before: $path", async ({ path, before }) => {
    for (const layout of layouts) {
      const after = await format(before, { ...layout, filepath: path });
      expect(after).not.toBe(before);
      expect(await weakenings(path, before, after)).toEqual([]);
    }
  });
});

describe("a file of very many checks", () => {
  const many = (matcher: string) =>
    `test("a", () => {\n${Array.from({ length: 12_000 }, (_, n) => `expect(f(${n})).${matcher};`).join("\n")}\n});\n`;

  test("is compared as others are", async () => {
    expect(await weakenings("a.test.js", many("toBe(1)"), many("toBe(2)"))).toEqual([]);
    expect(await weakenings("a.test.js", many("toBe(1)"), many("toBeDefined()"))).not.toEqual([]);
  }, 60_000);
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
  const passing = `test("a", () => { expect(f()).toBe(1); });\n`;

  const verdictOn = (path: string, before: string, after: string, also: readonly string[] = []) => {
    const fake = fakeWorkspace({
      written: { [path]: after },
      sinceHead: [path, ...also],
      sinceBase: [path, ...also],
    });
    const blob = (text: string) => ({ mode: "100644", bytes: Buffer.from(text) });
    const readPath: Workspace["readPath"] = (side) => Promise.resolve(blob(side === "head" ? before : after));
    return noWeakenedTests.verify(
      taskOf(path),
      outcome,
      contextOf({ ...fake, status: "not-merged", readPath }),
    );
  };

  test("refuses a result whose tests say less, and names the file", async () => {
    const verdict = await verdictOn("a.test.js", passing, passing.replace("test(", "test.skip("));
    expect(verdict.passed).toBe(false);
    expect(verdict.evidence.join()).toContain("a.test.js: ");
  });

  test("lets sources be", async () => {
    expect((await verdictOn("a.js", passing, "")).passed).toBe(true);
  });

  test("lets a snapshot change with its test, and not alone", async () => {
    const path = "__snapshots__/a.test.js.snap";
    const [before, after] = ["exports[`a 1`] = `1`;\n", "exports[`a 1`] = `2`;\n"];
    expect((await verdictOn(path, before, after)).passed).toBe(false);
    const both = await verdictOn(path, before, after, ["a.test.js"]);
    expect(both.evidence.filter((line) => line.startsWith(path))).toEqual([]);
  });
});
