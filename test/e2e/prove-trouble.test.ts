// Checks that misbehave: each ends in a sentence that says what to do, and what the rules settled is there all the same.
import { execFileSync } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it, jest } from "@jest/globals";
import { openWorkerSandbox } from "../../src/cli/open-sandbox.ts";
import type { Overrides } from "../../src/cli/app.ts";
import type { SandboxLimits } from "../../src/core/sandbox.ts";
import { startRegistry } from "../support/registry.ts";
import type { Registry } from "../support/registry.ts";
import { describeSandboxed, sandboxFolder } from "../support/sandbox.ts";
import { startWorld } from "./harness.ts";
import type { World } from "./harness.ts";
import { openConflict, settled, settledKeys } from "./scenarios.ts";
import type { Versions } from "./scenarios.ts";
import { among, expectUnproven, fix, keysOf, manifest, onMerge } from "./unproven.ts";

/** Whole runs on a machine that is busy with other things. */
jest.setTimeout(120_000);

const megabyte = 1024 * 1024;
/** Seconds that a program sleeps for and nothing else does: it is told by them. */
const mark = 7391;

/** Processes that are still there, and folders of runs that are over. */
async function leftIn(directory: string): Promise<readonly string[]> {
  const processes = execFileSync("ps", ["-eo", "args="], { encoding: "utf8" }).split("\n");
  const folders = await readdir(join(directory, "scratch"));
  return [
    ...processes.filter((line) => line.includes(`sleep ${mark}`) || line.includes(directory)),
    ...folders.filter((name) => name.includes("-run-")),
  ];
}

/** One side raises the lowest, the other lowers the highest: each is fine, and no line of the two is in conflict. */
const broken: Versions = {
  before: {
    ...settled.before,
    "package.json": manifest("node --test"),
    "lowest.js": "export const lowest = 1;\n",
    "highest.js": "export const highest = 9;\n",
    "range.test.js": [
      `import assert from "node:assert/strict";`,
      `import { test } from "node:test";`,
      `import { highest } from "./highest.js";`,
      `import { lowest } from "./lowest.js";`,
      `test("the lowest is not above the highest", () => assert.ok(lowest <= highest));`,
      "",
    ].join("\n"),
  },
  ours: { ...settled.ours, "lowest.js": "export const lowest = 5;\n" },
  theirs: { ...settled.theirs, "highest.js": "export const highest = 3;\n" },
};

/** A test of the merged file by node's own runner, which leaves a report; `script` comes last in it. */
const reported = (command: string, script: string): Versions =>
  among({
    "package.json": manifest(command),
    "keys.test.js": [
      `import assert from "node:assert/strict";`,
      `import { readFileSync, rmSync } from "node:fs";`,
      `import { test } from "node:test";`,
      `const { m, n } = JSON.parse(readFileSync("keys.json", "utf8"));`,
      `test("has a", () => {`,
      `  if (m !== undefined && n !== undefined) ${script};`,
      `});`,
      "",
    ].join("\n"),
  });

describeSandboxed("the checks of a repository", () => {
  let world: World;
  let directory: string;
  let registry: Registry;
  let limits: Partial<SandboxLimits> = {};
  const openSandbox: Overrides["openSandbox"] = async (settings, log) => {
    const state = await openWorkerSandbox(settings, log);
    if (state.kind === "unavailable") return state;
    const { sandbox } = state;
    const run: typeof sandbox.run = (request) =>
      sandbox.run({ ...request, limits: { ...request.limits, ...limits } });
    return { kind: "ready", sandbox: { ...sandbox, run } };
  };
  beforeAll(async () => {
    directory = await sandboxFolder();
    registry = await startRegistry({
      packages: [
        {
          name: "native",
          version: "1.0.0",
          scripts: { install: "echo 'module.exports = 1;' > built.js" },
          files: { "index.js": `module.exports = require("./built.js");\n` },
        },
      ],
    });
    world = await startWorld({
      variables: {
        ERRAND_SANDBOX: "bwrap",
        ERRAND_SANDBOX_DIR: directory,
        ERRAND_SANDBOX_REGISTRIES: registry.host,
      },
      overrides: { openSandbox },
    });
  });
  afterEach(async () => {
    limits = {};
    expect(world.github.violations).toEqual([]);
    expect(await leftIn(directory)).toEqual([]);
  });
  afterAll(async () => {
    await world.close();
    await registry.close();
    await rm(directory, { recursive: true, force: true });
  });

  it.each<[what: string, script: string, limits: Partial<SandboxLimits>, sentence: RegExp]>([
    [
      "hang",
      `sleep ${mark}`,
      { wallMs: 5000 },
      /did not end within the time that it has .* name one that runs fewer tests/,
    ],
    [
      "flood the output",
      "yes",
      { outputBytes: megabyte },
      /wrote more output than it may .* have it write less/,
    ],
    [
      "fill the disk",
      "cat /dev/zero > big; exit 1",
      { diskBytes: 64 * megabyte },
      /wrote more files than there is room for .* have it write less/,
    ],
    [
      "fill the memory",
      "exec node -e 'const kept = []; for (;;) kept.push(Buffer.alloc(1e7, 1))'",
      { memoryBytes: 300 * megabyte },
      /used all the memory that it has .* raise ERRAND_SANDBOX_MEMORY/,
    ],
    ["kill their parent", `kill -9 -1; sleep ${mark}`, {}, /was ended by SIGKILL: run it on your machine/],
    [
      "leave a daemon that is deaf to signals",
      `(trap '' TERM HUP INT; setsid sleep ${mark} >/dev/null 2>&1 &)`,
      {},
      /not proved: the tests pass, and nothing shows that one of them runs these lines/,
    ],
  ])("%s: the report says what to do, and nothing is left of it", async (_, script, given, sentence) => {
    limits = given;
    const scenario = await openConflict(world, onMerge(script));
    await expectUnproven(world, scenario, await fix(world, scenario), sentence);
  });

  it("delete their report: they prove nothing, and are asked not to", async () => {
    const scenario = await openConflict(
      world,
      reported("node --test", `rmSync("/reports/tests.xml", { force: true })`),
    );
    const seen = await fix(world, scenario);
    await expectUnproven(world, scenario, seen, /left no report that can be read/);
  });

  it("fail and fake a report that says otherwise: nothing is pushed on its word", async () => {
    const command =
      "node --test || { sed -i 's/<failure/<system-out/; s/failure>/system-out>/' /reports/*; exit 1; }";
    const scenario = await openConflict(world, reported(command, "assert.equal(m, n)"));
    const seen = await fix(world, scenario);
    expect(seen.comment).toContain("This repository's own checks fail on the result");
    expect(await world.github.git(scenario.app).head("feature")).toBe(scenario.head);
  });

  it("are not there: the report says what to name", async () => {
    const scenario = await openConflict(world, settled);
    const seen = await fix(world, scenario);
    await expectUnproven(world, scenario, seen, /No test command was found.*`commands: { test: make test }`/);
  });

  it("break on the merge, though rules settle each conflict: it is shown, and pushed only on a person's word", async () => {
    const scenario = await openConflict(world, broken);
    const seen = await fix(world, scenario);
    for (const text of Object.values(seen)) {
      expect(text).toContain("This repository's own checks fail on the result");
      expect(text).toContain("the lowest is not above the highest");
    }
    expect(seen.comment).toContain("waiting for your word");
    expect(await world.github.git(scenario.app).head("feature")).toBe(scenario.head);

    const { comment } = await fix(world, scenario, "/agent apply");
    expect(comment).toContain("Conflicts resolved and pushed");
    expect(await keysOf(world, scenario)).toEqual(settledKeys);
  });

  it("need a package's install script: it is named, and with the setting that is offered they pass", async () => {
    const scenario = await openConflict(world, installing(await registry.lockEntry("native", "1.0.0")));
    const seen = await fix(world, scenario);
    await expectUnproven(world, scenario, seen, /`native` would have run one.*name it as `commands\.setup`/);

    const [, setup = ""] = /for example `(npm rebuild [^`]+)`/.exec(seen.comment) ?? [];
    const { before, ...sides } = installing(await registry.lockEntry("native", "1.0.0"));
    const config = `push:\n  bar: 0\ncommands:\n  setup: ${setup}\n`;
    const after = await openConflict(world, { before: { ...before, ".github/agent.yml": config }, ...sides });
    await expectUnproven(world, after, await fix(world, after), /not proved: 1 test passes/);
  });

  it("need a package that cannot be installed: the report says which lockfile, and what npm said", async () => {
    const { integrity, resolved } = await registry.lockEntry("native", "1.0.0");
    const gone = { version: "2.0.0", integrity, resolved: resolved.replace("1.0.0", "2.0.0") };
    const scenario = await openConflict(world, installing(gone));
    const seen = await fix(world, scenario);
    await expectUnproven(world, scenario, seen, /Dependencies of package-lock\.json could not be installed/);
  });

  function installing(entry: { readonly version: string }): Versions {
    const dependencies = { native: entry.version };
    const root = { name: "shop", version: "1.0.0", dependencies };
    return among({
      ".npmrc": `registry=${registry.url}\n`,
      "package.json": manifest("node --test", { dependencies }),
      "package-lock.json": JSON.stringify({
        ...root,
        lockfileVersion: 3,
        requires: true,
        packages: { "": root, "node_modules/native": entry },
      }),
      "native.test.js": `import { test } from "node:test";\nimport "native";\ntest("builds", () => undefined);\n`,
    });
  }
});
