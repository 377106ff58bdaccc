// Merges that a careful person would see to be wrong: none of them is settled.
import { describe, expect, it } from "@jest/globals";
import { resolveChecked } from "../../src/merge/resolve-checked.ts";
import { compareRanges, plainRange } from "../../src/merge/json/version.ts";
import { isConsistentLock } from "../../src/merge/lockfiles/package-lock-check.ts";
import type { ConflictedFile, Segment } from "../../src/core/conflict.ts";

type Texts = readonly [base: string, ours: string, theirs: string];

/** Clean texts are strings, hunks are triples. */
function fileOf(path: string, parts: readonly (string | Texts)[]): ConflictedFile {
  const segments = parts.map((part): Segment => {
    if (typeof part === "string") return { kind: "clean", text: part };
    const [base, ours, theirs] = part;
    return { kind: "hunk", base, ours, theirs };
  });
  const side = (name: "base" | "ours" | "theirs") =>
    segments.map((segment) => (segment.kind === "clean" ? segment.text : segment[name])).join("");
  return { path, base: side("base"), ours: side("ours"), theirs: side("theirs"), segments };
}

const classes = async (path: string, ...parts: (string | Texts)[]) =>
  (await resolveChecked(fileOf(path, parts))).hunks.map(({ settlement }) => settlement?.class ?? "open");

const open: readonly (readonly [what: string, path: string, ...parts: (string | Texts)[]])[] = [
  [
    "a note under a heading that one side renames",
    "CHANGELOG.md",
    "# C\n\n",
    ["## Next\n", "## 2.0\n", "## Next\n- y\n"],
    "- x\n",
  ],
  [
    "a note under a heading of another version",
    "CHANGELOG.md",
    "## Next\n\n",
    ["", "## 2.0\n\n### Fixed\n\n- a b\n\n", "### Fixed\n\n- c d\n\n"],
    "## 1.0\n\n- x\n",
  ],
  [
    "one version with two dates",
    "CHANGELOG.md",
    "# C\n\n",
    ["", "## 2.0 (2024-01-01)\n\n- a b\n\n", "## 2.0 (2024-02-02)\n\n- c d\n\n"],
    "## 1.0\n\n- x\n",
  ],
  [
    "an older version above a newer one",
    "CHANGELOG.md",
    "# C\n\n",
    ["", "## 1.0.1\n\n- a b\n\n", "## 1.1.0\n\n- c d\n\n"],
    "## 1.0.0\n\n- x\n",
  ],
  ["a requirement in two versions", "requirements.txt", "a==1\n", ["", "foo==1.1\n", "Foo==1.2\n"], "z==1\n"],
  [
    "two edits of one requirement",
    "requirements.txt",
    "a==1\n",
    ["foo==1.0\n", "foo==1.1\n", "foo==1.2\n"],
    "z==1\n",
  ],
  ["two owners of one pattern", "CODEOWNERS", "* @x\n", ["", "/src @a\n", "/src @b\n"]],
  [
    "an element that one side removes and the other edits",
    "a.js",
    'f([\n  "a",\n',
    ['  "foo",\n', "", '  "foo2",\n'],
    '  "z",\n]);\n',
  ],
  ["two members of one number", "a.ts", "enum X {\n  A = 1,\n", ["", "  B = 2,\n", "  C = 2,\n"], "}\n"],
  [
    "two fields of one tag",
    "a.proto",
    "message X {\n  string a = 1;\n",
    ["", "  string b = 2;\n", "  int32 c = 2;\n"],
    "}\n",
  ],
  ["items of two depths", "a.yml", "a:\n  - x:\n    - 1\n", ["", "  - y\n", "    - 2\n"]],
  [
    "a name imported twice by one statement",
    "a.ts",
    "",
    ["import { X } from 'x';\n", "import { X, type A } from 'x';\n", "import { X, A } from 'x';\n"],
    "f();\n",
  ],
  [
    "an import of the future that is late",
    "a.py",
    "",
    ["", "import os\n", "from __future__ import annotations\n"],
    "import sys\n",
  ],
  [
    "an attribute that both wrote above their import",
    "a.rs",
    "use x::y;\n",
    ["", "#[cfg(test)]\nuse x::a;\n", "#[cfg(test)]\nuse x::b;\n"],
    "\nfn f() {}\n",
  ],
  [
    "a directive that both wrote above their import",
    "a.ts",
    "import y from 'y';\n",
    ["", "// @ts-ignore\nimport a from 'a';\n", "// @ts-ignore\nimport b from 'b';\n"],
    "f();\n",
  ],
  [
    "two byte order marks",
    "a.ts",
    "",
    [
      "\uFEFFimport z from 'z';\n",
      "\uFEFFimport a from 'a';\nimport z from 'z';\n",
      "\uFEFFimport b from 'b';\nimport z from 'z';\n",
    ],
    "f();\n",
  ],
  ["two new names of one key", "en.json", "{\n", ['  "a": "1"\n', '  "b": "1"\n', '  "c": "1"\n'], "}\n"],
  [
    "a statement that one side moves out of a block",
    "a.py",
    "for x in xs:\n    f(x)\n",
    ["    print(t)\n", "    print(t, x)\n", "print(t)\n"],
  ],
  ["line endings that one side converts", "a.txt", "", ["a\r\nb\r\n", "a\r\nB\r\n", "a\nb\n"]],
  [
    "versions whose order nobody knows",
    "package.json",
    '{\n  "x": {\n',
    ['    "a": "1.0.0-rc1"\n', '    "a": "1.0.0-rc10"\n', '    "a": "1.0.0-rc9"\n'],
    "  }\n}\n",
  ],
];

describe("a merge that loses or doubles something is left open", () => {
  it.each(open)("%s", async (_, path, ...parts) => {
    expect(await classes(path, ...parts)).toEqual(["open"]);
  });

  it("a key that two hunks add", async () => {
    const odd = '{\n  "k": { "x": 1,\n    "y": 2 },\n';
    const first: Texts = ["", '  "dup": 1,\n', '  "t": 1,\n'];
    const second: Texts = ["", '  "o": 1,\n', '  "dup": 2,\n'];
    expect(await classes("en.json", odd, first, '  "b": 1,\n', second, '  "z": 1\n}\n')).toEqual([
      "open",
      "open",
    ]);
  });
});

describe("names that two hunks import", () => {
  it("are seen in the whole", async () => {
    const first: Texts = ["", "import {\n  A,\n} from 'a';\n", "import q from 'q';\n"];
    const second: Texts = ["", "import b from 'b';\n", "import { A } from 'c';\n"];
    const parts = ["import x from 'x';\n", first, "import y from 'y';\n", second, "f();\n"];
    expect(await classes("a.ts", ...parts)).toEqual(["open", "open"]);
  });
});

describe("versions", () => {
  it("that both added are a choice where their majors differ", async () => {
    const given = (ours: string, theirs: string) =>
      classes(
        "package.json",
        '{\n  "d": {\n    "a": 1,\n',
        ["", `    "b": "${ours}",\n`, `    "b": "${theirs}",\n`],
        '    "c": 1\n  }\n}\n',
      );
    expect(await given("^1.0.0", "^1.2.0")).toEqual(["version-bump/both-added"]);
    expect(await given("^1.0.0", "^2.0.0")).toEqual(["npm/version-choice/package-json"]);
  });

  it.each([
    ["1.0.0-rc.9", "1.0.0-rc.10", -1],
    ["1.0.0-beta.2", "1.0.0-rc.1", -1],
    ["1.0.0-rc.1", "1.0.0", -1],
    ["1.0.0-rc10", "1.0.0-rc9", 0],
    ["1.0.0-canary-c3-20240101", "1.0.0-canary-b1-20240401", 0],
  ])("%s against %s", (one, other, order) => {
    const [first, second] = [plainRange(`"${one}"`), plainRange(`"${other}"`)];
    expect(first && second && compareRanges(first, second)).toBe(order);
  });
});

describe("a lockfile", () => {
  const lock = (a: object, z: object) =>
    JSON.stringify({
      name: "x",
      version: "1.0.0",
      lockfileVersion: 3,
      packages: {
        "": { name: "x", version: "1.0.0", devDependencies: { a: "^1.0.0" }, ...z },
        "node_modules/a": a,
        ...("dependencies" in z
          ? { "node_modules/z": { version: "1.0.0", dependencies: { a: "^1.0.0" } } }
          : {}),
      },
    });
  const wanted = { dependencies: { z: "^1.0.0" } };

  it("may not leave out of production what production needs", () => {
    const ours = lock({ version: "1.0.1" }, wanted);
    const theirs = lock({ version: "1.1.0", dev: true }, {});
    expect(isConsistentLock(ours, { ours, theirs })).toBe(true);
    expect(isConsistentLock(lock({ version: "1.1.0", dev: true }, wanted), { ours, theirs })).toBe(false);
  });
});
