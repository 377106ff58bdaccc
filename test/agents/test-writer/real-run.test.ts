// One whole run in the sandbox with node:test: a model that writes good and bad tests, and what is kept of them.
import { afterAll, beforeAll, expect } from "@jest/globals";
import { writeTests } from "../../../src/agents/test-writer/write-tests.ts";
import type { WritePorts } from "../../../src/agents/test-writer/types.ts";
import { openSuite } from "../../../src/checks/suite/open-suite.ts";
import type { Sandbox } from "../../../src/core/sandbox.ts";
import { workspaceOf } from "../../checks/support.ts";
import type { Files } from "../../checks/support.ts";
import {
  makeDirectory,
  readySandbox,
  sandboxTest,
  settingsFor,
} from "../../workspace/sandbox/driver-support.ts";
import { worldOf } from "./world.ts";

/** Another range than that of other tests, which may run at the same time. */
const user = 747_000;
let sandbox: Sandbox | null = null;
let folder: Awaited<ReturnType<typeof makeDirectory>> | null = null;

beforeAll(async () => {
  folder = await makeDirectory();
  sandbox = await readySandbox(settingsFor(folder.directory, { user })).catch(() => null);
});
afterAll(async () => {
  await folder?.remove();
});

const base: Files = {
  "package.json": JSON.stringify({ type: "module", scripts: { test: "node --test" } }),
  "src/fee.js": "export function fee(days) {\n  return days;\n}\n",
  "test/other.test.js":
    'import test from "node:test";\nimport assert from "node:assert/strict";\n\ntest("other", () => {\n  assert.equal(1 + 1, 2);\n});\n',
};
const head: Files = {
  ...base,
  "src/fee.js":
    "export function fee(days) {\n  if (days > 30) {\n    return days * 2;\n  }\n  return 5;\n}\n",
};
const answer = `\`\`\`js
import test from "node:test";
import assert from "node:assert/strict";
import { fee } from "../src/fee.js";

test("thirty days cost five", () => {
  assert.equal(fee(30), 5);
});

test("more cost double", () => {
  assert.equal(fee(31), 62);
});

test("takes one", () => {
  assert.equal(fee.length, 1);
});

test("flickers", () => {
  assert.equal(fee(0), 5);
});

test("wrong", () => {
  assert.equal(fee(2), 4);
});

test("nothing", () => {
  assert.ok(true);
});

test("later", { skip: true }, () => {
  assert.equal(fee(1), 5);
});
\`\`\`
`;

async function portsFor(answers: readonly string[]): Promise<{
  readonly ports: WritePorts;
  readonly problem: Parameters<typeof writeTests>[0];
  runs: () => number;
}> {
  if (sandbox === null) throw new Error("There is no sandbox.");
  const world = worldOf({ head, base, answers });
  const trees: Record<string, Files> = { head, base };
  const workspace = {
    ...workspaceOf(trees),
    treeWith: (results: Parameters<WritePorts["trees"]["treeWith"]>[0]) => {
      const texts = [...results].map(([path, blob]): [string, string] => [
        path,
        Buffer.from(blob?.bytes ?? []).toString("utf8"),
      ]);
      const tree = `tree-${Object.keys(trees).length}`;
      trees[tree] = { ...head, ...Object.fromEntries(texts) };
      return Promise.resolve(tree);
    },
  };
  const { signal, record } = world.ports;
  const suite = await openSuite({
    sandbox: { kind: "ready", sandbox },
    trees: workspace,
    detectOn: "base",
    commands: {},
    repository: "owner/name",
    signal,
    record,
  });
  let runs = 0;
  const counted: WritePorts["suite"] = {
    ...suite,
    run: async (request) => {
      runs += 1;
      const run = await suite.run(request);
      return runs % 2 === 1 ? withFlake(run) : run;
    },
  };
  return {
    problem: world.problem,
    ports: { ...world.ports, trees: workspace, suite: counted, now: () => runs },
    runs: () => runs,
  };
}

/** A real flake would make this test one: of this title the result is a failure in every other run. */
function withFlake(run: Awaited<ReturnType<WritePorts["suite"]["run"]>>): typeof run {
  const tests = run.tests.map((one) =>
    one.id.endsWith("flickers") ? { ...one, status: "failed" as const } : one,
  );
  return { ...run, tests };
}

sandboxTest(
  "keeps the tests that bite and drops the vacuous, the flaky, the failing and the skipped",
  async () => {
    const { problem, ports, runs } = await portsFor([answer]);
    const { status, report, edits } = await writeTests(problem, ports);
    expect(report.words).toContain("2 tests for 1 function");
    expect(status).toBe("written");
    const [written] = report.functions;
    expect(written).toMatchObject({
      testPath: "test/fee.test.js",
      kept: ["thirty days cost five", "more cost double"],
      killedBefore: 0,
      lines: 3,
      coveredBefore: 0,
      coveredAfter: 3,
    });
    expect(written?.killedAfter).toBe(written?.mutants);
    const why = new Map(written?.dropped.map((one) => [one.title, one.why]));
    expect(why.get("takes one")).toMatch(/^it notices none of \d+ changes/);
    expect(why.get("flickers")).toMatch(/^it passed in [23] of 5 runs$/);
    expect(why.get("wrong")).toMatch(/^it fails: /);
    expect(why.get("nothing")).toBe("it asserts what is always so");
    expect(why.get("later")).toBe("it skips, marks or singles out tests");
    expect([...edits.keys()]).toEqual(["test/fee.test.js"]);
    expect(runs()).toBeLessThanOrEqual(60);
  },
  400_000,
);
