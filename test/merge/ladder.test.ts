// The ladder: drivers before tiers, the first that answers has the hunk, and nothing makes it throw.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Segment, Settlement } from "../../src/core/conflict.ts";
import { renderFile, settledTexts } from "../../src/merge/hunks.ts";
import { climb, settleHunk } from "../../src/merge/ladder.ts";
import { resolveFile, tiers } from "../../src/merge/resolve-file.ts";
import type { FileDriver, HunkTier } from "../../src/merge/tier.ts";
import { fileOf, hunkOf } from "./support.ts";

const settlement = (text: string): Settlement => ({
  tier: "semantic",
  class: "test",
  text,
  why: `it is ${text}`,
});

const tierOf = (name: string, answer: (text: string) => string | null): HunkTier => ({
  name,
  settle: ({ ours }) => {
    const text = answer(ours);
    return text === null ? null : settlement(text);
  },
});

const clean = (text: string): Segment => ({ kind: "clean", text });
const two = fileOf("a.x", [
  clean("top\n"),
  hunkOf({ base: "b\n", ours: "one\n", theirs: "eins\n" }),
  clean("mid\n"),
  hunkOf({ base: "b\n", ours: "two\n", theirs: "zwei\n" }),
]);
const labels = { ours: "ours", base: "base", theirs: "theirs" };

describe("climb", () => {
  it("gives each hunk to the first tier that answers", () => {
    const first = tierOf("first", (ours) => (ours === "one\n" ? "1\n" : null));
    const second = tierOf("second", () => "2\n");
    const { hunks } = climb(two, { drivers: [], tiers: [first, second] });
    expect(hunks.map((each) => each.settlement?.text)).toEqual(["1\n", "2\n"]);
    expect(hunks.map((each) => each.why)).toEqual(["it is 1\n", "it is 2\n"]);
  });

  it("asks the drivers of the path first, and tiers for what they leave", () => {
    const driver: FileDriver = {
      name: "driver",
      matches: (path) => path === "a.x",
      merge: () => ({ settlements: [null, settlement("driven\n")] }),
    };
    const other: FileDriver = {
      ...driver,
      matches: () => false,
      merge: () => ({ settlements: [settlement("no\n"), null] }),
    };
    const { hunks } = climb(two, { drivers: [other, driver], tiers: [tierOf("tier", () => "tiered\n")] });
    expect(hunks.map((each) => each.settlement?.text)).toEqual(["tiered\n", "driven\n"]);
  });

  it("says of an open hunk what was tried", () => {
    const { hunks } = climb(two, {
      drivers: [],
      tiers: [tierOf("first", () => null), tierOf("second", () => null)],
    });
    expect(hunks[0]).toMatchObject({ settlement: null, why: "No rule settles it; tried: first, second." });
  });

  it("shows a tier the clean text up to the neighbouring hunk, and how many hunks there are", () => {
    const seen: unknown[] = [];
    const spy: HunkTier = {
      name: "spy",
      settle: (_, { before, after, hunks }) => {
        seen.push([before, after, hunks]);
        return null;
      },
    };
    climb(two, { drivers: [], tiers: [spy] });
    expect(seen).toEqual([
      ["top\n", "mid\n", 2],
      ["mid\n", "", 2],
    ]);
  });
});

describe("settleHunk", () => {
  const context = { path: "a.x", before: "", after: "", file: null };

  it("puts the lines that both sides share back around the answer", () => {
    const hunk = hunkOf({ ours: "p\none\nz\n", theirs: "p\neins\nz\n" });
    const tier = tierOf("tier", (ours) => `[${ours.trim()}]\n`);
    expect(settleHunk(hunk, context, [tier])?.text).toBe("p\n[one]\nz\n");
  });

  it("ends the file as the side does that changed its end", () => {
    const tier = tierOf("tier", () => "merged\n");
    const end = (base: string, ours: string, theirs: string) =>
      settleHunk(hunkOf({ base, ours, theirs }), context, [tier])?.text;
    expect(end("a", "b", "c")).toBe("merged");
    expect(end("a", "b\n", "c")).toBe("merged\n");
    expect(end("a", "b", "c\n")).toBe("merged\n");
    expect(end("a\n", "b", "c\n")).toBe("merged");
  });
});

describe("resolveFile", () => {
  it("settles an import block, a list and a trivial hunk of one file, and leaves the rest marked", () => {
    const file = fileOf("src/a.ts", [
      clean("import a from 'a';\n"),
      hunkOf({ base: "", ours: "import b from 'b';\n", theirs: "import c from 'c';\n" }),
      clean("\nexport const all = [\n  a,\n"),
      hunkOf({ base: "", ours: "  b,\n", theirs: "  c,\n" }),
      clean("];\n"),
      hunkOf({ base: "run(1);\n", ours: "run(2);\n", theirs: "run(1);\n" }),
      clean("\n"),
      hunkOf({ base: "go(1);\n", ours: "go(2);\n", theirs: "stop();\n" }),
    ]);
    const resolution = resolveFile(file);
    expect(resolution.hunks.map((each) => each.settlement?.class ?? null)).toEqual([
      "imports/both-add/among-conflicts/es",
      "lists/both-add/among-conflicts/elements",
      "one-side/edits/exact",
      null,
    ]);
    expect(renderFile(file, settledTexts(resolution), { labels, markerSize: 7 })).toBe(
      [
        "import a from 'a';\nimport b from 'b';\nimport c from 'c';\n",
        "\nexport const all = [\n  a,\n  b,\n  c,\n];\n",
        "run(2);\n\n<<<<<<< ours\ngo(2);\n=======\nstop();\n>>>>>>> theirs\n",
      ].join(""),
    );
  });

  const fragments = fc.constantFrom(
    ...'import |import {|} from \'a\';|from a import (|)|use a::{b,|};|import a.b;|\t"x"|- |## 1.0|===|a: 1,|[|{|}|(|`|"""|/*|*/|// c|# c|a|,|é|\r'.split(
      "|",
    ),
    " ",
    "\n",
    "\r\n",
    "\n\n",
  );
  const texts = fc.array(fragments, { maxLength: 12 }).map((parts) => parts.join(""));
  const paths = fc.constantFrom(
    "a.ts",
    "a.py",
    "A.java",
    "a.go",
    "a.rs",
    "CHANGELOG.md",
    ".gitignore",
    "a.json",
    "x",
    "a.yml",
  );

  it("is total: whatever the text, it answers, and the same each time", () => {
    fc.assert(
      fc.property(
        paths,
        texts,
        fc.record({ base: texts, ours: texts, theirs: texts }),
        (path, before, sides) => {
          const file = fileOf(path, [clean(`${before}\n`), hunkOf(sides), clean("end\n")]);
          expect(resolveFile(file)).toEqual(resolveFile(file));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("adds no line that neither side has when both only add, and loses none", () => {
    const lines = fc.uniqueArray(fc.constantFrom("a.log", "b/", "*.c", "d", "e.tmp", "/f", "g/**"), {
      minLength: 1,
      maxLength: 4,
    });
    const text = lines.map((each) => each.map((line) => `${line}\n`).join(""));
    fc.assert(
      fc.property(text, text, (ours, theirs) => {
        const context = { path: ".gitignore", before: "", after: "", file: null };
        const merged = settleHunk(hunkOf({ ours, theirs }), context, tiers)?.text ?? "";
        const set = (value: string) => [...new Set(value.split("\n"))].sort();
        expect(set(merged)).toEqual(set(ours + theirs));
        expect(merged.split("\n").length).toBe(set(merged).length);
      }),
    );
  });
});
