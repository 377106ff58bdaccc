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
