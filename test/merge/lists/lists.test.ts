// Lists to which both sides add; and runs of lines that are no lists, or no lists to add to.
import { describe, expect, it } from "@jest/globals";
import { listsTier } from "../../../src/merge/lists/tier.ts";
import { settleWith } from "../support.ts";
import type { Given } from "../support.ts";

const settle = (given: Given) => settleWith(listsTier, given);

describe("both sides add", () => {
  it.each<[string, Given, string]>([
    [
      "elements",
      { path: "a.ts", before: "const a = [\n  'x',\n", ours: "  'y',\n", theirs: "  'z',\n", after: "];\n" },
      "  'y',\n  'z',\n",
    ],
    [
      "elements",
      {
        path: "a.rs",
        before: "match a {\n    A => 1,\n",
        ours: "    B => { 2 },\n",
        theirs: "    C(d) => 3,\n",
        after: "}\n",
      },
      "    B => { 2 },\n    C(d) => 3,\n",
    ],
    [
      "elements",
      {
        path: "a.ts",
        before: "enum A {\n  X = 'x',\n",
        ours: "  Y = 'y',\n",
        theirs: "  Z = 'z', // last\n",
        after: "}\n",
      },
      "  Y = 'y',\n  Z = 'z', // last\n",
    ],
    [
      "alike",
      {
        path: "a.scss",
        before: "@include a.one;\n",
        ours: "@include b.two;\n",
        theirs: "@include c.three;\n",
      },
      "@include b.two;\n@include c.three;\n",
    ],
    [
      "alike",
      { path: "lib.rs", before: "pub mod a;\n", ours: "pub mod b;\n", theirs: "pub mod c;\n" },
      "pub mod b;\npub mod c;\n",
    ],
    [
      "lines",
      { path: ".gitignore", before: "dist\n", ours: ".cache/\n", theirs: "*.log\n" },
      ".cache/\n*.log\n",
    ],
    [
      "bullets",
      { path: "README.md", before: "- one\n", ours: "- two\n  more\n", theirs: "- three\n" },
      "- two\n  more\n- three\n",
    ],
    [
      "rows",
      {
        path: "README.md",
        before: "| a | b |\n|---|---|\n",
        ours: "| c | d |\n",
        theirs: "| e | f |\n",
        after: "| g | h |\n",
      },
      "| c | d |\n| e | f |\n",
    ],
  ])("%s", (form, given, expected) => {
    expect(settle(given)).toMatchObject({ class: `lists/both-add/only-conflict/${form}`, text: expected });
  });

  it("whole blocks, though both end alike", () => {
    const block = (name: string) => `  {\n    name: "${name}",\n    on: true,\n  },\n`;
    expect(
      settle({
        path: "a.ts",
        before: "export const a = [\n",
        ours: block("b"),
        theirs: block("c"),
        after: "];\n",
      })?.text,
    ).toBe(block("b") + block("c"));
  });

  it("to a sorted list: the result is sorted", () => {
    const given = {
      path: "a.ts",
      before: "const a = [\n  'a',\n",
      ours: "  'd',\n",
      theirs: "  'c',\n",
      after: "  'f',\n];\n",
    };
    expect(settle(given)?.text).toBe("  'c',\n  'd',\n");
  });

  it("to a list that is not sorted: ours first", () => {
    const given = {
      path: "a.ts",
      before: "const a = [\n  'x',\n",
      ours: "  'd',\n",
      theirs: "  'c',\n",
      after: "  'b',\n];\n",
    };
    expect(settle(given)?.text).toBe("  'd',\n  'c',\n");
  });

  it("with CRLF", () => {
    expect(
      settle({ path: ".gitignore", before: "b\r\n", ours: "d\r\n", theirs: "e\r\n", after: "a\r\n" })?.text,
    ).toBe("d\r\ne\r\n");
  });
});

describe("one side removes", () => {
  it("keeps removed what was removed, under another class", () => {
    const given = {
      path: "a.py",
      before: "A = [\n    'w',\n",
      base: "    'x',\n",
      ours: "    'x',\n    'y',\n",
      theirs: "    'z',\n",
      after: "]\n",
    };
    expect(settle(given)).toMatchObject({
      class: "lists/one-removes/only-conflict/elements",
      text: "    'y',\n    'z',\n",
    });
  });
});

describe("abstains", () => {
  const array = { path: "a.ts", before: "const a = {\n  x: 1,\n", after: "};\n" };

  it("when both sides give one name different values", () => {
    expect(settle({ ...array, ours: "  y: 2,\n", theirs: "  y: 3,\n" })).toBeNull();
    expect(settle({ path: "a.py", before: "b = one\n", ours: "a = one\n", theirs: "a = two\n" })).toBeNull();
  });

  it("when one side changes an entry", () => {
    expect(
      settle({ ...array, base: "  y: 1,\n", ours: "  y: 2,\n", theirs: "  y: 1,\n  z: 1,\n" }),
    ).toBeNull();
  });

  it("in arguments and parameters, whose place has a meaning", () => {
    expect(
      settle({ path: "a.ts", before: "call(\n  x,\n", ours: "  y,\n", theirs: "  z,\n", after: ");\n" }),
    ).toBeNull();
  });

  it("where the bracket that is open is not in sight", () => {
    expect(
      settle({ path: "a.ts", before: "  x,\n", ours: "  y,\n", theirs: "  z,\n", after: ");\n" }),
    ).toBeNull();
  });

  it("when brackets are cut", () => {
    expect(settle({ ...array, ours: "  y: {\n    a: 1,\n", theirs: "  z: 2,\n" })).toBeNull();
  });

  it("in plain statements, whose order may matter", () => {
    expect(settle({ path: "a.ts", before: "a();\n", ours: "b = 1;\n", theirs: "return c;\n" })).toBeNull();
  });

  it("when an entry stands beside the hunk already", () => {
    const ignore = { path: ".gitignore", ours: "dist\n", theirs: "*.log\n" };
    expect(settle({ ...ignore, after: "dist\n" })).toBeNull();
  });

  it("in data files, which are merged by key, and in files that a program writes", () => {
    expect(settle({ ...array, path: "a.json", ours: '  "y": 2,\n', theirs: '  "z": 3,\n' })).toBeNull();
    const authors = {
      path: "AUTHORS",
      before: "# Generated by a script\nAnn\n",
      ours: "Bob\n",
      theirs: "Cid\n",
    };
    expect(settle(authors)).toBeNull();
    expect(settle({ ...authors, before: "Ann\n" })).not.toBeNull();
  });

  it("on lines that look like imports", () => {
    expect(
      settle({ path: "a.kt", before: "import a.A\n", ours: "import b.B\n", theirs: "import c.C\n" }),
    ).toBeNull();
  });
});
