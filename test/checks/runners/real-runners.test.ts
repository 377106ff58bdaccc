// The lines that are made for runners, run by the runners that this machine has, outside the sandbox on trees of our own.
import { afterEach, describe, expect, test } from "@jest/globals";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readReport } from "../../../src/checks/reports/index.ts";
import { testCommand } from "../../../src/checks/runners/command.ts";
import { detectRunner } from "../../../src/checks/runners/detect.ts";
import type { TestCommand } from "../../../src/checks/runners/types.ts";
import { sandboxPaths } from "../../../src/core/sandbox.ts";
import { treeFiles } from "../support.ts";
import type { Files } from "../support.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** `test`, where the program is there. */
function testWith(program: string, ...args: readonly string[]) {
  if (spawnSync(program, args, { encoding: "utf8" }).status === 0) return test;
  console.warn(`Tests of ${program} ${args.join(" ")} are skipped: it is not on this machine.`);
  return test.skip;
}

async function run(line: string, paths: readonly string[], files: Files) {
  const runner = await detectRunner(line, { scripts: new Map(), read: treeFiles(files).read });
  if (runner === null) throw new Error("no runner");
  const command = await testCommand(runner, { paths, files: treeFiles(files), dependencies: new Map() });
  return command === null ? null : execute(command, files);
}

function execute(command: TestCommand, files: Files) {
  const base = realpathSync(mkdtempSync(path.join(tmpdir(), "errand-runner-")));
  folders.push(base);
  const [project, reports, scratch] = ["project", "reports", "tmp"].map((name) => path.join(base, name));
  if (project === undefined || reports === undefined || scratch === undefined) throw new Error("no folder");
  for (const folder of [project, reports, scratch]) mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(project, name)), { recursive: true });
    writeFileSync(path.join(project, name), text);
  }
  symlinkSync(path.resolve("node_modules"), path.join(project, "node_modules"));
  const line = command.line.replaceAll(sandboxPaths.reports, reports);
  const ours = ["NODE_OPTIONS", "JEST_WORKER_ID", "NODE_V8_COVERAGE", "NODE_TEST_CONTEXT"];
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.includes(name)));
  const environment = { ...inherited, TMPDIR: scratch, CI: "true", NO_COLOR: "1" };
  const ran = spawnSync("sh", ["-c", line], { cwd: project, env: environment, encoding: "utf8" });
  const bytesOf = (name: string) =>
    existsSync(path.join(reports, name)) ? readFileSync(path.join(reports, name)) : null;
  const report = command.report === null ? null : bytesOf(command.report.name);
  const coverage = command.coverage === null ? null : bytesOf(command.coverage.name);
  return {
    status: ran.status,
    output: ran.stdout + ran.stderr,
    tests: command.report === null || report === null ? null : readReport(command.report.format, report),
    coverage: coverage === null ? null : coverage.toString().replaceAll(project, sandboxPaths.project),
    noTests: command.noTests,
  };
}

const ids = (ran: Awaited<ReturnType<typeof run>>) =>
  ran?.tests?.map(({ id, status }) => `${status}: ${id.split(" > ").at(-1) ?? ""}`);

const jestFiles: Files = {
  "package.json": "{}",
  "a.js": "exports.a = () => {\n  return 1;\n};\n",
  "b.js": "exports.b = 2;\n",
  "test/a.test.js": 'const { a } = require("../a");\ntest("a is 1", () => expect(a()).toBe(1));\n',
  "test/b.test.js": 'const { b } = require("../b");\ntest("b is 3", () => expect(b).toBe(3));\n',
};

describe("lines for runners", () => {
  const jest = "node node_modules/jest/bin/jest.js --coverage --watch";

  test("jest: related tests, a report, and coverage of what changed", async () => {
    const ran = await run(jest, ["a.js"], jestFiles);
    expect(ids(ran)).toEqual(["passed: a is 1"]);
    expect(ran?.status).toBe(0);
    expect(JSON.parse(ran?.coverage ?? "{}")).toEqual({
      [`${sandboxPaths.project}/a.js`]: expect.anything(),
    });
  });

  test("jest: everything, where all hangs on the change; a failure is one", async () => {
    const ran = await run(jest, ["package.json"], jestFiles);
    expect(ids(ran)?.sort()).toEqual(["failed: b is 3", "passed: a is 1"]);
    expect(ran?.status).toBe(1);
  });

  test("jest: no related test is no failure", async () => {
    const ran = await run(jest, ["lonely.js"], { ...jestFiles, "lonely.js": "" });
    expect(ran?.status).toBe(0);
    expect(ids(ran) ?? []).toEqual([]);
  });

  const nodeFiles: Files = {
    "a.mjs": "export const a = () => 1;\n",
    "test/a b's.test.mjs":
      'import test from "node:test";\nimport { a } from "../a.mjs";\ntest("a", () => { a(); });\n',
    "test/c.test.mjs": 'import test from "node:test";\ntest("c", () => {});\n',
  };

  test("node: affected files alone, odd names among them", async () => {
    const ran = await run("node --test --test-reporter=dot", ["a.mjs"], nodeFiles);
    expect(ids(ran)).toEqual(["passed: a"]);
    const [document = ""] = (ran?.coverage ?? "").split("\n");
    expect(JSON.parse(document)).toMatchObject({ result: [{ url: `file://${sandboxPaths.project}/a.mjs` }] });
  });

  test("node: a file that is run itself", async () => {
    const file = 'require("node:test")("alone", () => { require("./a.js"); });\n';
    const ran = await run("node t.js", ["a.js"], { "t.js": file, "a.js": "" });
    expect(ids(ran)).toEqual(["passed: alone"]);
  });

  testWith(
    "python3",
    "-m",
    "pytest",
    "--version",
  )("pytest: affected files, and which lines ran", async () => {
    const files = {
      "calc/__init__.py": "",
      "calc/add.py": "def add(a, b):\n    if a == 9:\n        return 0\n    return a + b\n",
      "calc/sub.py": "def sub(a, b):\n    return a - b\n",
      "tests/test_add.py": "from calc.add import add\n\ndef test_add():\n    assert add(1, 2) == 3\n",
      "tests/test_sub.py": "from calc.sub import sub\n\ndef test_sub():\n    assert sub(1, 2) == 3\n",
    };
    const ran = await run("python3 -m pytest -q tests", ["calc/add.py"], files);
    expect(ids(ran)).toEqual(["passed: test_add"]);
    expect(JSON.parse(ran?.coverage ?? "{}")).toEqual({ [`${sandboxPaths.project}/calc/add.py`]: [1, 2, 4] });
    const all = await run("python3 -m pytest", ["pyproject.toml"], { ...files, "pyproject.toml": "" });
    expect(ids(all)?.sort()).toEqual(["failed: test_sub", "passed: test_add"]);
    const none = await run("python3 -m pytest", ["pyproject.toml"], { "pyproject.toml": "" });
    expect(none?.noTests).toContain(none?.status);
  });

  testWith("go", "version")(
    "go: packages of the change and those that import them",
    async () => {
      const files = {
        "go.mod": "module example.org/m\n\ngo 1.20\n",
        "a/a.go": "package a\n\nfunc A() int {\n\treturn 1\n}\n",
        "b/b.go": 'package b\n\nimport "example.org/m/a"\n\nfunc B() int { return a.A() }\n',
        "b/b_test.go":
          'package b\n\nimport "testing"\n\nfunc TestB(t *testing.T) {\n\tif B() != 1 {\n\t\tt.Fatal("no")\n\t}\n}\n',
        "c/c_test.go": 'package c\n\nimport "testing"\n\nfunc TestC(t *testing.T) {}\n',
      };
      const ran = await run("go test ./...", ["a/a.go"], files);
      expect(ids(ran)).toEqual(["passed: TestB"]);
      expect(ran?.coverage).toMatch(/example\.org\/m\/a\/a\.go:3\.\S+ 1 1/);
    },
    120_000,
  );

  testWith("cargo", "--version")(
    "cargo: all tests, by what it writes for people",
    async () => {
      const files = {
        "Cargo.toml": '[package]\nname = "m"\nversion = "0.1.0"\nedition = "2021"\n',
        "src/lib.rs": "#[test]\nfn works() {}\n#[test]\nfn fails() { panic!() }\n",
      };
      const ran = await run("cargo test --offline", ["src/lib.rs"], files);
      expect(ids(ran)?.sort()).toEqual(["failed: fails", "passed: works"]);
      expect(ran?.status).not.toBe(0);
    },
    120_000,
  );
});
