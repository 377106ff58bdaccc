// Lines for runners that are not on this machine, and what is left out of scripts.
import { describe, expect, test } from "@jest/globals";
import { testCommand } from "../../../src/checks/runners/command.ts";
import { detectRunner } from "../../../src/checks/runners/detect.ts";
import { treeFiles } from "../support.ts";
import type { Files } from "../support.ts";

async function command(line: string, paths: readonly string[], files: Files, dependencies = {}) {
  const tree = treeFiles(files);
  const runner = await detectRunner(line, { scripts: new Map(), read: tree.read });
  if (runner === null) throw new Error("no runner");
  return await testCommand(runner, {
    paths,
    files: tree,
    dependencies: new Map(Object.entries(dependencies)),
  });
}

/** The line of the runner itself. */
async function words(line: string, paths: readonly string[], files: Files, dependencies = {}) {
  return (await command(line, paths, files, dependencies))?.line
    .split("\n(\n")
    .at(-1)
    ?.replace(/^\(\n/, "")
    .split("\n")[0];
}

const files: Files = {
  "a.js": "",
  "b.js": "",
  "test/a.test.js": "require('../a')",
  "test/b.test.js": "require('../b')",
  "test/deep/c.js": "require('../../a')",
};
const v8 = 'NODE_V8_COVERAGE="$TMPDIR"/errand-coverage';

describe("testCommand", () => {
  test("mocha: files of its own choice, and those of patterns and folders", async () => {
    const report = "--reporter json --reporter-option output=/reports/tests.json";
    expect(await words("mocha -R dot --bail", ["a.js"], files)).toBe(`${v8} mocha test/a.test.js ${report}`);
    expect(await words("mocha --recursive -t 5000", ["a.js"], files)).toBe(
      `${v8} mocha --recursive -t 5000 test/a.test.js test/deep/c.js ${report}`,
    );
    expect(await words("mocha 'test/**/*.js' --exit", ["b.js"], files)).toBe(
      `${v8} mocha --exit test/b.test.js ${report}`,
    );
    expect(await words("mocha test/*.{test,spec}.js", ["a.js"], files)).toBe(
      `${v8} mocha test/a.test.js ${report}`,
    );
  });

  test("mocha: everything, where its files are named in its settings or cannot be told", async () => {
    const named = { ...files, ".mocharc.json": '{"spec": "test"}' };
    expect(await words("mocha", ["a.js"], named)).toContain("mocha --reporter json");
    expect(await words("mocha $FILES", ["a.js"], files)).toContain("mocha $FILES --reporter json");
    expect(await words("mocha", ["package.json"], files)).toBe(
      "mocha --reporter json --reporter-option output=/reports/tests.json",
    );
    expect(await command("mocha", ["lonely.js"], { ...files, "lonely.js": "" })).toBeNull();
  });

  test("mocha before 9 writes its report to standard output", async () => {
    expect(await words("mocha", ["a.js"], files, { mocha: "^6.2.0" })).toBe(
      `${v8} mocha test/a.test.js --reporter json > /reports/tests.json`,
    );
  });

  test("vitest: related tests, coverage only where its package is there", async () => {
    expect(await words("vitest run --coverage --dir src", ["a.js"], files)).toBe(
      "vitest related --run a.js --dir src --reporter=default --reporter=json --outputFile.json=/reports/tests.json --passWithNoTests --coverage.enabled=false",
    );
    const measured = await command("vitest", ["a.js", "package.json"], files, {
      "@vitest/coverage-v8": "^3",
    });
    expect(measured?.line).toContain("vitest run --reporter=default");
    expect(measured?.line).toContain("--coverage.include=a.js");
    expect(measured?.coverage).toEqual({ name: "coverage.json", format: "istanbul-json" });
  });

  test("ava, tap and tape print TAP", async () => {
    expect(await words("ava --verbose", ["a.js"], files)).toBe(
      `${v8} ava --tap test/a.test.js test/deep/c.js > /reports/tests.tap`,
    );
    expect(await words("tap -R spec test/*.test.js", ["a.js"], files, { tap: "^16.0.0" })).toBe(
      `${v8} tap --reporter=tap --no-coverage --no-check-coverage test/a.test.js > /reports/tests.tap`,
    );
    expect(await words("tap", ["a.js"], files, { tap: "^18.0.0" })).toContain("--disable-coverage");
    expect(await words("tape 'test/*.js' | faucet", ["b.js"], files)).toBe(
      `${v8} tape test/b.test.js > /reports/tests.tap`,
    );
  });

  test("the line around the runner, and the status of the whole, are kept", async () => {
    expect((await command("npm run build && TZ=UTC mocha && tsd", ["a.js"], files))?.line).toMatch(
      /^\(\nnpm run build && TZ=UTC NODE_V8_COVERAGE=\S+ mocha .* && tsd\n\)\nstatus=\$\?\n[^]*\nexit \$status$/,
    );
  });

  test("words for people concern no test", async () => {
    for (const line of ["jest", "vitest", "mocha", "node --test", "pytest", "cargo test"]) {
      expect(await command(line, ["README.md", "docs/a.png"], files)).toBeNull();
    }
  });

  test("a snapshot concerns its test alone", async () => {
    expect(await words("jest", ["test/__snapshots__/a.test.js.snap"], files)).toMatch(
      /--findRelatedTests test\/a\.test\.js$/,
    );
  });

  test("paths that look like options or hold quotes are paths", async () => {
    expect(await words("jest", ["-x.js", "it's.js"], files)).toMatch(
      /--findRelatedTests \.\/-x\.js 'it'\\''s\.js'$|--findRelatedTests \.\/-x\.js 'it'\\''s\.js'/,
    );
  });

  test("a change of very many files is tested whole", async () => {
    const many = Array.from({ length: 9000 }, (_, index) => `src/some/folder/of/files/file-${index}.js`);
    expect(await words("jest", many, files)).not.toContain("--findRelatedTests");
  });
});
