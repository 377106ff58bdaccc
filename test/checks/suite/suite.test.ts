// What a suite makes of what its commands say, in a sandbox that answers as the test wants.
import { describe, expect, test } from "@jest/globals";
import { commandSuite } from "../../../src/checks/suite/command-suite.ts";
import { openSuite } from "../../../src/checks/suite/open-suite.ts";
import type { CommandSuiteOptions } from "../../../src/checks/suite/types.ts";
import { noReportId } from "../../../src/core/suite.ts";
import { workspaceOf } from "../support.ts";
import type { Files } from "../support.ts";
import { asked, fakeSandbox, open, outline } from "./support.ts";
import type { Answer } from "./support.ts";

const jestProject: Files = {
  "package.json": JSON.stringify({ scripts: { test: "jest" }, devDependencies: { jest: "^30.0.0" } }),
  "src/a.js": "exports.a = 1;\n",
  "test/a.test.js": "",
  "test/b.test.js": "",
};

/** jest's report of one file. */
function report(
  name: string,
  tests: Readonly<Record<string, "passed" | "failed">>,
): Readonly<Record<string, string>> {
  const assertionResults = Object.entries(tests).map(([title, status]) => ({
    title,
    status,
    failureMessages: status === "failed" ? [`Error: ${title}\n    at /project/${name}:1:1`] : [],
  }));
  return { "tests.json": JSON.stringify({ testResults: [{ name: `/project/${name}`, assertionResults }] }) };
}

async function run(answer: Answer, changes: Parameters<typeof asked>[1] = {}, files = jestProject) {
  const { sandbox } = fakeSandbox(() => answer);
  return await (await open(sandbox, { base: files })).run(asked("all", changes));
}

describe("run", () => {
  test("hands on how long each command may take", async () => {
    const { sandbox, requests } = fakeSandbox(() => ({
      reports: report("test/a.test.js", { works: "passed" }),
    }));
    const suite = await open(sandbox, { base: jestProject });
    await suite.run(asked("all", { wallMs: 5_000 }));
    await suite.run(asked("all"));
    expect(requests.map(({ limits }) => limits?.wallMs)).toEqual([5_000, undefined]);
  });

  test("uses up a process id for each repetition, so that not every run has the same ones", async () => {
    const { sandbox, requests } = fakeSandbox(() => ({
      reports: report("test/a.test.js", { works: "passed" }),
    }));
    const suite = await open(sandbox, { base: jestProject });
    for (const repetition of [0, 1, 3]) await suite.run(asked("all", { repetition }));
    expect(requests.map(({ argv }) => argv[2]?.split("\n(:)").length)).toEqual([1, 2, 4]);
  });

  test("a whole report: tests with file and detail", async () => {
    const ran = await run({
      code: 1,
      reports: report("test/a.test.js", { works: "passed", breaks: "failed" }),
    });
    expect(ran).toMatchObject({ status: "reported", shuffled: false });
    // What is not installed may be why.
    expect(ran.trouble).toMatch(/^package\.json has no lockfile/);
    expect(ran.tests).toEqual([
      { id: "test/a.test.js > works", status: "passed", message: "", file: "test/a.test.js" },
      expect.objectContaining({
        id: "test/a.test.js > breaks",
        status: "failed",
        file: "test/a.test.js",
        detail: "Error: breaks\n    at test/a.test.js:1:1",
      }),
    ]);
  });

  test.each<readonly [string, Answer]>([
    ["leaves no report and ends with success", { stdout: "all is well" }],
    ["crashes", { ended: { kind: "signal", signal: "SIGABRT" }, stdout: "all is well" }],
    ["leaves no report and fails", { code: 1, stderr: "all is well" }],
    [
      "leaves half a report",
      {
        code: 1,
        reports: { "tests.json": '{"numTotalTests":1,"testResults":[{"name"' },
        stdout: "all is well",
      },
    ],
  ])("a runner that %s has failed", async (_, answer) => {
    const ran = await run(answer);
    expect(ran.status).toBe("unreadable");
    expect(ran.tests).toEqual([
      expect.objectContaining({ id: noReportId("npm test"), status: "failed", detail: "all is well" }),
    ]);
    expect(ran.trouble).toContain("commands.test in .github/agent.yml");
  });

  test("a runner that fails though its tests pass is a failure beside them", async () => {
    const ran = await run({ code: 1, reports: report("test/a.test.js", { works: "passed" }) });
    expect(ran.status).toBe("unreadable");
    expect(outline(ran)).toEqual(["passed test/a.test.js > works", "failed (no report) npm test"]);
  });

  test("a report that breaks off is not whole", async () => {
    const files = {
      "package.json": JSON.stringify({ scripts: { test: "tape test/*.js" } }),
      "test/a.js": "",
    };
    const ran = await run({ code: 0, reports: { "tests.tap": "TAP version 13\nok 1 - a\n" } }, {}, files);
    expect(ran.status).toBe("unreadable");
    expect(outline(ran)).toEqual(["passed a", "failed (end of the run)", "failed (no report) npm test"]);
  });

  test.each<readonly [string, Answer]>([
    [
      "a limit",
      { ended: { kind: "limit", limit: "wall" }, reports: report("test/a.test.js", { works: "failed" }) },
    ],
    ["a signal", { ended: { kind: "signal", signal: "SIGKILL" } }],
    ["a failed setup", { code: 1, reports: { "setup-failed": "" } }],
    ["a missing program", { code: 127, stderr: "sh: 1: jest: not found" }],
  ])("%s says nothing of the tests", async (_, answer) => {
    const ran = await run(answer);
    expect([ran.status, ran.tests, ran.coverage]).toEqual(["stopped", [], null]);
    expect(ran.trouble).not.toBe("");
  });

  test("mocha ends with the number of its failures, which may be a shell's word for a missing program", async () => {
    const failure = {
      title: "t",
      fullTitle: "t",
      file: "/project/test/a.js",
      err: { message: "no", stack: "Error: no" },
    };
    const tests = Array.from({ length: 127 }, () => failure);
    const text = JSON.stringify({ stats: {}, tests, failures: tests, pending: [] });
    const files = { "package.json": JSON.stringify({ scripts: { test: "mocha" } }), "test/a.js": "" };
    const ran = await run({ code: 127, reports: { "tests.json": text } }, {}, files);
    expect(ran.status).toBe("reported");
    expect(ran.tests).toHaveLength(127);
  });

  test("a file of node:test that ends the process with success has failed; one without tests has not", async () => {
    const file = (text: string): Files => ({
      "package.json": JSON.stringify({ scripts: { test: "node --test" } }),
      "test/a.test.js": text,
    });
    const xml = '<testsuites><testcase name="/project/test/a.test.js" classname="test"/></testsuites>';
    const answer = { reports: { "tests.xml": xml } };
    const leaves = await run(
      answer,
      {},
      file('import test from "node:test";\ntest("a", () => process.exit(0));\n'),
    );
    expect(outline(leaves)).toEqual(["failed test/a.test.js"]);
    const helper = await run(
      answer,
      {},
      file('import test from "node:test";\nexport const each = () => {\n  test("a");\n};\n'),
    );
    expect(outline(helper)).toEqual(["passed test/a.test.js"]);
  });

  test("the one file that was run is the tests' file, where the report does not say", async () => {
    const files = {
      "package.json": JSON.stringify({ scripts: { test: "node --test" } }),
      "test/a.test.js": "",
      "test/b.test.js": "",
    };
    const { sandbox } = fakeSandbox(() => ({
      reports: { "tests.xml": '<testsuites><testcase name="t" classname="test"/></testsuites>' },
    }));
    const suite = await open(sandbox, { base: files });
    expect((await suite.run(asked(["test/a.test.js"]))).tests[0]?.file).toBe("test/a.test.js");
    expect((await suite.run(asked(["test/a.test.js", "test/b.test.js"]))).tests[0]?.file).toBeUndefined();
    expect((await suite.run(asked("all"))).tests[0]?.file).toBeUndefined();
  });

  test("a line without a known runner is judged by its exit status, in words that say so", async () => {
    const files = { Makefile: "test:\n\ttrue\n" };
    const passed = await run({}, {}, files);
    expect([passed.status, outline(passed)]).toEqual(["reported", ["passed (no report) make test"]]);
    expect(passed.trouble).toContain("its exit status is all that counts");
    const failed = await run({ code: 2 }, {}, files);
    expect([failed.status, outline(failed)]).toEqual(["unreadable", ["failed (no report) make test"]]);
  });

  test("what is not in the tree is not run; what no command runs is told", async () => {
    const { sandbox, requests } = fakeSandbox(() => ({ reports: report("test/a.test.js", {}) }));
    const suite = await open(sandbox, { base: jestProject });
    expect(await suite.run(asked(["test/gone.test.js"]))).toMatchObject({ status: "reported", tests: [] });
    expect(requests).toHaveLength(0);
    const packages = {
      "package.json": JSON.stringify({ workspaces: ["a"] }),
      "a/package.json": JSON.stringify({ scripts: { test: "jest" } }),
      "a/x.test.js": "",
      "other.test.js": "",
    };
    const ran = await (await open(sandbox, { base: packages })).run(asked(["other.test.js"]));
    expect(ran.status).toBe("stopped");
    expect(ran.trouble).toContain("No test command runs `other.test.js`");
  });

  test("packages are run each in its folder, files each by the nearest", async () => {
    const files: Files = {
      "package.json": JSON.stringify({ workspaces: ["packages/*"], scripts: { test: "turbo run test" } }),
      "packages/a/package.json": JSON.stringify({ scripts: { test: "jest" } }),
      "packages/a/x.test.js": "",
      "packages/b/package.json": JSON.stringify({ scripts: { test: "jest" } }),
      "packages/b/y.test.js": "",
    };
    const { sandbox, requests } = fakeSandbox(({ argv }) => ({
      reports: report(
        argv[2]?.includes("cd /project/packages/a") === true
          ? "packages/a/x.test.js"
          : "packages/b/y.test.js",
        { t: "passed" },
      ),
    }));
    const suite = await open(sandbox, { base: files });
    expect(outline(await suite.run(asked("all")))).toEqual([
      "passed packages/a > packages/a/x.test.js > t",
      "passed packages/b > packages/b/y.test.js > t",
    ]);
    requests.length = 0;
    const one = await suite.run(asked(["packages/b/y.test.js"]));
    expect(one.tests.map(({ file }) => file)).toEqual(["packages/b/y.test.js"]);
    expect(requests.map(({ argv }) => argv[2]?.split("\n").find((line) => line.includes("jest")))).toEqual([
      expect.stringContaining("--runTestsByPath y.test.js"),
    ]);
  });

  test("a seed reaches the runner, and the run says that it did", async () => {
    const ran = await run({ reports: report("test/a.test.js", { works: "passed" }) }, { seed: 3 });
    expect(ran.shuffled).toBe(true);
  });
});

describe("openSuite", () => {
  const options = {
    trees: workspaceOf({ base: jestProject }),
    detectOn: "base",
    signal: new AbortController().signal,
    record: () => undefined,
  };

  test("says what the sandbox says where there is none, and runs nothing", async () => {
    const sandbox = { kind: "unavailable", why: "There is no bwrap.", remedy: "Install it." } as const;
    const suite = await openSuite({ ...options, sandbox, commands: {}, repository: "o/n" });
    expect(suite.unavailable).toBe("There is no bwrap. Install it.");
    expect(await suite.run(asked("all"))).toMatchObject({ status: "stopped", trouble: suite.unavailable });
    expect([await suite.typecheck("base"), await suite.lint("base")]).toEqual([null, null]);
    expect(await suite.format("base", ["src/a.js"])).toEqual({ runs: [], changed: new Map() });
  });

  test("without tests it says what to name, and lints all the same", async () => {
    const { sandbox } = fakeSandbox(() => ({}));
    const suite = await open(sandbox, { base: { "a.txt": "" } }, { lint: "sh lint.sh" });
    expect(suite.unavailable).toContain("No test command was found");
    expect((await suite.lint("base"))?.run.status).toBe("passed");
  });

  test("names its commands and the runner in them", async () => {
    const { sandbox } = fakeSandbox(() => ({}));
    expect((await open(sandbox, { base: jestProject }, { lint: "eslint ." })).commands).toEqual([
      { name: "test", line: "npm test", folder: "", runner: "jest" },
      { name: "lint", line: "eslint .", folder: "", runner: null },
    ]);
  });

  test("commands are those of the trusted tree, whatever another says", async () => {
    const { sandbox, requests } = fakeSandbox(() => ({ reports: {} }));
    const suite = await open(sandbox, {
      base: jestProject,
      head: { ...jestProject, Makefile: "lint:\n\ttrue\n" },
    });
    expect(await suite.lint("head")).toBeNull();
    expect(requests).toHaveLength(0);
  });
});

describe("commandSuite", () => {
  const base: Omit<CommandSuiteOptions, "sandbox" | "line"> = {
    trees: workspaceOf({ base: jestProject }),
    detectOn: "base",
    folder: "",
    cache: { directory: "/installed", mode: "use" },
    environment: { SHOP: "open" },
    signal: new AbortController().signal,
    record: () => undefined,
  };

  test("runs the given line with what is installed, and its runner on named files", async () => {
    const { sandbox, requests } = fakeSandbox(() => ({ reports: report("test/a.test.js", { t: "passed" }) }));
    const suite = await commandSuite({
      ...base,
      sandbox: { kind: "ready", sandbox },
      line: "npm test",
      limits: { wallMs: 5 },
    });
    expect(suite.commands).toEqual([{ name: "test", line: "npm test", folder: "", runner: "jest" }]);
    expect(outline(await suite.run(asked(["test/a.test.js"])))).toEqual(["passed test/a.test.js > t"]);
    expect(requests[0]).toMatchObject({
      cache: base.cache,
      environment: { SHOP: "open" },
      limits: { wallMs: 5 },
    });
    expect(requests[0]?.argv[2]).toContain("--runTestsByPath test/a.test.js");
    expect([await suite.lint("base"), await suite.typecheck("base")]).toEqual([null, null]);
  });

  test("a line that is not known writes its report where a variable says", async () => {
    const tap = { "tests.report": "TAP version 13\nok 1 - a\nnot ok 2 - b\n1..2\n" };
    const { sandbox, requests } = fakeSandbox(() => ({ code: 1, reports: tap }));
    const suite = await commandSuite({
      ...base,
      sandbox: { kind: "ready", sandbox },
      line: "sh run.sh",
      report: { format: "tap", variable: "REPORT" },
    });
    const ran = await suite.run(asked("all"));
    expect([ran.status, outline(ran)]).toEqual(["reported", ["passed a", "failed b"]]);
    expect(requests[0]?.environment).toEqual({ SHOP: "open", REPORT: "/reports/tests.report" });
  });

  test("needs a line and a sandbox", async () => {
    const { sandbox } = fakeSandbox(() => ({}));
    const none = { kind: "unavailable", why: "No.", remedy: "Do." } as const;
    expect((await commandSuite({ ...base, sandbox: none, line: "npm test" })).unavailable).toBe("No. Do.");
    expect(
      (await commandSuite({ ...base, sandbox: { kind: "ready", sandbox }, line: " " })).unavailable,
    ).toContain("npm test");
  });
});
