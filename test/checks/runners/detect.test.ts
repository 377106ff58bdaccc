import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { detectRunner } from "../../../src/checks/runners/detect.ts";
import { treeFiles } from "../support.ts";

const detect = (line: string, scripts: Readonly<Record<string, string>> = {}, files = {}) =>
  detectRunner(line, { scripts: new Map(Object.entries(scripts)), read: treeFiles(files).read });

/** The runner and its arguments, and the line joined again. */
async function seen(line: string, scripts: Readonly<Record<string, string>> = {}, files = {}) {
  const runner = await detect(line, scripts, files);
  if (runner === null) return null;
  const args = runner.arguments.map(({ raw }) => raw);
  const middle = [...runner.assignments, ...runner.launch, ...args].join(" ");
  return [runner.name, args.join(" "), `${runner.before}${middle}${runner.after}`];
}

describe("detectRunner", () => {
  test.each([
    ["jest --ci", "jest", "--ci", "jest --ci"],
    ["npx jest", "jest", "", "jest"],
    ["yarn jest a.js", "jest", "a.js", "jest a.js"],
    ["pnpm exec vitest run", "vitest", "run", "vitest run"],
    ["NODE_ENV=test cross-env TZ=UTC mocha test", "mocha", "test", "NODE_ENV=test TZ=UTC mocha test"],
    ["nyc --reporter=lcov -x dist mocha --exit", "mocha", "--exit", "mocha --exit"],
    ["c8 node --test", "node", "--test", "node --test"],
    ["node --import tsx --test 'test/*.ts'", "node", "--import tsx --test 'test/*.ts'", null],
    [
      "node --experimental-vm-modules node_modules/jest/bin/jest.js -i",
      "jest",
      "-i",
      "node --experimental-vm-modules node_modules/jest/bin/jest.js -i",
    ],
    ["react-scripts test --env=jsdom", "jest", "--env=jsdom", null],
    ["ava", "ava", "", "ava"],
    ["tap -J test/*.js", "tap", "-J test/*.js", null],
    ["tape 'test/**/*.js' | tap-spec", "tape", "'test/**/*.js'", "tape 'test/**/*.js'"],
    ["uv run pytest -q tests", "pytest", "-q tests", "pytest -q tests"],
    ["coverage run -m pytest tests", "pytest", "tests", "python3 -m pytest tests"],
    ["python3 -m pytest", "pytest", "", "python3 -m pytest"],
    ["go test ./...", "go", "./...", "go test ./..."],
    ["cargo test --workspace", "cargo", "--workspace", "cargo test --workspace"],
  ])("%s", async (line, name, args, joined) => {
    expect(await seen(line)).toEqual([name, args, joined ?? line]);
  });

  test.each([
    "make test",
    "npm test",
    "jest || true",
    "jest > out.txt",
    "cat names | jest",
    "for i in 1; do jest; done",
    "jest | tee out",
    "echo jest",
    "jest &",
  ])("leaves %s as it is", async (line) => {
    expect(await seen(line)).toBeNull();
  });

  test("follows scripts, with what a package manager runs around them and hands on to them", async () => {
    const scripts = {
      pretest: "npm run build",
      test: "npm run lint && npm run test:unit -- --timeout 5000",
      "test:unit": "cross-env NODE_ENV=test mocha",
      build: "tsc -p .",
      lint: "eslint .",
      posttest: "echo done",
    };
    expect(await seen("TZ=Asia/Tokyo npm test", scripts)).toEqual([
      "mocha",
      "--timeout 5000",
      "( export TZ=Asia/Tokyo; ( ( tsc -p . ) ) && ( true ) && ( NODE_ENV=test mocha --timeout 5000 ) && ( echo done ) )",
    ]);
  });

  test("keeps what comes after the runner, and leaves linters out", async () => {
    expect(await seen("npm test", { test: "xo && ava && tsd" })).toEqual([
      "ava",
      "",
      "( true && ava && tsd )",
    ]);
  });

  test("scripts that call each other end", async () => {
    expect(await seen("npm run a", { a: "npm run b", b: "npm run a" })).toBeNull();
  });

  test("a script of another package is not this one's", async () => {
    expect(await seen("npm test -w packages/a", { test: "jest" })).toBeNull();
  });

  test("a file that node runs is told by what it imports", async () => {
    const files = {
      "test/a.js": "import test from 'node:test';",
      "test/b.js": 'const test = require("tape");',
      "test/c.js": "require('assert')",
    };
    expect(await seen("node test/a.js", {}, files)).toEqual(["node", "test/a.js", "node test/a.js"]);
    expect(await seen("node ./test/b.js | faucet", {}, files)).toEqual([
      "tape",
      "./test/b.js",
      "node ./test/b.js",
    ]);
    expect(await seen("node test/c.js", {}, files)).toBeNull();
  });

  test("never throws", async () => {
    const words = fc.constantFrom(
      "npm",
      "run",
      "test",
      "--",
      "jest",
      "&&",
      "|",
      "npx",
      "node",
      "-r",
      "A=b",
      ";",
      "cross-env",
      "nyc",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(words), fc.array(words), async (line, script) => {
        await detect(line.join(" "), { test: script.join(" ") });
      }),
    );
  });

  test("ends with scripts that call each other more often than can be written out", async () => {
    const twice = (name: string) => Array.from({ length: 20 }, () => `npm run ${name}`).join(" && ");
    const calls = Array.from({ length: 8 }, (_, n) => [`s${n}`, twice(`s${n + 1}`)] as const);
    const runner = await detect("npm run s0 && jest", { ...Object.fromEntries(calls), s8: "true" });
    expect(runner?.name).toBe("jest");
    expect(runner?.before.length).toBeLessThan(100_000);
  });
});
