import { describe, expect, test } from "@jest/globals";
import { affectedGoPackages } from "../../../src/checks/affected/go-packages.ts";
import { affectedPythonTests, isPythonTest } from "../../../src/checks/affected/python-tests.ts";
import { affectedScriptTests } from "../../../src/checks/affected/script-tests.ts";
import { scanLimits } from "../../../src/checks/affected/tree.ts";
import type { Affected } from "../../../src/checks/affected/tree.ts";
import { treeFiles } from "../support.ts";
import type { Files } from "../support.ts";

const files = (affected: Affected) => (affected.kind === "all" ? "all" : affected.files);

const scripts = async (tree: Files, ...paths: readonly string[]) =>
  files(
    await affectedScriptTests(
      Object.keys(tree).filter((name) => name.includes("test")),
      paths,
      treeFiles(tree),
    ),
  );

describe("affectedScriptTests", () => {
  test.each([
    ["import", 'import { a } from "../src/a.js";'],
    ["a bare import", 'import "../src/a.js";'],
    ["export from", "export * from '../src/a.js'"],
    ["require", "const a = require('../src/a')"],
    ["a dynamic import", "await import('../src/a.js')"],
    ["many lines", 'import {\n  a,\n  b,\n} from "../src/a.js";'],
    ["a mock", "jest.mock('../src/a')"],
    ["a URL", "new Worker(new URL('../src/a.js', import.meta.url))"],
    ["TypeScript by its compiled name", 'import a from "../src/b.js"'],
    ["a folder's index", "require('../src/sub')"],
    ["a folder's main", "require('../src/main')"],
  ])("%s", async (_, text) => {
    const tree = {
      "src/a.js": "",
      "src/b.ts": "import './a'",
      "src/sub/index.ts": "import '../b.js'",
      "src/main/package.json": '{"main": "./lib/m"}',
      "src/main/lib/m.js": "require('../../a')",
      "src/other.js": "",
      "test/one.js": text,
      "test/two.js": "import '../src/other.js'",
    };
    expect(await scripts(tree, "src/a.js")).toEqual(["test/one.js"]);
  });

  test("takes along what it cannot tell", async () => {
    const tree = {
      "src/a.js": "",
      "package.json": '{"name": "@own/self"}',
      "test/built.js": "import '../dist/a.js'",
      "test/named.js": "require(name)",
      "test/alias.js": "import '@/a'",
      "test/self.js": "import '@own/self/a'",
      "test/root.js": "import 'src/a'",
      "test/cli.js": "import { spawn } from 'node:child_process'",
      "test/none.js": "import 'lodash'",
    };
    expect(await scripts(tree, "src/a.js")).toEqual([
      "test/built.js",
      "test/named.js",
      "test/alias.js",
      "test/self.js",
      "test/root.js",
      "test/cli.js",
    ]);
  });

  test("circles end; a changed test is affected; a change of settings affects all", async () => {
    const tree = {
      "a.js": "require('./b')",
      "b.js": "require('./a')",
      "test/x.js": "require('../a')",
      "test/y.js": "",
    };
    expect(await scripts(tree, "b.js")).toEqual(["test/x.js"]);
    expect(await scripts(tree, "test/y.js")).toEqual(["test/y.js"]);
    expect(await scripts(tree, "b.js", "package-lock.json")).toBe("all");
    expect(await scripts(tree, "jest.config.js")).toBe("all");
    expect(await scripts(tree, "README.md")).toEqual([]);
  });

  test("gives up on a tree that is too large to be read", async () => {
    const names = Array.from({ length: scanLimits.files + 1 }, (_, index) => `test/${index}.js`);
    const tree = Object.fromEntries(names.map((name) => [name, ""]));
    expect(await scripts(tree, "a.js")).toBe("all");
  });
});

const python = async (tree: Files, ...paths: readonly string[]) =>
  files(await affectedPythonTests(Object.keys(tree).filter(isPythonTest), paths, treeFiles(tree)));

describe("affectedPythonTests", () => {
  test.each([
    ["import", "import pkg.a"],
    ["import as, in a list", "import os, pkg.a as b"],
    ["a member that is a module", "from pkg import a"],
    ["a name of a module", "from pkg.a import (  # why\n    one,\n    two,\n)"],
    ["through another", "from pkg.sub import c"],
    ["inside of a function", "def test():\n    from pkg import a\n"],
  ])("%s", async (_, text) => {
    const tree = {
      "src/pkg/__init__.py": "",
      "src/pkg/a.py": "",
      "src/pkg/z.py": "",
      "src/pkg/sub/__init__.py": "",
      "src/pkg/sub/c.py": "from ..a import x",
      "tests/test_one.py": text,
      "tests/test_two.py": "import pkg.z",
    };
    expect(await python(tree, "src/pkg/a.py")).toEqual(["tests/test_one.py"]);
    expect(await python(tree, "src/pkg/__init__.py")).toEqual(["tests/test_one.py", "tests/test_two.py"]);
  });

  test("conftest.py is part of the tests below it; programs that are started can be anything", async () => {
    const tree = {
      "a.py": "",
      "tests/conftest.py": "import a",
      "tests/test_one.py": "",
      "other/test_two.py": "",
      "other/test_cli.py": "import subprocess",
    };
    expect(await python(tree, "a.py")).toEqual(["tests/test_one.py", "other/test_cli.py"]);
    expect(await python(tree, "requirements.txt")).toBe("all");
  });
});

describe("affectedGoPackages", () => {
  const tree = {
    "go.mod": "module example.org/m // why\n",
    "m.go": 'package m\nimport "example.org/m/a"\n',
    "m_test.go": "package m",
    "a/a.go": "package a",
    "a/testdata/x.json": "",
    "b/b_test.go": 'package b\nimport (\n\t"testing"\n\t"example.org/m/a"\n)\n',
    "c/c.go": 'package c\nimport "example.org/m/b"',
    "c/c_test.go": "package c",
  };
  const go = async (...paths: readonly string[]) => files(await affectedGoPackages(paths, treeFiles(tree)));

  test("those of the change, and those that import them", async () => {
    expect(await go("a/a.go")).toEqual(["b", ""]);
    expect(await go("a/testdata/x.json")).toEqual(["b", ""]);
    expect(await go("b/b_test.go")).toEqual(["b", "c"]);
    expect(await go("c/c.go")).toEqual(["c"]);
    expect(await go("go.sum")).toBe("all");
    expect(await go("README.md")).toEqual([]);
  });
});
