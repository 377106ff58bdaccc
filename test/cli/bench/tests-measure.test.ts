import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import type { FixEnding } from "../../../src/core/fix.ts";
import type { Sandbox } from "../../../src/core/sandbox.ts";
import type { FixResult } from "../../../src/agents/test-fixer/types.ts";
import type { TestCase } from "../../../src/cli/bench/tests-cases.ts";
import { plainLine, reportingLine } from "../../../src/cli/bench/tests-cases.ts";
import { testFigures, testText } from "../../../src/cli/bench/tests-figures.ts";
import { measureTests } from "../../../src/cli/bench/tests-measure.ts";
import type { MeasuredTests, MeasureTools } from "../../../src/cli/bench/tests-measure.ts";
import { openTestModels } from "../../../src/cli/bench/tests-models.ts";
import { openRepositories } from "../../../src/cli/bench/tests-repositories.ts";
import { benchSandboxSettings, openBenchSandbox } from "../../../src/cli/bench/tests-sandbox.ts";
import { describeSandboxed, sandboxFolder } from "../../support/sandbox.ts";
import { scratchDirectory } from "./support.ts";
import type { Scratch } from "./support.ts";
import { cases, texts } from "./tests-support.ts";

const environment = { PATH: process.env["PATH"] ?? "" };

function resultOf(ending: FixEnding, edits: Readonly<Record<string, string>>): FixResult {
  const report = {
    ...{
      kind: "test" as const,
      ending,
      edits: null,
      words: `said ${ending}`,
      steps: [],
      rows: [],
      doubts: [],
    },
    ...{ more: { passed: 0, other: 0 }, places: [], bestPatch: null, tried: 0, runs: 0 },
  };
  return { report, edits: new Map(Object.entries(edits)) };
}

describeSandboxed("a case that is measured", () => {
  let scratch: Scratch;
  let sandbox: Sandbox;
  beforeAll(async () => {
    scratch = scratchDirectory();
    sandbox = await openBenchSandbox(benchSandboxSettings(await sandboxFolder()), () => undefined);
  }, 120_000);
  afterAll(() => {
    scratch.remove();
  });

  /** Measures a case with a loop that says this, whatever it sees. */
  async function measure(one: TestCase, fix: MeasureTools["fix"]): Promise<MeasuredTests> {
    const signal = new AbortController().signal;
    const cache = path.join(scratch.directory, "cache");
    const directory = path.join(scratch.directory, "repositories");
    return await measureTests(
      one,
      {
        repositories: openRepositories({ cache, directory, environment, signal }),
        installs: () => Promise.resolve(null),
        sandbox,
        environment,
        fix,
        suiteFor: () => Promise.reject(new Error("no suite is wanted")).catch(() => closed),
        modelsFor: openTestModels("scripted:garbage", undefined).modelsFor,
        now: () => 0,
        tell: () => undefined,
      },
      { bench: signal, limitMs: 120_000 },
    );
  }
  const closed = {
    ...{ unavailable: null, commands: [], run: () => Promise.reject(new Error("not run")) },
    ...{ typecheck: () => Promise.resolve(null), lint: () => Promise.resolve(null) },
    format: () => Promise.resolve({ runs: [], changed: new Map() }),
  };
  const saying =
    (ending: FixEnding, edits: Readonly<Record<string, string>> = {}) =>
    () =>
      Promise.resolve(resultOf(ending, edits));

  it("is solved by what passes all that the developers' fix passes", async () => {
    expect(await measure(cases.broken, saying("fixed", { "src/double.js": texts.right }))).toMatchObject({
      ending: "fixed",
      reproducible: true,
      solved: true,
      falselyClaimed: false,
    });
  });

  it.each([
    [
      "does not pass them",
      cases.broken,
      { "src/double.js": `${texts.wrong}//\n` },
      /not here: double case 2/,
    ],
    ["changes a test", cases.broken, { "test/double.test.js": "" }, /changes tests/],
    ["passes what is seen alone", cases.overfit, { "src/double.js": texts.special }, /hidden tests fail/],
    ["is for what has no fix", cases.impossible, { "src/double.js": texts.wrong }, /nothing may be pushed/],
    ["is for what is flaky", cases.flaky, { "src/double.js": texts.wrong }, /nothing may be pushed/],
  ])("is falsely claimed by what %s", async (_, one, edits, why) => {
    const measured = await measure(one, saying("fixed", edits));
    expect(measured).toMatchObject({ solved: false, falselyClaimed: true });
    expect(measured.why).toMatch(why);
  });

  it("is solved where hidden tests pass as well", async () => {
    const measured = await measure(cases.overfit, saying("fixed", { "src/double.js": texts.right }));
    expect(measured).toMatchObject({ solved: true, falselyClaimed: false });
  });

  it("claims nothing where nothing is pushed", async () => {
    expect(await measure(cases.broken, saying("unfixed"))).toMatchObject({
      ending: "unfixed",
      solved: false,
      falselyClaimed: false,
      why: "said unfixed",
    });
  });

  it("is an error, in words, where the loop throws", async () => {
    const measured = await measure(cases.broken, () => Promise.reject(new Error("the loop broke")));
    expect(measured).toMatchObject({ ending: "error", why: "the loop broke" });
  });

  it("is not judged where the developers' fix passes nothing here", async () => {
    const one = { ...cases.broken, test_cmd: "nosuchprogram" };
    const measured = await measure(one, saying("fixed", { "src/double.js": texts.right }));
    expect(measured).toMatchObject({ reproducible: false, solved: false, falselyClaimed: false });
    expect(measured.why).toMatch(/cannot be judged/);
  });

  it("comes from a commit with its new tests, and is compared with the commit", async () => {
    const folder = path.join(scratch.directory, "repositories", "own", "double");
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
        cwd: folder,
        encoding: "utf8",
        env: environment,
      }).trim();
    for (const [name, text] of Object.entries({ ...cases.broken.files, "docs/large.md": "large\n" })) {
      mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
      writeFileSync(path.join(folder, name), name.startsWith("test/") ? "// none\r\n" : text);
    }
    git("init", "--quiet");
    git("add", "--all");
    git("commit", "--quiet", "--message=a");
    writeFileSync(
      path.join(folder, "test/double.test.js"),
      cases.broken.files?.["test/double.test.js"] ?? "",
    );
    const patch = execFileSync("git", ["diff"], { cwd: folder, encoding: "utf8", env: environment });
    const one: TestCase = {
      ...{ ...cases.broken, files: null, repo: "own/double", base_sha: git("rev-parse", "HEAD") },
      ...{ test_patch: patch, pruned_paths: ["docs"] },
    };
    let seen: unknown = null;
    const measured = await measure(one, async ({ head, base, changed }, { trees }) => {
      seen = { head: await trees.listTree(head), changed, differs: base !== head };
      return resultOf("fixed", { "src/double.js": texts.right });
    });
    expect(patch).toContain("// none\r\n");
    expect(measured).toMatchObject({ reproducible: true, solved: true });
    expect(seen).toEqual({
      head: ["package.json", "src/double.js", "test/double.test.js"],
      changed: ["test/double.test.js"],
      differs: true,
    });

    const absent = await measure({ ...one, base_sha: "1".repeat(40) }, saying("fixed"));
    expect(absent.ending).toBe("not-materialised");
    expect(absent.why).toMatch(/1{40} is not in the repository/);
  });
});

it("counts every case once, and shows what is not solved", () => {
  const one = {
    ...{ id: "a", kind: "guard-flaky", reproducible: true, solved: false },
    why: "passed and failed",
  };
  const used = { edits: null, falselyClaimed: false, calls: 2, tokens: 30, seconds: 1.5 };
  const measured: MeasuredTests[] = [
    { ...one, ...used, ending: "flaky" },
    { ...one, ...used, id: "b", kind: "guard-green", ending: "not-reproduced" },
    { ...one, ...used, id: "c", kind: "own", ending: "fixed", solved: true, why: "" },
    { ...one, ...used, id: "d", kind: "own", ending: "fixed", falselyClaimed: true, why: "wrong\u001B[2J" },
    { ...one, ...used, id: "e", kind: "own", ending: "not-materialised", why: "no commit" },
    { ...one, ...used, id: "f", kind: "own", ending: "unfixed" },
    { ...one, ...used, id: "g", kind: "own", ending: "doubtful" },
  ];
  const about = { model: "m", large: null, sandbox: "bwrap", interrupted: false, refused: 0 };
  const figures = testFigures(measured, about);
  expect(figures).toMatchObject({
    ...{
      n: 7,
      pushed: 2,
      solved: 1,
      falselyClaimed: 1,
      gaveUp: 1,
      proposed: 1,
      notMaterialised: 1,
      errors: 0,
    },
    ...{ flakyRecognised: 1, greenRecognised: 1, calls: 14, tokens: 210, seconds: 11 },
  });
  expect(figures.byKind["own"]).toMatchObject({ n: 5, solved: 1 });
  const text = testText(figures);
  expect(text).toContain("FALSE d: fixed: wrong?[2J");
  expect(text).not.toContain("c: fixed");
});

it("has a line write its report where it does not do so itself", () => {
  expect(reportingLine("jest --json --outputFile=$REPORT")).toBe("jest --json --outputFile=$REPORT");
  expect(reportingLine("tape test/*.js")).toBe('{ tape test/*.js\n} > "$REPORT"');
});

it.each([
  ["jest --json --outputFile=$REPORT --coverage=false 'a.test.js'", "jest 'a.test.js'"],
  ["vitest run --reporter=json --outputFile=$REPORT --coverage.enabled=false", "vitest run"],
  ["node --test --test-reporter=junit --test-reporter-destination=$REPORT test/", "node --test test/"],
  ["mocha --require x --reporter json 'test/a.js'", "mocha --require x 'test/a.js'"],
  ["python3 -m pytest -q --junitxml=$REPORT", "python3 -m pytest -q"],
])("takes out of %j what it says about reports", (line, plain) => {
  expect(plainLine(line)).toBe(plain);
});
