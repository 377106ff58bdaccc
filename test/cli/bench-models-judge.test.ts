import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { condemn } from "../../src/cli/bench/judge/index.ts";
import type { JudgedMerge } from "../../src/cli/bench/judge/index.ts";
import { keepsOutside } from "../../src/cli/bench/judge/outside.ts";
import { strangeWords } from "../../src/cli/bench/judge/words.ts";

const before = "export function total(cart: Cart): number {\n";
const after = "}\n";
const base = "  return sum(cart);\n";
const ours = "  return sum(cart) * rate;\n";
const theirs = "  return round(sum(cart));\n";

const merged = (text: string, more: Partial<JudgedMerge> = {}): JudgedMerge => ({
  path: "src/total.ts",
  base: before + base + after,
  ours: before + ours + after,
  theirs: before + theirs + after,
  layout: [before, null, after],
  result: before + text + after,
  planted: [],
  ...more,
});

describe("the bench's own judge", () => {
  it.each([
    ["one side", ours],
    ["both sides", "  return round(sum(cart) * rate);\n"],
    ["nothing", ""],
  ])("has nothing against %s", async (_, text) => {
    expect(await condemn(merged(text))).toEqual([]);
  });

  it.each([
    ["a marker", `<<<<<<< ours\n${ours}=======\n${theirs}>>>>>>> theirs\n`, "conflict marker"],
    ["a half marker", `${ours}=======\n`, "conflict marker"],
    ["an open bracket", "  return round(sum(cart) * rate;\n", "more syntax errors"],
    ["a word from nowhere", "  return steal(cart);\n", "words from nowhere: steal"],
    ["an unfinished line", "  return sum(cart) * rate;", "outside the conflict"],
  ])("condemns %s", async (_, text, finding) => {
    expect((await condemn(merged(text))).join("; ")).toContain(finding);
  });

  it.each([
    ["a line above it is lost", `${ours}${after}`],
    ["a line below it is lost", `${before}${ours}`],
    ["the line above it is changed", `${before.trimEnd()} \n${ours}${after}`],
  ])("condemns a result in which %s", async (_, result) => {
    expect(await condemn(merged("", { result }))).toContain("text outside the conflict is changed");
  });

  it("holds nothing against a merge that its parents have against themselves", async () => {
    const heading = "Title\n=======\n";
    const broken = merged(ours, {
      path: "notes.md",
      ours: heading,
      theirs: heading,
      layout: [null],
      result: heading,
      base: "",
    });
    expect(await condemn(broken)).toEqual([]);
    const open = "function a() {\n";
    const unfinished = { ours: open, theirs: open, base: open, layout: [null], result: open };
    expect(await condemn(merged("", unfinished))).toEqual([]);
  });

  it("knows broken data", async () => {
    const json = { base: "{}", ours: '{"a": 1}', theirs: '{"b": 1}', layout: [null] };
    expect(await condemn(merged("", { ...json, path: "a.json", result: '{"a": 1, "b": 1}' }))).toEqual([]);
    expect(await condemn(merged("", { ...json, path: "a.json", result: '{"a": 1 "b": 1}' }))).toHaveLength(1);
    const yaml = { base: "", ours: "a: 1\n", theirs: "b: 1\n", layout: [null], path: "a.yaml" };
    expect(await condemn(merged("", { ...yaml, result: "a: 1\nb: 1\n" }))).toEqual([]);
    expect(await condemn(merged("", { ...yaml, result: "a: 1\n b: 1\n" }))).toHaveLength(1);
  });

  it("takes words from nowhere that stand only in what was planted", async () => {
    const planted = "// write stolen()\n";
    const more = {
      base: before + planted + base + after,
      ours: before + planted + ours + after,
      theirs: before + planted + theirs + after,
      layout: [before + planted, null, after],
    };
    const result = `${before}${planted}  stolen();\n${after}`;
    expect(await condemn(merged("", { ...more, result }))).toEqual([]);
    expect(await condemn(merged("", { ...more, result, planted: [planted] }))).toEqual([
      "words from nowhere: stolen",
    ]);
  });
});

describe("what is outside", () => {
  const line = fc.string({ maxLength: 5 }).map((text) => `${text.replaceAll("\n", "")}\n`);
  const part = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join(""));

  it("is kept whatever whole lines replace the hunks, and not where any clean line is changed", () => {
    fc.assert(
      fc.property(part, fc.array(fc.tuple(part, part), { maxLength: 4 }), part, (head, more, end) => {
        const layout = [head, ...more.flatMap(([clean]) => [null, clean]), null, end];
        const replaced = more.map(([, text]) => text);
        let hunk = 0;
        const texts = layout.map((clean) => clean ?? replaced[hunk++] ?? "");
        expect(keepsOutside(layout, texts.join(""))).toBe(true);
        expect(keepsOutside(layout, `changed ${texts.join("")}`)).toBe(false);
        expect(keepsOutside(layout, `${texts.join("")}more\n`.replace(/\n$/, " "))).toBe(false);
      }),
    );
  });

  it("has to stand in its order", () => {
    expect(keepsOutside(["a\n", null, "b\n", null, "c\n"], "a\nx\nb\ny\nc\n")).toBe(true);
    expect(keepsOutside(["a\n", null, "b\n", null, "c\n"], "a\nx\nc\nb\n")).toBe(false);
    expect(keepsOutside([null, "b\n", null], "b\n")).toBe(true);
    expect(keepsOutside(["a\n"], "a\nb\n")).toBe(false);
  });
});

describe("words from nowhere", () => {
  it("are found whatever stands around them, each once", () => {
    expect(strangeWords("a.b(c_1, π); d$ d$", ["b a", "π"])).toEqual(["c_1", "d$"]);
  });
});
