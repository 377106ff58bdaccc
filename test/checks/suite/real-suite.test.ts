// Suites of real runners in the real sandbox: jest, node's own, and mocha where it is installed.
import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { commandSuite } from "../../../src/checks/suite/command-suite.ts";
import { openSuite } from "../../../src/checks/suite/open-suite.ts";
import type { Commands } from "../../../src/core/checks.ts";
import type { Sandbox, SandboxLimits } from "../../../src/core/sandbox.ts";
import { noReportId } from "../../../src/core/suite.ts";
import type { Suite } from "../../../src/core/suite.ts";
import { installTools, toolMissing } from "../../support/installed-tools.ts";
import { describeSandboxed } from "../../support/sandbox.ts";
import { makeDirectory, readySandbox, settingsFor } from "../../workspace/sandbox/driver-support.ts";
import { workspaceOf } from "../support.ts";
import type { Files } from "../support.ts";
import { asked, outline } from "./support.ts";

jest.setTimeout(240_000);

/** Another range than that of other tests of the sandbox, which may run at the same time. */
const user = 741_000;
const mochaMissing = toolMissing("mocha");
const hasMocha = mochaMissing === null;

let folder: Awaited<ReturnType<typeof makeDirectory>>;
let installed: string;
let sandbox: Sandbox;

beforeAll(async () => {
  folder = await makeDirectory();
  const runner = hasMocha ? ["mocha"] : [];
  installed = await installTools(folder.directory, ["jest", "prettier", "eslint", ...runner]);
  sandbox = await readySandbox(settingsFor(folder.directory, { user }), {
    dependencies: {
      find: () => Promise.resolve(installed),
      fill: () => Promise.reject(new Error("There is nothing to install.")),
    },
  });
});
afterAll(async () => {
  await folder.remove();
});

const manifest = (scripts: Readonly<Record<string, string>>): Files => ({
  "package.json": JSON.stringify({ name: "shop", scripts, devDependencies: { jest: "^30.0.0" } }),
  "package-lock.json": JSON.stringify({ name: "shop", lockfileVersion: 3, packages: { "": {} } }),
});

async function open(
  trees: Readonly<Record<string, Files>>,
  limits: Partial<SandboxLimits> = {},
  commands: Commands = {},
): Promise<Suite> {
  const limited: Sandbox = {
    ...sandbox,
    run: async (request) => await sandbox.run({ ...request, limits: { ...request.limits, ...limits } }),
  };
  return await openSuite({
    sandbox: { kind: "ready", sandbox: limited },
    trees: workspaceOf(trees),
    detectOn: "base",
    commands,
    repository: "owner/name",
    signal: new AbortController().signal,
    record: () => undefined,
  });
}

interface Kind {
  readonly name: string;
  readonly line: string;
  /** What a test file begins with. */
  readonly head: string;
  readonly check: (left: string, right: string) => string;
}

const strictEqual = (left: string, right: string) => `require("node:assert").strictEqual(${left}, ${right})`;
const kinds: readonly Kind[] = [
  { name: "jest", line: "jest", head: "", check: (left, right) => `expect(${left}).toBe(${right})` },
  {
    name: "node:test",
    line: "node --test",
    head: 'const { test } = require("node:test");\n',
    check: strictEqual,
  },
  ...(hasMocha ? [{ name: "mocha", line: "mocha", head: "const test = it;\n", check: strictEqual }] : []),
];
if (!hasMocha) console.warn(`Real runs of mocha are skipped: ${mochaMissing}.`);

describeSandboxed("a suite of real tests", () => {
  for (const { name, line, head, check } of kinds) {
    const source = (right: number): Files => ({
      ...manifest({ test: line }),
      "src/price.js": `exports.price = (name) => {\n  if (name === "tea") {\n    return ${right};\n  }\n  return 2;\n};\n`,
      "test/tea.test.js": `${head}const { price } = require("../src/price");\ntest("tea", () => ${check('price("tea")', "3")});\n`,
      "test/milk.test.js": `${head}const { price } = require("../src/price");\ntest("milk", () => ${check('price("milk")', "2")});\n`,
    });

    it(`${name}: all pass, one fails with its file and its words, and named files alone`, async () => {
      const suite = await open({ base: source(3), head: source(4) });
      expect([suite.unavailable, suite.commands.map(({ runner }) => runner)]).toEqual([
        null,
        [line.split(" ")[0]],
      ]);
      const good = await suite.run(asked("all", { measure: ["src/price.js"] }));
      expect(good).toMatchObject({ status: "reported", trouble: "" });
      expect(
        outline(good)
          .map((row) => row.replace(/ .*\b(\w+)$/, " $1"))
          .sort(),
      ).toEqual(["passed milk", "passed tea"]);
      expect([...(good.coverage?.get("src/price.js") ?? [])]).toEqual(expect.arrayContaining([3, 5]));
      const bad = await suite.run(asked("all", { tree: "head" }));
      expect(bad.status).toBe("reported");
      const failed = bad.tests.filter(({ status }) => status === "failed");
      expect(failed.map(({ id }) => id)).toEqual(
        good.tests.filter(({ id }) => id.endsWith("tea")).map(({ id }) => id),
      );
      expect(failed[0]?.file).toBe("test/tea.test.js");
      expect(failed[0]?.detail).toMatch(/test\/tea\.test\.js:\d+:\d+/);
      expect(failed[0]?.detail).not.toContain("/project/");
      const one = await suite.run(asked(["test/milk.test.js"], { tree: "head", measure: ["src/price.js"] }));
      expect(one).toMatchObject({
        status: "reported",
        tests: [{ status: "passed", file: "test/milk.test.js" }],
      });
      const lines = [...(one.coverage?.get("src/price.js") ?? [])];
      expect([lines.includes(5), lines.includes(3)]).toEqual([true, false]);
    });

    it(`${name}: what ends the process is never all green`, async () => {
      const ending = (body: string): Files => ({
        ...source(3),
        "test/end.test.js": `${head}test("before", () => {});\ntest("ends", () => { ${body} });\ntest("after", () => {});\n`,
      });
      const trees = {
        base: source(3),
        leaves: ending("process.exit(0);"),
        dies: ending("process.exit(3);"),
        aborts: ending("process.abort();"),
      };
      const suite = await open(trees);
      for (const tree of ["leaves", "dies", "aborts"]) {
        const ran = await suite.run(asked("all", { tree }));
        expect(["reported", "unreadable"]).toContain(ran.status);
        const failed = ran.tests.filter(({ status }) => status === "failed");
        expect([tree, failed.length > 0]).toEqual([tree, true]);
        if (ran.status === "unreadable") expect(failed.at(-1)?.id).toBe(noReportId("npm test"));
      }
    });

    it(`${name}: a test without end is stopped, and none has failed`, async () => {
      const endless = { ...source(3), "test/end.test.js": `${head}test("ends", () => { for (;;); });\n` };
      const ran = await (await open({ base: endless }, { wallMs: 8_000 })).run(asked("all"));
      expect([ran.status, ran.tests]).toEqual(["stopped", []]);
      expect(ran.trouble).toContain("did not end within the time that it has");
    });
  }

  it("jest: a seed puts the tests of a file in another order, each seed in its own", async () => {
    const body = Array.from(
      { length: 8 },
      (_, number) => `test("t${number}", () => { console.log("ran " + ${number}); });`,
    );
    const suite = await open({
      base: { ...manifest({ test: "jest --reporters=default" }), "a.test.js": body.join("\n") },
    });
    const orderOf = async (seed: number | null) => {
      const { shuffled, tests } = await suite.run(asked("all", { seed }));
      expect([shuffled, tests.length]).toEqual([seed !== null, 8]);
      return tests.map(({ id }) => id).join();
    };
    const plain = await orderOf(null);
    const [one, again] = [await orderOf(1), await orderOf(1)];
    expect(one).not.toBe(plain);
    expect(again).toBe(one);
  });

  it("a given line with what is installed, and one that writes its own report", async () => {
    const files: Files = {
      ...manifest({ test: "jest" }),
      "a.test.js": 'test("a", () => {});\n',
      "run.sh": 'printf "1..1\\nnot ok 1 - slow\\n" > "$REPORT"; exit 1\n',
    };
    const options = {
      sandbox: { kind: "ready", sandbox } as const,
      trees: workspaceOf({ base: files }),
      detectOn: "base",
      folder: "",
      cache: { directory: installed, mode: "use" } as const,
      environment: {},
      signal: new AbortController().signal,
      record: () => undefined,
    };
    const known = await commandSuite({ ...options, line: "npm test" });
    expect(outline(await known.run(asked("all")))).toEqual(["passed a.test.js > a"]);
    const own = await commandSuite({
      ...options,
      line: "sh run.sh",
      report: { format: "tap", variable: "REPORT" },
    });
    expect(outline(await own.run(asked("all")))).toEqual(["failed slow"]);
  });

  const sloppy: Files = {
    ...manifest({ lint: "eslint .", "format:check": "prettier --check .", test: "jest" }),
    "eslint.config.js": 'module.exports = [{ files: ["**/*.js"], rules: { "prefer-const": "error" } }];\n',
    "src/it's a.js": "let  a = 1;\nexport default a\n",
    "src/b.js": "let  b = 2;\nexport default b\n",
  };

  it("format corrects the given paths with linter and formatter, and nothing else comes back", async () => {
    const suite = await open({ base: sloppy });
    const { runs, changed } = await suite.format("base", ["src/it's a.js"]);
    expect([...changed]).toEqual([["src/it's a.js", "const a = 1;\nexport default a;\n"]]);
    expect(runs.map(({ name, command, status }) => [name, command, status])).toEqual([
      ["lint", "npm run lint", "passed"],
      ["format", "npm run format:check", "passed"],
    ]);
  });

  it("lint names path, line and rule, and files that are not in form", async () => {
    const suite = await open({ base: sloppy });
    const ran = await suite.lint("base");
    expect(ran?.run.status).toBe("failed");
    expect(ran?.complaints).toEqual([
      { path: "src/b.js", line: 1, message: expect.stringMatching(/never reassigned.*\(prefer-const\)$/) },
      { path: "src/it's a.js", line: 1, message: expect.stringMatching(/\(prefer-const\)$/) },
      ...["package-lock.json", "package.json", "src/b.js", "src/it's a.js"].map((path) => {
        return { path, line: 0, message: "It is not in form." };
      }),
    ]);
  });

  it("tools that are not installed are named, with what to do", async () => {
    const suite = await open({ base: sloppy }, {}, { lint: "flake9 .", format: "black --check ." });
    expect((await suite.lint("base"))?.run.trouble).toMatch(
      /the program flake9 is not in the sandbox: add it to/,
    );
    const python = await open(
      { base: { ...sloppy, "a.py": "" } },
      {},
      { lint: "", format: "black-not-here ." },
    );
    const { runs, changed } = await python.format("base", ["a.py"]);
    expect([runs[0]?.status, changed.size]).toEqual(["stopped", 0]);
    expect(runs[0]?.trouble).toMatch(/the program black-not-here is not in the sandbox/);
  });
});
