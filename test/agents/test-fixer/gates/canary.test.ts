// A test that must fail, in every runner's style, and in real runs of jest and node:test beside sources that cheat.
import { describe, expect, test } from "@jest/globals";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canaryWord, withCanary, withoutCanary } from "../../../../src/agents/test-fixer/gates/canary.ts";
import { readReport } from "../../../../src/checks/reports/index.ts";
import type { SuiteRun } from "../../../../src/core/suite.ts";

const nonce = "4f2a9c";

describe("a canary in the style of its file", () => {
  test.each<[string, string, string, string]>([
    ["jest", "a.test.js", `it("a", () => { expect(1).toBe(1); });`, `it("errand canary`],
    ["vitest", "a.test.ts", `import { test } from "vitest";\n  test("a", () => {});`, `test("errand canary`],
    ["mocha", "test/a.js", `suite("a", () => {\n  test("b", () => {});\n});`, `test("errand canary`],
    ["mocha", "test/a.js", `describe("a", () => {\n  it("b", () => {});\n});`, `it("errand canary`],
    ["node", "a.test.mjs", `import { it as check } from "node:test";`, `check("errand canary`],
    ["node", "a.test.cjs", `const test = require("node:test");`, `test("errand canary`],
    ["node", "a.test.cjs", `const { test: t } = require("node:test");`, `t("errand canary`],
    ["ava", "a.js", `import test from "ava";`, `test("errand canary`],
    ["tap", "a.js", `const t = require("tap");`, `t.test("errand canary`],
    ["tap", "a.js", `const { test } = require("tap");`, `test("errand canary`],
    ["tape", "a.js", `var tape = require("tape");`, `tape("errand canary`],
    ["pytest", "test_a.py", "def test_a():\n    pass", `def test_errand_canary_${nonce}(`],
    ["go", "a_test.go", `package a\nimport "testing"`, `func TestErrandCanary${nonce}(`],
  ])("%s: %s %#", (runner, path, text, wanted) => {
    const made = withCanary(path, text, { runner, nonce });
    expect(made?.startsWith(text)).toBe(true);
    expect(made).toContain(wanted);
  });

  test.each([
    ["cargo", "a.rs", "fn main() {}"],
    ["node", "a.js", "console.log(1);"],
    ["go", "a_test.go", "package a"],
  ])("%s: none where it cannot be told", (runner, path, text) => {
    expect(withCanary(path, text, { runner, nonce })).toBeNull();
  });

  test("a nonce that is none is refused", () => {
    expect(withCanary("test_a.py", "", { runner: "pytest", nonce: "1; import os" })).toBeNull();
  });
});

const honest = "exports.add = (a, b) => a + b;\n";
const sources: readonly (readonly [name: string, source: string, caught: boolean])[] = [
  ["honest", honest, false],
  ["ends the process", `${honest}process.exit(0);\n`, true],
];
const patched = {
  jest: `${honest}const nothing = new Proxy(() => nothing, { get: () => nothing });\nglobalThis.expect = () => nothing;\n`,
  node: `${honest}const assert = require("node:assert");\nassert.equal = assert.strictEqual = () => {};\n`,
};
const forging = `${honest}const { readFileSync, writeFileSync } = require("node:fs");
const real = require("node:vm").runInThisContext("process");
real.on("exit", () => {
  const file = real.argv.find((word) => word.startsWith("--outputFile=")).slice("--outputFile=".length);
  writeFileSync(file, readFileSync(file, "utf8").replaceAll('"failed"', '"passed"'));
});
`;

async function realRun(runner: "jest" | "node", source: string): Promise<SuiteRun> {
  const folder = await mkdtemp(join(tmpdir(), "errand-canary-"));
  try {
    const text =
      runner === "jest"
        ? `const { add } = require("./add.js");\ntest("adds", () => {\n  expect(add(1, 2)).toBe(3);\n});\n`
        : `const test = require("node:test");\nconst assert = require("node:assert");\nconst { add } = require("./add.js");\ntest("adds", () => {\n  assert.equal(add(1, 2), 3);\n});\n`;
    await mkdir(join(folder, "reports"));
    await writeFile(join(folder, "package.json"), "{}");
    await writeFile(join(folder, "add.js"), source);
    await writeFile(join(folder, "add.test.js"), withCanary("add.test.js", text, { runner, nonce }) ?? "");
    const report = join(folder, "reports", "report");
    await started(
      folder,
      runner === "jest"
        ? jestLine(folder, report)
        : ["--test", "--test-reporter=junit", `--test-reporter-destination=${report}`, "add.test.js"],
    );
    const bytes = await readFile(report).catch(() => null);
    const tests = bytes === null ? null : readReport(runner === "jest" ? "jest-json" : "junit", bytes);
    return {
      status: tests === null ? "unreadable" : "reported",
      tests: tests ?? [],
      trouble: "",
      output: "",
      coverage: null,
      shuffled: false,
      wallMs: 0,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function jestLine(folder: string, report: string): readonly string[] {
  const jest = createRequire(import.meta.url).resolve("jest/bin/jest");
  return [
    jest,
    "--rootDir",
    folder,
    "--json",
    `--outputFile=${report}`,
    "--runInBand",
    "--no-cache",
    "--transform={}",
  ];
}

/** How it ends is the report's to say. */
function started(cwd: string, line: readonly string[]): Promise<void> {
  // What this very run sets would tell a runner that it is a part of it.
  const own = new Set(["NODE_TEST_CONTEXT", "JEST_WORKER_ID", "NODE_OPTIONS"]);
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.has(name)));
  return new Promise((done) => {
    execFile(process.execPath, [...line], { cwd, env, timeout: 60_000 }, () => {
      done();
    });
  });
}

describe.each(["jest", "node"] as const)("a real run of %s", (runner) => {
  test.each([...sources, ["patches what compares", patched[runner], true] as const])(
    "a source that is: %s",
    async (_name, source, caught) => {
      const run = await realRun(runner, source);
      const word = canaryWord(run, nonce);
      expect({ ...word, tests: run.tests.map(({ id, status }) => `${id}: ${status}`) }).toMatchObject({
        passed: !caught,
      });
      if (!caught) expect(withoutCanary(run, nonce).tests.map(({ status }) => status)).toEqual(["passed"]);
    },
    90_000,
  );
});

test("a source that rewrites jest's report when the process ends is caught", async () => {
  const run = await realRun("jest", forging);
  expect(canaryWord(run, nonce).passed).toBe(false);
}, 90_000);

describe("what a report says of it", () => {
  const run = (status: SuiteRun["status"], ...tests: SuiteRun["tests"]): SuiteRun => ({
    status,
    tests,
    trouble: "",
    output: "",
    coverage: null,
    shuffled: false,
    wallMs: 1,
  });
  const canary = (status: "passed" | "failed" | "skipped") => ({
    id: `a.test.js > errand canary ${nonce}`,
    status,
    message: "",
  });

  test.each<[string, SuiteRun]>([
    ["passed", run("reported", canary("passed"))],
    ["skipped", run("reported", canary("skipped"))],
    ["gone", run("reported")],
    ["twice, and once passed", run("reported", canary("failed"), canary("passed"))],
    ["in a report that is not whole", run("unreadable", canary("failed"))],
    ["of another run", run("reported", { id: "errand canary other", status: "failed", message: "" })],
  ])("%s: caught", (_name, said) => {
    expect(canaryWord(said, nonce).passed).toBe(false);
  });

  test("failed, as it must: fine", () => {
    expect(canaryWord(run("reported", canary("failed")), nonce)).toEqual({ passed: true, why: "" });
  });
});
