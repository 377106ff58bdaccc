// `errand fix-tests` in real repositories, with tests that are really run, and a model server that plays a script.
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { fixLocalTests } from "../../src/cli/fix-tests.ts";
import type { FixTestsOptions } from "../../src/cli/fix-tests.ts";
import { startScriptedServer } from "../../src/scripted/server.ts";
import type { ScriptedServer } from "../../src/scripted/server.ts";
import { failingRepository } from "../support/failing-repositories.ts";
import type { Files, Situation } from "../support/failing-repositories.ts";
import { fixingModel } from "../support/fixing-model.ts";
import { sandboxProcesses } from "../workspace/sandbox/driver-support.ts";
import { describeSandboxed, sandboxFolder } from "../support/sandbox.ts";

const main = path.resolve(import.meta.dirname, "../../src/main.ts");
const tsx = pathToFileURL(path.resolve(import.meta.dirname, "../../node_modules/tsx/dist/loader.mjs")).href;
const execute = promisify(execFile);

const gitEnvironment = {
  PATH: process.env["PATH"],
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "ann",
  GIT_AUTHOR_EMAIL: "ann@example.com",
  GIT_COMMITTER_NAME: "ann",
  GIT_COMMITTER_EMAIL: "ann@example.com",
};

let repository: string;
let scratch: string;
let server: ScriptedServer | null;
beforeEach(async () => {
  repository = await realpath(await mkdtemp(path.join(tmpdir(), "errand-fix-tests-")));
  scratch = await sandboxFolder();
  server = null;
});
afterEach(async () => {
  // Whatever came of it, nothing of a run is left where it was run.
  expect(await readdir(scratch)).toEqual([]);
  expect(server?.violations() ?? []).toEqual([]);
  await server?.close();
  for (const folder of [repository, scratch]) await rm(folder, { recursive: true, force: true });
});

const git = (...args: string[]) => execute("git", args, { cwd: repository, env: gitEnvironment });
const read = (file: string): Promise<string> => readFile(path.join(repository, file), "utf8");

async function write(files: Files): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(repository, name)), { recursive: true });
    await writeFile(path.join(repository, name), text);
  }
}

/** The base is committed on main, the head on a branch of it. */
async function commit(situation: Situation) {
  const made = failingRepository("node", situation);
  if (made === null) throw new Error(`There is no such repository: ${situation}.`);
  await git("init", "--quiet", "--initial-branch=main");
  await write(made.base);
  await git("add", "--all");
  await git("commit", "--quiet", "--message=base");
  await git("checkout", "--quiet", "-b", "work");
  await write(made.head);
  return made;
}

type Variables = Readonly<Record<string, string | undefined>>;

const unsafe = { ERRAND_UNSAFE_NO_SANDBOX: "i-run-code-of-strangers-without-a-sandbox" };
const bare = (): Variables => ({
  PATH: process.env["PATH"],
  ERRAND_SANDBOX_DIR: scratch,
  ...unsafe,
});

/** With a model that knows this much, and is right at once. */
async function withModel(of: string, code: string, before?: () => Promise<void>): Promise<Variables> {
  const answer = fixingModel([{ of, code }]);
  server = await startScriptedServer(async (asked) => {
    await before?.();
    return answer(asked);
  });
  return {
    ...bare(),
    ERRAND_SMALL_MODEL: "openai:small@here",
    ERRAND_ENDPOINTS: `here=${server.openaiUrl}`,
    ERRAND_PRICES: "@here=0.05/0.4",
  };
}

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function fix(
  variables: Variables,
  options: Partial<FixTestsOptions> = {},
  signal = new AbortController().signal,
): Promise<Ended> {
  const printed: string[] = [];
  const told: string[] = [];
  const status = await fixLocalTests(
    { command: [], ...options },
    {
      directory: repository,
      variables,
      signal,
      print: (text) => printed.push(text),
      tell: (line) => told.push(line),
      isTerminal: false,
    },
  );
  return { status, stdout: printed.join(""), stderr: told.join("\n") };
}

describe("a test that fails since the branch was made", () => {
  it("is put right on the disk, with the proof and the change", async () => {
    const { answer, head } = await commit("failing");
    const wrong = head["src/receipt.js"] ?? "";
    const variables = await withModel("sum += line.cents;", answer ?? "");
    const { status, stdout, stderr } = await fix(variables);
    expect({ status, stderr }).toMatchObject({ status: 0, stderr: expect.stringContaining("fixed: ") });
    expect(await read("src/receipt.js")).toBe(answer);
    expect(stdout).toMatch(/passed +failed +passed +.*every piece is paid for/);
    expect(stdout).toContain("+    sum += line.cents * line.count;");
    expect(stderr).toContain("sent to openai:small@here");
    expect(stderr).toMatch(/ {2}reproduce: /);
    expect(stderr).toMatch(/Models: In all \$0\.\d+ \(\d+ calls/);
    expect(stderr).toContain("Written: src/receipt.js.");

    // What is printed is a patch, too.
    await write({ "src/receipt.js": wrong });
    await writeFile(path.join(repository, ".git/proof.patch"), stdout);
    await git("apply", ".git/proof.patch");
    expect(await read("src/receipt.js")).toBe(answer);
  }, 120_000);

  it("is only shown with --dry-run, as JSON with --json, and the command is the one that is given", async () => {
    const { answer, head } = await commit("failing");
    const variables = await withModel("sum += line.cents;", answer ?? "");
    const command = ["node", "--test", "test/receipt.test.js"];
    const { status, stdout, stderr } = await fix(variables, { dryRun: true, json: true, command });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ ending: "fixed", edits: ["src/receipt.js"], written: false, tried: expect.any(Number) },
      patch: expect.stringContaining("line.cents * line.count"),
      rows: expect.arrayContaining([expect.objectContaining({ head: "failed", result: "passed" })]),
      calls: server?.requests().length,
    });
    expect(stderr).toContain("suite: test: node --test test/receipt.test.js");
    expect(await read("src/receipt.js")).toBe(head["src/receipt.js"]);
  }, 120_000);

  it("is left alone where the file was edited while it was looked into", async () => {
    const { answer, head } = await commit("failing");
    const edited = `${head["src/receipt.js"] ?? ""}// mine\n`;
    const edit = () => write({ "src/receipt.js": edited });
    const variables = await withModel("sum += line.cents;", answer ?? "", edit);
    const { status, stderr } = await fix(variables);
    expect(status).toBe(1);
    expect(stderr).toContain("src/receipt.js was changed meanwhile, so nothing was written");
    expect(await read("src/receipt.js")).toBe(edited);
  }, 120_000);

  it("is reproduced and nothing more where no model is configured", async () => {
    const { head } = await commit("failing");
    const { status, stderr, stdout } = await fix(bare());
    expect(status).toBe(1);
    expect(stderr).toContain(
      "No model is asked, so no change can be proposed: name one in ERRAND_SMALL_MODEL",
    );
    expect(stderr).toContain("no small model is to be had");
    expect(stdout).toMatch(/passed +failed +/);
    expect(await read("src/receipt.js")).toBe(head["src/receipt.js"]);
  }, 120_000);

  it("asks nobody with --no-models", async () => {
    const { answer } = await commit("failing");
    const variables = await withModel("sum += line.cents;", answer ?? "");
    expect(await fix(variables, { models: false })).toMatchObject({ status: 1 });
    expect(server?.requests()).toEqual([]);
  }, 120_000);
});

describe("a test that is out of date", () => {
  it.each([true, false])(
    "is written only with --tests: %s",
    async (tests) => {
      const { answer, base } = await commit("stale");
      const variables = await withModel('test("every piece is paid for"', answer ?? "");
      const { status, stdout, stderr } = await fix(variables, { tests });
      expect({ status, stderr }).toMatchObject({
        status: tests ? 0 : 1,
        stderr: expect.stringContaining(tests ? "Written: test/receipt.test.js" : "with --tests to have it"),
      });
      expect(stdout).toMatch(/^\+.* 600\);$/m);
      const text = await read("test/receipt.test.js");
      expect(text === base["test/receipt.test.js"]).toBe(!tests);
    },
    120_000,
  );
});

it("says of a flaky test that it is one, and changes nothing", async () => {
  // A coin that falls on each side by turns: a run leaves its mark where the next one finds it.
  const made = await commit("flaky");
  const mark = path.join(scratch, "..", `${path.basename(scratch)}-coin`);
  const coin = `(() => { const there = existsSync(${JSON.stringify(mark)}); if (there) rmSync(${JSON.stringify(mark)}); else writeFileSync(${JSON.stringify(mark)}, ""); return there ? 0 : 1; })()`;
  const text = (made.head["test/receipt.test.js"] ?? "").replace("(Date.now() % 2)", coin);
  await write({
    "test/receipt.test.js": `import { existsSync, rmSync, writeFileSync } from "node:fs";\n${text}`,
  });
  try {
    const { status, stdout, stderr } = await fix(bare());
    expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringContaining("flaky: ") });
    expect(stdout).toMatch(/both/);
  } finally {
    await rm(mark, { force: true });
  }
}, 120_000);

it("ends well where nothing fails", async () => {
  await commit("failing");
  await git("checkout", "--quiet", "--", ".");
  const { status, stderr } = await fix(bare());
  expect({ status, stderr }).toMatchObject({ status: 0, stderr: expect.stringContaining("no test failed") });
}, 120_000);

it("names --no-base for what fails on the base, which then is put right", async () => {
  const { answer } = await commit("base-red");
  const variables = await withModel("sum += line.cents;", answer ?? "");
  const left = await fix(variables);
  expect({ ...left }).toMatchObject({ status: 1, stderr: expect.stringContaining("--no-base") });
  expect(await fix(variables, { base: false })).toMatchObject({ status: 0 });
  expect(await read("src/receipt.js")).toBe(answer);
}, 120_000);

it("refuses a folder without a repository, and one without a test command, with what to do", async () => {
  await expect(fix(bare())).rejects.toMatchObject({
    message: expect.stringContaining("There is no git work tree"),
  });
  await git("init", "--quiet");
  await write({ "notes.txt": "nothing to run\n" });
  await expect(fix(bare())).rejects.toMatchObject({
    message: expect.stringContaining("No test command was found"),
    remedy: expect.stringContaining("errand fix-tests -- npm test"),
  });
}, 60_000);

it("stops when it is told to, and leaves nothing", async () => {
  const { answer, head } = await commit("failing");
  const stop = new AbortController();
  const variables = await withModel("sum += line.cents;", answer ?? "", () => {
    stop.abort(new Error("stopped by a signal"));
    return Promise.resolve();
  });
  const { status, stderr } = await fix(variables, {}, stop.signal);
  expect({ status, stderr }).toMatchObject({ status: 130, stderr: expect.stringContaining("Stopped.") });
  expect(await read("src/receipt.js")).toBe(head["src/receipt.js"]);
}, 120_000);

describe("packages that are installed", () => {
  const needing = {
    "package.json": `${JSON.stringify({ name: "n", type: "module", scripts: { test: "node --test" }, dependencies: { one: "1.0.0" } })}\n`,
    ".gitignore": "node_modules\n",
    "test/one.test.js":
      'import { test } from "node:test";\nimport assert from "node:assert/strict";\nimport one from "one";\ntest("has one", () => assert.equal(one, 1));\n',
  };
  const installed = {
    "node_modules/one/package.json": '{"name":"one","version":"1.0.0","type":"module","main":"index.js"}\n',
    "node_modules/one/index.js": "export default 1;\n",
  };
  beforeEach(async () => {
    await git("init", "--quiet");
    await write(needing);
  });

  it("are there for the tests", async () => {
    await write(installed);
    expect(await fix(bare())).toMatchObject({ status: 0 });
  }, 60_000);

  it("are missed where they are not there, or behind a link, in a sentence", async () => {
    expect((await fix(bare())).stderr).toContain("install them first (npm ci)");
    await symlink(scratch, path.join(repository, "node_modules"));
    const { status, stderr } = await fix(bare());
    expect(status).toBe(1);
    expect(stderr).toContain("node_modules is a symbolic link");
  }, 120_000);

  describeSandboxed("in the sandbox", () => {
    it("are there, read-only, and out of reach is said", async () => {
      await write({
        ...installed,
        "test/two.test.js":
          'import { test } from "node:test";\nimport assert from "node:assert/strict";\nimport { writeFileSync } from "node:fs";\ntest("cannot write", () => assert.throws(() => writeFileSync("node_modules/one/index.js", "")));\n',
      });
      const variables = { PATH: process.env["PATH"], ERRAND_SANDBOX_DIR: scratch };
      if (process.geteuid?.() === 0) {
        await expect(fix(variables)).rejects.toMatchObject({ remedy: expect.stringContaining("chmod o+x") });
        await execute("chmod", ["755", repository]);
      }
      const { status, stderr } = await fix(variables);
      expect({ status, stderr }).toMatchObject({ status: 0 });
      expect(stderr).not.toContain("No sandbox");
    }, 180_000);
  });
});

describe("as a process", () => {
  const errand = (...args: string[]): Promise<Ended> =>
    new Promise((resolve) => {
      const options = { cwd: repository, env: { ...gitEnvironment, ...bare() } };
      execFile(process.execPath, ["--import", tsx, main, ...args], options, (error, stdout, stderr) => {
        resolve({ status: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
      });
    });

  it.each([
    [["fix-tests"], 2, /There is no git work tree[^]*→ Change into/],
    [["fix-tests", "--wrong"], 2, /unknown option/],
    [["fix-tests", "--help"], 0, /^$/],
  ])(
    "ends %j with %d",
    async (args, wanted, said) => {
      const { status, stderr } = await errand(...args);
      expect(status).toBe(wanted);
      expect(stderr).toMatch(said);
    },
    60_000,
  );

  it("leaves no process and no folder at Ctrl-C", async () => {
    await git("init", "--quiet");
    await write({ "slow.sh": "echo up >&2\nsleep 86397\n" });
    const options = { cwd: repository, env: { ...gitEnvironment, ...bare() } };
    const words = ["--import", tsx, main, "fix-tests", "--", "sh", "slow.sh"];
    const child = execFile(process.execPath, words, options);
    const ended = new Promise((resolve) => child.once("exit", resolve));
    while (sandboxProcesses("sleep 86397").length === 0 && child.exitCode === null) await pause(50);
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(sandboxProcesses("sleep 86397")).toEqual([]);
  }, 60_000);

  it("runs the command that stands after --", async () => {
    await commit("failing");
    const { status, stdout, stderr } = await errand(
      ...["fix-tests", "--json", "--no-models", "--", "node", "--test", "test/receipt.test.js"],
    );
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ ending: "unfixed", edits: [], calls: 0, micros: 0 });
    expect(stderr).toContain("test: node --test test/receipt.test.js");
  }, 120_000);
});
