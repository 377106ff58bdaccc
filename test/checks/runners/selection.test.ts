// The lines for all tests, and for named test files, in the order that a seed asks for.
import { describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { testCommand } from "../../../src/checks/runners/command.ts";
import { detectRunner } from "../../../src/checks/runners/detect.ts";
import { shuffled } from "../../../src/checks/runners/selection.ts";
import type { TestRequest } from "../../../src/checks/runners/types.ts";
import { treeFiles } from "../support.ts";
import type { Files } from "../support.ts";

async function command(line: string, request: Partial<TestRequest>, files: Files = {}) {
  const tree = treeFiles(files);
  const runner = await detectRunner(line, { scripts: new Map(), read: tree.read });
  if (runner === null) throw new Error("no runner");
  const made = await testCommand(runner, { paths: [], files: tree, dependencies: new Map(), ...request });
  if (made === null) throw new Error("nothing to run");
  return made;
}

/** The line of the runner itself. */
async function words(line: string, request: Partial<TestRequest>, files: Files = {}) {
  const made = await command(line, request, files);
  return made.line.split("\n(\n").at(-1)?.replace(/^\(\n/, "").split("\n")[0];
}

const all = { selection: { kind: "all" } } as const;
const named = (...files: readonly string[]) => ({ selection: { kind: "files", files } }) as const;

describe("all tests", () => {
  test.each([
    [
      "jest --coverage src",
      "jest src --json --outputFile=/reports/tests.json --testLocationInResults --passWithNoTests --coverage=false",
    ],
    [
      "vitest run src",
      "vitest run src --reporter=default --reporter=json --outputFile.json=/reports/tests.json --passWithNoTests --coverage.enabled=false",
    ],
    ["mocha --bail test", "mocha test --reporter json --reporter-option output=/reports/tests.json"],
    ["ava", "ava --tap > /reports/tests.tap"],
    ["tape test/*.js | tap-spec", "tape test/*.js > /reports/tests.tap"],
    ["go test ./...", "go test -json ./... > /reports/tests.jsonl"],
  ])("%s is run whole, though nothing is said to have changed", async (line, expected) => {
    expect(await words(line, all)).toBe(expected);
  });

  test("the lines of named sources are measured", async () => {
    expect(await words("mocha", { ...all, paths: ["a.js"] })).toContain("NODE_V8_COVERAGE=");
    expect((await command("jest", { ...all, paths: ["a.js"] })).line).toContain("--collectCoverageFrom=a.js");
    expect((await command("go test ./...", { ...all, paths: ["a/a.go"] })).line).toContain("-coverpkg=./a");
  });
});

describe("named files", () => {
  const both = named("test/a.test.js", "test/b c.test.js");

  test.each([
    [
      "jest --maxWorkers 2 test/unit",
      "jest --maxWorkers 2 --json --outputFile=/reports/tests.json --testLocationInResults --passWithNoTests --coverage=false --runTestsByPath test/a.test.js 'test/b c.test.js'",
    ],
    [
      "jest --projects one two",
      "jest --projects one two --json --outputFile=/reports/tests.json --testLocationInResults --passWithNoTests --coverage=false --runTestsByPath test/a.test.js 'test/b c.test.js'",
    ],
    [
      "vitest --dir src unit",
      "vitest run test/a.test.js 'test/b c.test.js' --dir src --reporter=default --reporter=json --outputFile.json=/reports/tests.json --passWithNoTests --coverage.enabled=false",
    ],
    [
      "mocha -t 5000 'test/**/*.js'",
      "mocha -t 5000 test/a.test.js 'test/b c.test.js' --reporter json --reporter-option output=/reports/tests.json",
    ],
    ["ava test/*.js", "ava --tap test/a.test.js 'test/b c.test.js' > /reports/tests.tap"],
    ["tape -r esm test/*.js", "tape -r esm test/a.test.js 'test/b c.test.js' > /reports/tests.tap"],
    [
      "pytest -q tests",
      "pytest -q test/a.test.js 'test/b c.test.js' --junitxml=/reports/tests.xml -o junit_family=xunit1 -p no:cacheprovider",
    ],
    ["go test -run X ./...", "go test -json -run X ./test > /reports/tests.jsonl"],
  ])("%s", async (line, expected) => {
    expect(await words(line, both)).toBe(expected);
  });

  test("node --test and tap are given them", async () => {
    expect(await words("node --import tsx --test test", both)).toMatch(
      / --import tsx --test test\/a\.test\.js 'test\/b c\.test\.js'$/,
    );
    expect(await words("tap -j 2 test/*.js", both)).toMatch(
      / -j 2 test\/a\.test\.js 'test\/b c\.test\.js' > /,
    );
  });

  test("everything, where the runner cannot be given them", async () => {
    expect(await words("cargo test", named("tests/it.rs"))).toContain("cargo test --no-fail-fast");
    expect(
      await words("node test/all.js", named("test/all.js"), { "test/all.js": "require('node:test')" }),
    ).toMatch(/test\/all\.js$/);
    expect(await words("mocha", both, { ".mocharc.json": '{"spec": "test"}' })).toContain("mocha --reporter");
    expect(await words("node --test", named("test/[id].test.js"))).toMatch(/ --test$/);
    expect(await words("pytest", named("test_[a].py"))).toContain("pytest --junitxml");
    const many = Array.from({ length: 9_000 }, (_, index) => `test/some/folder/file-${index}.test.js`);
    expect(await words("jest", named(...many))).not.toContain("--runTestsByPath");
  });

  test("whatever their names hold, each comes to the runner as it is, and none as an option", async () => {
    const name = fc
      .array(
        fc.constantFrom(" ", "'", '"', "$", "`", "-", "a", "é", ";", "&", "\n", "#", "~", "(", "*", "\\"),
        { minLength: 1, maxLength: 12 },
      )
      .map((characters) => `${characters.join("")}.test.js`);
    const lines = [
      ["jest", "--runTestsByPath"],
      ["mocha", "mocha"],
    ] as const;
    await fc.assert(
      fc.asyncProperty(name, fc.constantFrom(...lines), async (file, [line, before]) => {
        const made = await command(line, named(file));
        // The runner is a function that prints its arguments, each ended by a null.
        const script = `${line}() { printf '%s\\0' ${line} "$@"; }\n${made.line.replace(/exit \$status$/, "")}`;
        const printed = execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\0");
        expect(printed[printed.indexOf(before) + 1]).toBe(file.startsWith("-") ? `./${file}` : file);
      }),
      { numRuns: 60 },
    );
  });
});

describe("a seed", () => {
  const files = ["a", "b", "c", "d", "e"].map((name) => `test/${name}.test.js`);

  test.each([
    ["jest", { jest: "^29.7.0" }, "--randomize --seed=7"],
    ["jest", { jest: "~30.0" }, "--randomize --seed=7"],
    ["jest", { jest: "^29.4.0" }, null],
    ["jest", {}, null],
    ["vitest run", {}, "--sequence.shuffle=true --sequence.seed=7"],
    ["go test -shuffle on ./...", {}, "-shuffle=7 ./..."],
    ["cargo test", {}, null],
    ["mocha", {}, null],
    ["node --test", {}, null],
  ])("%s with %j: %s", async (line, dependencies, expected) => {
    const made = await command(line, {
      ...all,
      seed: 7,
      dependencies: new Map(Object.entries(dependencies)),
    });
    expect(made.shuffled).toBe(expected !== null);
    if (expected === null) expect(made.line).not.toMatch(/seed|shuffle|randomize/);
    else expect(made.line).toContain(expected);
  });

  test.each(["mocha", "tape test/*.js", "tap", "pytest"])(
    "%s: named files in another order",
    async (line) => {
      const made = await command(line, { ...named(...files), seed: 7 });
      const order = made.line.match(/test\/\w\.test\.js/g) ?? [];
      expect([...order].sort()).toEqual(files);
      expect(order).not.toEqual(files);
      expect(made.shuffled).toBe(true);
      expect((await command(line, { ...named("test/a.test.js"), seed: 7 })).shuffled).toBe(false);
    },
  );

  test("the same number gives the same order, and other numbers give others", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { maxLength: 30 }), fc.integer(), (items, seed) => {
        expect([...shuffled(items, seed)].sort()).toEqual([...items].sort());
        expect(shuffled(items, seed)).toEqual(shuffled(items, seed));
      }),
    );
    const orders = Array.from({ length: 40 }, (_, seed) => shuffled(files, seed).join());
    expect(new Set(orders).size).toBeGreaterThan(20);
  });
});
