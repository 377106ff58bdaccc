import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { openChecks } from "../../src/checks/open-checks.ts";
import type { Commands } from "../../src/core/checks.ts";
import type { Sandbox, SandboxLimits, SandboxRequest } from "../../src/core/sandbox.ts";
import {
  makeDirectory,
  readySandbox,
  sandboxTest,
  settingsFor,
} from "../workspace/sandbox/driver-support.ts";
import { workspaceOf } from "./support.ts";
import type { Files } from "./support.ts";

/** Another range than that of the sandbox's own tests, which may run at the same time. */
const user = 733_000;
let sandbox: Sandbox | null = null;
let requests: SandboxRequest[] = [];
let limits: Partial<SandboxLimits> = {};
let folder: Awaited<ReturnType<typeof makeDirectory>> | null = null;

beforeAll(async () => {
  folder = await makeDirectory();
  sandbox = await readySandbox(settingsFor(folder.directory, { user })).catch(() => null);
});
afterAll(async () => {
  await folder?.remove();
});

/** The real sandbox, its requests kept. */
function watched(): Sandbox {
  if (sandbox === null) throw new Error("There is no sandbox.");
  const real = sandbox;
  requests = [];
  return {
    ...real,
    run: async (request) => {
      requests.push(request);
      return await real.run({ ...request, limits: { ...request.limits, ...limits } });
    },
  };
}

async function open(trees: Readonly<Record<string, Files>>, commands: Commands = {}) {
  return await openChecks({
    sandbox: { kind: "ready", sandbox: watched() },
    workspace: workspaceOf(trees),
    commands,
    repository: "owner/name",
    signal: new AbortController().signal,
    record: () => undefined,
  });
}

const project: Files = {
  "package.json": JSON.stringify({ type: "module", scripts: { test: "node --test" } }),
  "src/add.js": "export function add(a, b) {\n  if (a === 3) {\n    return 0;\n  }\n  return a + b;\n}\n",
  "src/other.js": "export const other = 1;\n",
  "test/add.test.js":
    'import test from "node:test";\nimport assert from "node:assert";\nimport { add } from "../src/add.js";\ntest("adds", () => assert.equal(add(1, 2), 3));\n',
  "test/other.test.js":
    'import test from "node:test";\nimport { other } from "../src/other.js";\ntest("other", () => { if (other !== 1) throw new Error("no"); });\n',
};

describe("openChecks", () => {
  test("says what the sandbox says where there is none", async () => {
    const checks = await openChecks({
      sandbox: { kind: "unavailable", why: "There is no bwrap.", remedy: "Install it." },
      workspace: workspaceOf({ base: project }),
      commands: {},
      repository: "owner/name",
      signal: new AbortController().signal,
      record: () => undefined,
    });
    expect(checks.unavailable).toBe("There is no bwrap. Install it.");
    expect(await checks.run("base", ["a"])).toEqual({
      commands: [],
      typeErrors: [],
      tests: null,
      coverage: null,
    });
  });

  test("says why where dependencies cannot be installed: on the base branch for all, on a merge for it", async () => {
    const lock = (name: string) => JSON.stringify({ name, lockfileVersion: 3, packages: { "": {} } });
    const depending = {
      "package.json": JSON.stringify({ scripts: { test: "jest" }, devDependencies: { jest: "^30" } }),
      "package-lock.json": lock("base"),
    };
    const filled = await makeDirectory();
    let fills = 0;
    const installing = async (keepsFirst: boolean) =>
      await openChecks({
        sandbox: {
          kind: "ready",
          sandbox: {
            driver: "none",
            run: () => Promise.reject(new Error("Nothing is to be run.")),
            dependencies: {
              find: () => Promise.resolve(null),
              fill: () => Promise.resolve(keepsFirst && fills++ === 0 ? filled.directory : null),
            },
          },
        },
        workspace: workspaceOf({
          base: depending,
          merged: { ...depending, "package-lock.json": lock("merged") },
        }),
        commands: {},
        repository: "owner/name",
        signal: new AbortController().signal,
        record: () => undefined,
      });
    expect((await installing(false)).unavailable).toBe("The install was given up.");
    const checks = await installing(true);
    expect(checks.unavailable).toBeNull();
    const run = await checks.run("merged", ["package-lock.json"]);
    expect(run.commands).toEqual([
      expect.objectContaining({
        status: "stopped",
        trouble: "The test command was not run. The install was given up.",
      }),
    ]);
    expect(run.tests).toBeNull();
    await filled.remove();
  });

  sandboxTest("runs the tests that a change can affect, and tells which lines ran", async () => {
    const broken = { ...project, "src/add.js": "export function add(a, b) {\n  return a - b;\n}\n" };
    const checks = await open({ base: project, merged: broken });
    expect([checks.unavailable, checks.missing]).toEqual([null, null]);
    const good = await checks.run("base", ["src/add.js"]);
    expect(
      good.commands.map(({ name, command, status, trouble }) => [name, command, status, trouble]),
    ).toEqual([["test", "npm test", "passed", ""]]);
    expect(good.tests?.map(({ id, status }) => [id, status])).toEqual([
      [expect.stringContaining("adds"), "passed"],
    ]);
    const lines = [...(good.coverage?.get("src/add.js") ?? [])];
    expect(lines).toEqual(expect.arrayContaining([1, 2, 5]));
    expect(lines).not.toContain(3);
    const bad = await checks.run("merged", ["src/add.js"]);
    expect(bad.commands[0]?.status).toBe("failed");
    expect(bad.tests?.map(({ status }) => status)).toEqual(["failed"]);
  });

  sandboxTest("does not run again what was run, unless it is asked to", async () => {
    const checks = await open({ base: project });
    const [one, other] = await Promise.all([
      checks.run("base", ["src/add.js"]),
      checks.run("base", ["src/add.js", "src/add.js"]),
    ]);
    expect(one).toBe(other);
    expect(requests).toHaveLength(1);
    await checks.again("base", ["src/add.js"]);
    expect(requests).toHaveLength(2);
  });

  sandboxTest("runs nothing for a file that no test reads", async () => {
    const checks = await open({ base: { ...project, "README.md": "words" } });
    const run = await checks.run("base", ["README.md"]);
    expect([run.commands, run.tests]).toEqual([[], []]);
    expect(requests).toHaveLength(0);
  });

  sandboxTest("asks for a test command in one clear comment", async () => {
    const checks = await open({ base: { "a.txt": "a" } });
    expect(checks.unavailable).toContain("`commands: { test: make test }`");
    expect(checks.unavailable).toBe(checks.missing);
  });

  sandboxTest(
    "runs the setup before, and judges a line that it does not know by its exit status",
    async () => {
      const trees = { base: { "check.sh": "test -f made\n" } };
      const checks = await open(trees, { setup: "touch made", test: "sh check.sh" });
      const run = await checks.run("base", ["check.sh"]);
      expect(run.commands.map(({ status }) => status)).toEqual(["passed"]);
      expect(run.tests).toBeNull();
      const without = await open(trees, { setup: "echo why >&2; false", test: "echo ran" });
      const failed = await without.run("base", ["check.sh"]);
      expect(failed.commands[0]).toMatchObject({ status: "stopped", output: "why" });
      expect(failed.commands[0]?.trouble).toContain("correct commands.setup in .github/agent.yml");
    },
  );

  sandboxTest("compares the type errors that a checker names", async () => {
    const checker = "#!/bin/sh\necho \"src/a.ts(3,4): error TS2322: Type 'a' is wrong.\"\nexit 2\n";
    const checks = await open(
      { base: { "tools/tsc": checker, "src/a.ts": "" } },
      { typecheck: "chmod +x tools/tsc && tools/tsc --noEmit", test: "" },
    );
    const run = await checks.run("base", ["src/a.ts"]);
    expect(run.commands.map(({ status }) => status)).toEqual(["failed"]);
    expect(run.typeErrors).toEqual(["src/a.ts: error TS2322: Type 'a' is wrong."]);
  });

  const troubles: readonly {
    readonly what: string;
    readonly line: string;
    readonly tight?: Partial<SandboxLimits>;
    readonly status?: string;
    readonly words: string;
  }[] = [
    {
      what: "deletes its reports",
      line: "node --test && rm -rf /reports/*",
      status: "passed",
      words: "left no report that can be read",
    },
    {
      what: "is not there",
      line: "no-such-runner",
      words: "the program no-such-runner is not in the sandbox",
    },
    {
      what: "hangs",
      line: "sleep 100",
      tight: { wallMs: 2500 },
      words: "did not end within the time that it has",
    },
    { what: "kills itself", line: "kill -9 $$", words: "SIGKILL" },
    {
      what: "floods its output",
      line: "yes",
      tight: { outputBytes: 1_000_000 },
      words: "wrote more output than it may",
    },
  ];
  sandboxTest.each(troubles)("a command that $what ends in a sentence", async (trouble) => {
    limits = trouble.tight ?? {};
    try {
      const checks = await open({ base: project }, { test: trouble.line });
      const run = await checks.run("base", ["src/add.js"]);
      expect(run.commands[0]?.status).toBe(trouble.status ?? "stopped");
      expect(run.commands[0]?.trouble).toContain(trouble.words);
      expect(run.commands[0]?.trouble).toContain("commands.test in .github/agent.yml");
      expect(run.tests).toBeNull();
    } finally {
      limits = {};
    }
  });

  sandboxTest("a package's tests are run in its folder, with those of what depends on it", async () => {
    const packaged = (name: string, dependencies = {}): Files => ({
      [`packages/${name}/package.json`]: JSON.stringify({
        name: `@own/${name}`,
        scripts: { test: "node --test" },
        dependencies,
      }),
      [`packages/${name}/index.js`]: "module.exports = 1;",
      [`packages/${name}/index.test.js`]: `const test = require("node:test");\nrequire("./index.js");\ntest("${name}", () => {});`,
    });
    const trees = {
      base: {
        "package.json": JSON.stringify({ workspaces: ["packages/*"], scripts: { test: "turbo run test" } }),
        ...packaged("a"),
        ...packaged("b", { "@own/a": "*" }),
        ...packaged("c"),
      },
    };
    const run = await (await open(trees)).run("base", ["packages/a/index.js"]);
    expect(run.commands.map(({ command, status }) => [command, status])).toEqual([
      ["npm test (in packages/a)", "passed"],
      ["npm test (in packages/b)", "passed"],
    ]);
    expect(run.tests?.map(({ id }) => id)).toEqual([
      expect.stringMatching(/^packages\/a > .*a$/),
      expect.stringMatching(/^packages\/b > .*b$/),
    ]);
  });

  const python = hasPython() ? sandboxTest : test.skip;
  python("Python's own tests are judged by their exit status", async () => {
    const files = {
      "setup.py": "",
      "add.py": "def add(a, b):\n    return a + b\n",
      "test_add.py":
        "import unittest\nfrom add import add\n\nclass Add(unittest.TestCase):\n    def test_add(self):\n        self.assertEqual(add(1, 2), 3)\n",
    };
    const broken = { ...files, "add.py": "def add(a, b):\n    return a - b\n" };
    const checks = await open({ base: files, merged: broken });
    const statuses = [await checks.run("base", ["add.py"]), await checks.run("merged", ["add.py"])];
    expect(statuses.map(({ commands }) => commands[0]?.status)).toEqual(["passed", "failed"]);
    expect(statuses[0]?.commands[0]?.command).toBe("python3 -m unittest discover");
  });
});

function hasPython(): boolean {
  try {
    execFileSync("/usr/bin/python3", ["-c", ""]);
    return true;
  } catch {
    console.warn("Tests of Python in the sandbox are skipped: /usr/bin/python3 is not there.");
    return false;
  }
}
