// What counts as the same result, and what does not: nothing may be lost, added or changed unseen.
import { describe, expect, it } from "@jest/globals";
import { equalityOf } from "../../src/merge/equal.ts";

interface Around {
  readonly before?: string;
  readonly after?: string;
}

type Same = (one: string, other: string, around?: Around) => boolean;

function sameIn(className: string, path: string): Same {
  return (one, other, { before = "", after = "" } = {}) => {
    const placed = (text: string) => ({ path, before, text, after });
    return equalityOf(className, path)(placed(one), placed(other));
  };
}

describe("imports", () => {
  const same = sameIn("imports/both-add", "a.ts");
  const block = "import { a, b } from 'm';\nimport c from 'c';\n";

  it("are a set: order, quotes, semicolons, layout and blank lines aside", () => {
    expect(same(block, 'import c from "c"\n\nimport {\n  b,\n  a,\n} from "m"\n')).toBe(true);
    expect(same("  b,\n  c,\n", "  c, b\n", { before: "import {\n  a,\n", after: "} from 'm';\n" })).toBe(
      true,
    );
  });

  it.each([
    ["lost", "import { a } from 'm';\nimport c from 'c';\n"],
    ["added", `${block}import d from 'd';\n`],
    ["renamed", "import { a, b as x } from 'm';\nimport c from 'c';\n"],
    ["from elsewhere", "import { a, b } from 'n';\nimport c from 'c';\n"],
    ["made a type", "import type { a, b } from 'm';\nimport c from 'c';\n"],
    ["joined by code", `${block}run();\n`],
  ])("differ when one is %s", (_, other) => {
    expect(same(block, other)).toBe(false);
  });
});

describe("changelogs", () => {
  const same = sameIn("changelog/both-add", "CHANGELOG.md");
  const text = "### Added\n- a b\n- c\n### Fixed\n- d\n";

  it("are sets of entries per section: order, wrapping and blank lines aside", () => {
    expect(same(text, "### Added\n\n- c\n- a\n  b\n\n### Fixed\n\n- d\n")).toBe(true);
  });

  it.each([
    ["lost", "### Added\n- a b\n### Fixed\n- d\n"],
    ["added", `${text}- e\n`],
    ["changed", "### Added\n- a b.\n- c\n### Fixed\n- d\n"],
    ["moved to another section", "### Added\n- a b\n### Fixed\n- c\n- d\n"],
  ])("differ when an entry is %s", (_, other) => {
    expect(same(text, other)).toBe(false);
  });

  it("differ when a heading does", () => {
    expect(same(text, text.replace("Fixed", "Changed"))).toBe(false);
  });
});

describe("lists", () => {
  const same = sameIn("lists/both-add", "a.ts");

  it("are sets of entries: order, indentation and separators aside", () => {
    expect(same("  a,\n  b,\n", "    b,\n    a\n")).toBe(true);
  });

  it("differ when an entry is lost, added, changed or doubled", () => {
    for (const other of ["a,\n", "a,\nb,\nc,\n", "a,\nc,\n", "a,\nb,\nb,\n"])
      expect(same("a,\nb,\n", other)).toBe(false);
  });
});

describe("everything else", () => {
  it("is code: blanks aside where the language lets them be", () => {
    expect(sameIn("one-side/edits", "a.ts")("f( a )\n", "f( a\n)\n")).toBe(true);
    expect(sameIn("one-side/edits", "a.ts")("f();\n", "g();\n")).toBe(false);
    expect(sameIn("one-side/edits", "a.py")("if a:\n    b()\n", "if a:\nb()\n")).toBe(false);
    expect(sameIn("one-side/edits", "a.py")("a \n", "a\n")).toBe(true);
  });

  it("is data where the file is JSON", () => {
    expect(sameIn("npm/x", "package.json")('    "a": 1,\n    "b": 2\n', '  "b": 2,\n  "a": 1\n')).toBe(true);
    expect(sameIn("npm/x", "package.json")('    "a": 1\n', '    "a": 2\n')).toBe(false);
  });
});
