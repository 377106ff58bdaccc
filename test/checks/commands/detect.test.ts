import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { detectCommands } from "../../../src/checks/commands/detect.ts";
import type { Commands } from "../../../src/core/checks.ts";
import { treeFiles } from "../support.ts";
import type { Files } from "../support.ts";

async function seen(files: Files, configured: Commands = {}) {
  const { commands } = await detectCommands(treeFiles(files), configured);
  return commands.map(({ name, line, folder, from }) => [
    name,
    line,
    from,
    ...(folder === "" ? [] : [folder]),
  ]);
}

const manifest = (fields: object) => ({ "package.json": JSON.stringify(fields) });

describe("detectCommands", () => {
  test("what is configured wins, and an empty text turns one off", async () => {
    const files = manifest({ scripts: { test: "jest", lint: "eslint ." } });
    expect(await seen(files, { test: "make check", lint: "", setup: "make" })).toEqual([
      ["setup", "make", ".github/agent.yml"],
      ["test", "make check", ".github/agent.yml"],
    ]);
  });

  test("scripts of package.json, by the package manager of the repository", async () => {
    const fields = {
      scripts: { test: "jest", "type-check": "tsc", lint: "eslint .", "format:check": "p", format: "w" },
    };
    const lines = async (files: Files) => (await seen(files)).map(([, line]) => line);
    expect(await lines(manifest(fields))).toEqual([
      "npm test",
      "npm run type-check",
      "npm run lint",
      "npm run format:check",
    ]);
    expect(await lines({ ...manifest(fields), "yarn.lock": "" })).toEqual([
      "yarn test",
      "yarn type-check",
      "yarn lint",
      "yarn format:check",
    ]);
    expect(
      (await lines({ ...manifest({ ...fields, packageManager: "pnpm@9.0.0" }), "yarn.lock": "" }))[0],
    ).toBe("pnpm test");
  });

  test("the placeholder of npm is no test", async () => {
    const files = manifest({ scripts: { test: 'echo "Error: no test specified" && exit 1' } });
    expect(await seen(files)).toEqual([]);
  });

  test("what can be run without a script", async () => {
    const files = {
      ...manifest({ devDependencies: { typescript: "^5", vitest: "^3" } }),
      "tsconfig.json": "{}",
    };
    expect(await seen(files)).toEqual([
      ["test", "npx vitest run", "package.json"],
      ["typecheck", "npx tsc --noEmit", "tsconfig.json"],
    ]);
  });

  test.each<[string, Files, unknown]>([
    [
      "Python by its settings",
      { "pyproject.toml": "[tool.pytest.ini_options]\n[tool.mypy]\nfiles = ['a']\n[tool.ruff]\n" },
      [
        ["test", "python3 -m pytest", "pyproject.toml"],
        ["typecheck", "mypy", "pyproject.toml"],
        ["lint", "ruff check .", "pyproject.toml"],
      ],
    ],
    [
      "Python by its tests",
      { "setup.py": "", "tests/test_a.py": "import unittest\n" },
      [["test", "python3 -m unittest discover -s tests -t .", "tests/test_a.py"]],
    ],
    [
      "Go",
      { "go.mod": "module a", "a_test.go": "" },
      [
        ["test", "go test ./...", "go.mod"],
        ["typecheck", "go vet ./...", "go.mod"],
      ],
    ],
    [
      "Rust",
      { "Cargo.toml": "[workspace]\n" },
      [
        ["test", "cargo test --workspace", "Cargo.toml"],
        ["typecheck", "cargo check --workspace --all-targets", "Cargo.toml"],
        ["format", "cargo fmt --check", "Cargo.toml"],
      ],
    ],
    [
      "a Makefile",
      { Makefile: "CC := gcc\ntest: build\n\tx\nlint:\n\ty\ntypecheck := no\n" },
      [
        ["test", "make test", "Makefile"],
        ["lint", "make lint", "Makefile"],
      ],
    ],
  ])("%s", async (_, files, expected) => {
    expect(await seen(files)).toEqual(expected);
  });

  test("a Makefile speaks where nothing else does", async () => {
    expect(await seen({ "go.mod": "", "a_test.go": "", Makefile: "test:\nlint:\n" })).toEqual([
      ["test", "go test ./...", "go.mod"],
      ["typecheck", "go vet ./...", "go.mod"],
      ["lint", "make lint", "Makefile"],
    ]);
  });

  const packages: Files = {
    "packages/a/package.json": JSON.stringify({ name: "a", scripts: { test: "jest", lint: "x" } }),
    "packages/b/package.json": JSON.stringify({ name: "b", scripts: { test: "mocha" } }),
    "packages/b/node_modules/c/package.json": JSON.stringify({ scripts: { test: "mocha" } }),
    "examples/d/package.json": JSON.stringify({ scripts: { test: "mocha" } }),
  };
  const each = [
    ["test", "npm test", "package.json", "packages/a"],
    ["test", "npm test", "package.json", "packages/b"],
  ];

  test("packages have their own tests, where the top has none or only calls them", async () => {
    expect(await seen(packages)).toEqual(each);
    for (const script of ["turbo run test", "npm test --workspaces", "pnpm -r test", "lerna run test"]) {
      expect(await seen({ ...packages, ...manifest({ scripts: { test: script } }) })).toEqual(each);
    }
  });

  test("tests of the top speak for the packages", async () => {
    const top = manifest({ scripts: { test: "mocha -r ts-node/register" } });
    expect(await seen({ ...packages, ...top })).toEqual([["test", "npm test", "package.json"]]);
  });

  test("says what was looked for and what to write", async () => {
    const { missing } = await detectCommands(treeFiles({ "a.py": "" }), {});
    expect(missing).toContain("package.json");
    expect(missing).toContain("`commands: { test: python3 -m pytest }`");
    const off = await detectCommands(treeFiles(manifest({ scripts: { test: "jest" } })), { test: "" });
    expect(off.missing).toContain("turned off");
    const there = await detectCommands(treeFiles(manifest({ scripts: { test: "jest" } })), {});
    expect(there.missing).toBeNull();
  });

  test("takes any text for a file of settings", async () => {
    const names = [
      "package.json",
      "pyproject.toml",
      "go.mod",
      "Cargo.toml",
      "Makefile",
      "setup.cfg",
      "tsconfig.json",
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.string(), fc.json())),
        async (files) => {
          await detectCommands(treeFiles(files), {});
        },
      ),
    );
  });
});
