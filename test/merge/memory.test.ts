// The memory tier: the same three sides are resolved as before, whatever stands around them; anything doubtful is left to the rules.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Hunk } from "../../src/core/conflict.ts";
import type { Remembered } from "../../src/core/memory.ts";
import { learnMerge } from "../../src/merge/learn.ts";
import { conflictKeys, toRemember, withMemory } from "../../src/merge/memory.ts";
import { resolveChecked } from "../../src/merge/resolve-checked.ts";
import { resolveFile } from "../../src/merge/resolve-file.ts";
import { fileOf, hunkOf } from "./support.ts";

const clean = (text: string) => ({ kind: "clean" as const, text });
const price = hunkOf({ base: "price = 1\n", ours: "price = two()\n", theirs: "price = three()\n" });
const other = hunkOf({ base: "name = 1\n", ours: "name = two()\n", theirs: "name = three()\n" });

function rememberedOf(hunk: Hunk, resolution: string, changes: Partial<Remembered> = {}): Remembered {
  const memory = toRemember(hunk, resolution);
  if (memory === null) throw new Error("it cannot be remembered");
  return {
    ...memory,
    agreed: 1,
    contradicted: false,
    lastSha: "0123456789abcdef".repeat(2),
    lastAt: 1,
    ...changes,
  };
}

const settle = async (hunk: Hunk, ...memory: Remembered[]) =>
  (await resolveChecked(fileOf("a.txt", [clean("top\n"), hunk, clean("end\n")]), { memory })).hunks[0];

describe("the memory tier", () => {
  it("resolves the same three sides the same way, and says how often and where", async () => {
    const memory = rememberedOf(price, "price = two(three())\n", { agreed: 3 });
    expect(await settle(price, memory)).toMatchObject({
      settlement: { tier: "memory", class: "memory/same-sides", text: "price = two(three())\n" },
      why: "This repository resolved the same three sides this way 3 times, last in 0123456789ab.",
    });
    expect((await settle(price, { ...memory, agreed: 1 }))?.why).toContain("this way once, last");
    expect((await settle(other, memory))?.settlement).toBeNull();
    expect((await settle(price))?.settlement).toBeNull();
  });

  it("knows the sides in another file, between other lines, with lines that both sides share around them", async () => {
    const memory = rememberedOf(price, "price = three()\n");
    const wider = hunkOf({
      base: `a\n${price.base}b\n`,
      ours: `a\nc\n${price.ours}b\n`,
      theirs: `a\nc\n${price.theirs}b\n`,
    });
    expect((await settle(wider, memory))?.settlement?.text).toBe("a\nc\nprice = three()\nb\n");
    expect(rememberedOf(wider, "a\nc\nprice = three()\nb\n").key).toBe(memory.key);
  });

  it("goes before the rules, and leaves its other hunks to them", () => {
    const list = hunkOf({ base: "", ours: "import b from 'b';\n", theirs: "import c from 'c';\n" });
    const file = fileOf("a.js", [
      clean("import a from 'a';\n"),
      list,
      clean("go();\n"),
      price,
      clean("end\n"),
    ]);
    const byRule = resolveFile(file);
    expect(byRule.hunks.map(({ settlement }) => settlement?.tier)).toEqual(["semantic", undefined]);
    const both = [rememberedOf(list, "import c from 'c';\n"), rememberedOf(price, "price = three()\n")];
    const resolution = withMemory(file, byRule, both);
    expect(resolution.hunks.map(({ settlement }) => settlement?.tier)).toEqual(["memory", "memory"]);
    expect(resolution.openHunks).toEqual([]);
    expect(conflictKeys(file).sort()).toEqual(both.map(({ key }) => key).sort());
    const one = withMemory(file, byRule, both.slice(1));
    expect(one.hunks.map(({ settlement }) => settlement?.tier)).toEqual(["semantic", "memory"]);
  });

  it("leaves alone what was resolved differently before, and what has words that no side has", async () => {
    expect(
      (await settle(price, rememberedOf(price, "price = 1\n", { contradicted: true })))?.settlement,
    ).toBeNull();
    expect((await settle(price, rememberedOf(price, "price = evil()\n")))?.settlement).toBeNull();
  });

  it("tries the rules without it where the whole would not stand", async () => {
    const file = fileOf("a.json", [
      clean("{\n"),
      hunkOf({ base: "", ours: '  "a": 1\n', theirs: '  "b": 2\n' }),
      clean("}\n"),
    ]);
    const [hunk] = file.segments.filter(({ kind }) => kind === "hunk");
    if (hunk?.kind !== "hunk") throw new Error("no hunk");
    const broken = rememberedOf(hunk, '  "a": 1\n  "b": 2\n');
    const resolution = await resolveChecked(file, { memory: [broken] });
    expect(resolution.hunks[0]?.settlement?.tier).not.toBe("memory");
    const byRule = await resolveChecked(file);
    expect(resolution.hunks.map(({ settlement }) => settlement)).toEqual(
      byRule.hunks.map(({ settlement }) => settlement),
    );
  });

  it("remembers no marker, no edit of shared lines, nothing on which the sides agree, nothing huge", () => {
    expect(toRemember(price, "<<<<<<< HEAD\nprice = two()\n")).toBeNull();
    const shared = hunkOf({ base: "a\n1\n", ours: "a\n2\n", theirs: "a\n3\n" });
    expect(toRemember(shared, "b\n2\n")).toBeNull();
    expect(toRemember(shared, "a\n2\n")?.text).toBe("2\n");
    expect(toRemember(hunkOf({ base: "1\n", ours: "2\n", theirs: "2\n" }), "2\n")).toBeNull();
    expect(toRemember(price, "x\n".repeat(40_000))).toBeNull();
    expect(toRemember(hunkOf({ base: "", ours: "x".repeat(3_000), theirs: "y\n" }), "y\n")).toBeNull();
  });

  it("names different sides differently, and gives a resolution back as it was", () => {
    const text = fc
      .array(fc.constantFrom("a\n", "b\n", "\n", "1\n"), { maxLength: 5 })
      .map((lines) => lines.join(""));
    const sides = fc.record({ base: text, ours: text, theirs: text });
    fc.assert(
      fc.property(sides, sides, text, (one, two, resolution) => {
        const [first, second] = [toRemember(hunkOf(one), resolution), toRemember(hunkOf(two), resolution)];
        const file = fileOf("x.txt", [hunkOf(one)]);
        if (first !== null) {
          const memory: Remembered = { ...first, agreed: 1, contradicted: false, lastSha: "a", lastAt: 1 };
          const settled = withMemory(file, resolveFile(file), [memory]).hunks[0]?.settlement;
          if (settled?.tier === "memory") expect(settled.text).toBe(resolution);
        }
        const ends = (text: string) => [text.slice(0, 1), text.slice(-2)];
        const simple = (given: typeof one) => {
          const theirEnds = ends(given.theirs);
          return ends(given.ours).every((end, index) => end !== theirEnds[index]);
        };
        if (first && second && simple(one) && simple(two)) {
          expect(first.key === second.key).toBe(JSON.stringify(one) === JSON.stringify(two));
        }
      }),
    );
  });
});

describe("learnMerge", () => {
  const list = hunkOf({ base: "", ours: "import b from 'b';\n", theirs: "import c from 'c';\n" });
  const file = fileOf("a.js", [clean("import a from 'a';\n"), list, clean("go();\n"), price, clean("end\n")]);
  const lesson = async (...resolutions: (string | null)[]) =>
    (await learnMerge({ sha: "s", at: 7, files: [{ file, resolutions }] })).hunks;

  it("holds the rules against the developers by each class's own equality", async () => {
    const [imports, code] = await lesson("import c from 'c';\nimport b from 'b';\n", "price = 4\n");
    expect(imports?.rule).toMatchObject({
      tier: "semantic",
      class: expect.stringContaining("imports/both-add"),
      right: true,
    });
    expect(imports?.memory?.text).toBe("import c from 'c';\nimport b from 'b';\n");
    expect(code).toEqual({ rule: null, memory: expect.objectContaining({ text: "price = 4\n" }) });
    const [wrong] = await lesson("import b from 'b';\n", null);
    expect(wrong?.rule?.right).toBe(false);
  });

  it("learns nothing from what is not known, or was committed with markers", async () => {
    expect(await lesson(null, null)).toEqual([]);
    expect(await lesson("<<<<<<< HEAD\nimport b from 'b';\n", "price = two()\n")).toHaveLength(1);
  });
});
