// Patches made for the tests alone are told from honest ones.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { overfitDoubts } from "../../../../src/agents/test-fixer/gates/overfit.ts";
import { cheatingPatches, honestPatches, testSources } from "./overfit-cheats.ts";

describe("cheating patches", () => {
  test.each(cheatingPatches)("$name", ({ path, before, after }) => {
    const { refused, doubts } = overfitDoubts([{ path, before, after }], testSources);
    expect([...refused, ...doubts]).not.toEqual([]);
  });

  test.each(["if", "switch", "a table of texts", "NODE_ENV", "elif", "only a cast", "only a comment"])(
    "%s: is not even proposed",
    (wanted) => {
      const edits = cheatingPatches.filter(({ name }) => name === wanted);
      expect(overfitDoubts(edits, testSources).refused).not.toEqual([]);
    },
  );
});

describe("honest patches", () => {
  test.each(honestPatches)("$name", ({ path, before, after }) => {
    expect(overfitDoubts([{ path, before, after }], testSources)).toEqual({ refused: [], doubts: [] });
  });
});

test.each([
  ["spaces in Python", "a.py", `x = 1${" ".repeat(300_000)}y\n${" ".repeat(300_000)}\n`],
  ["spaces in a script", "a.ts", `x${" ".repeat(300_000)}y`],
  ["calls that do not end", "a.js", "catch(new Error(".repeat(25_000)],
  [
    "words that go on",
    "a.js",
    `${"env".repeat(100_000)} ${"report".repeat(50_000)} import${" ".repeat(100_000)}`,
  ],
  ["quotes that do not end", "a.js", String.raw`"\"\"`.repeat(1) + String.raw`\"`.repeat(100_000)],
])("%s take time in proportion to their length", (_name, path, text) => {
  const edits = [{ path, before: text, after: `${text}\n;done(17)` }];
  expect(overfitDoubts(edits, [text])).toMatchObject({ refused: [] });
});

describe("an answer before the function has begun", () => {
  const body = (first: string) =>
    `const power = (n, p) => {\n${first}  let sum = 1;\n  return sum % p;\n};\n`;
  const doubtsOf = (before: string, after: string, path = "power.js") =>
    overfitDoubts([{ path, before, after }], ["assert.equal(power(3, 5), 3);"]).doubts;

  test("is doubted, in scripts and in Python, whatever it gives", () => {
    expect(doubtsOf(body(""), body("  return 3;\n"))).toEqual([expect.stringContaining("never reached")]);
    expect(doubtsOf(body(""), body("  return;\n"))).toHaveLength(1);
    const python = (first: string) => `def power(n, p):\n${first}    total = 1\n    return total % p\n`;
    expect(doubtsOf(python(""), python("    return 3\n"), "power.py")).toHaveLength(1);
  });

  test("is not doubted where it hangs on a condition, goes on in the next line, or ends its block", () => {
    for (const first of [
      "  if (p === 1)\n    return 0;\n",
      "  if (p === 1) {\n    return 0;\n  }\n",
      "  if (p === 1) return 0;\n",
    ])
      expect(doubtsOf(body(""), body(first))).toEqual([]);
    expect(doubtsOf("f = () => {\n  return 1;\n}\n", "f = () => {\n  return (\n    2\n  );\n}\n")).toEqual(
      [],
    );
    const cases = "switch (n) {\n  case 1:\n    return a;\n  case 2:\n    return b;\n}\n";
    expect(doubtsOf("switch (n) {\n  case 2:\n    return b;\n}\n", cases)).toEqual([]);
  });
});

test("what the file had before speaks against nothing", () => {
  const before = `if (process.env.NODE_ENV === "test") quiet();\nexport const a = 1;\n`;
  const edit = { path: "a.js", before, after: before.replace("a = 1", "a = b + 1") };
  expect(overfitDoubts([edit], testSources)).toEqual({ refused: [], doubts: [] });
});

test("hostile text never makes it throw, nor its sentences long", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (before, after, source) => {
      const { refused, doubts } = overfitDoubts([{ path: "a.ts", before, after }], [source]);
      for (const words of [...refused, ...doubts]) expect(words.length).toBeLessThan(500);
    }),
  );
});
