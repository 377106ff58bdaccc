// `errand resolve` with models, as people run it: a real process, a real repository, and a server that plays a script.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { failing } from "../../src/scripted/faults.ts";
import { keepBoth } from "../../src/scripted/keep-both.ts";
import { startScriptedServer } from "../../src/scripted/server.ts";
import type { ScriptedServer } from "../../src/scripted/server.ts";

const main = path.resolve(import.meta.dirname, "../../src/main.ts");
const tsx = pathToFileURL(path.resolve(import.meta.dirname, "../../node_modules/tsx/dist/loader.mjs")).href;

/** Says that its sender may not, in words that would clear a terminal. */
const rude = "rude\u001B[2J\u009B1m";

/** Whom people have configured, and whom nobody has: that one must never be asked. */
let server: ScriptedServer;
let canary: ScriptedServer;
let gone: string;
let repository: string;
beforeAll(async () => {
  server = await startScriptedServer((asked) =>
    asked.model === rude
      ? { kind: "status", status: 401, message: "go\u001B]0;away\u0007\u009B2J" }
      : keepBoth(asked),
  );
  const closed = await startScriptedServer(failing(500));
  await closed.close();
  gone = closed.openaiUrl;
});
afterAll(async () => {
  expect(server.violations()).toEqual([]);
  await server.close();
});
beforeEach(async () => {
  canary = await startScriptedServer(keepBoth);
  repository = await mkdtemp(path.join(tmpdir(), "errand-resolve-models-"));
});
afterEach(async () => {
  expect(canary.requests()).toEqual([]);
  await canary.close();
  await rm(repository, { recursive: true, force: true });
});

type Variables = Readonly<Record<string, string>>;

const ownEnvironment = {
  PATH: process.env["PATH"],
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "ann",
  GIT_AUTHOR_EMAIL: "ann@example.com",
  GIT_COMMITTER_NAME: "ann",
  GIT_COMMITTER_EMAIL: "ann@example.com",
};

interface Ended {
  /** `null`: it had to be killed. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Milliseconds after which a process counts as hanging: several times what the slowest of these takes. */
const patienceMs = 60_000;

const run = (command: string, args: readonly string[], variables: Variables = {}): Promise<Ended> =>
  new Promise((resolve) => {
    const options = { cwd: repository, env: { ...ownEnvironment, ...variables }, timeout: patienceMs };
    execFile(command, args, options, (error, stdout, stderr) => {
      const failed = typeof error?.code === "number" ? error.code : null;
      resolve({ status: error === null ? 0 : failed, stdout, stderr });
    });
  });
const git = (...args: string[]): Promise<Ended> => run("git", args);
const errand = (variables: Variables, ...args: string[]): Promise<Ended> =>
  run(process.execPath, ["--import", tsx, main, ...args], variables);
const write = (file: string, text: string): Promise<void> => writeFile(path.join(repository, file), text);
const read = (file: string): Promise<string> => readFile(path.join(repository, file), "utf8");

const total = (sum: string): string => `export const total = (item) => ${sum};\n`;
const keys = (line: string): string => `{\n  "a": 1,\n${line}  "z": 26\n}\n`;

/** A merge under way, with one conflict for rules (keys.json) and one in which a reader can tell what both sides want. */
async function conflict(code = "total.js"): Promise<void> {
  const commit = async (name: string, key: string, sum: string): Promise<void> => {
    await write("keys.json", keys(key));
    await write(code, total(sum));
    await git("add", ".");
    await git("commit", "-qm", name);
  };
  await git("init", "-q", "-b", "main");
  await commit("base", "", "item.price");
  await git("switch", "-qc", "feature");
  await commit("ours", '  "m": 1,\n', "item.price - discount(item)");
  await git("switch", "-q", "main");
  await commit("theirs", '  "n": 2,\n', "item.price * item.quantity");
  await git("switch", "-q", "feature");
  await git("merge", "main");
}

const served = (): Variables => ({
  ERRAND_ENDPOINTS: `here=${server.openaiUrl},gone=${gone}`,
  ERRAND_PRICES: "@here=0.10/0.50,@gone=0",
});
const configured = (): Variables => ({ ...served(), ERRAND_SMALL_MODEL: "openai:small@here" });

/** How many requests came meanwhile. */
async function asked(what: () => Promise<Ended>): Promise<Ended & { readonly requests: number }> {
  const before = server.requests().length;
  const ended = await what();
  return { ...ended, requests: server.requests().length - before };
}

/** One line, in which what both sides did is done. */
const bothSums = /^(?=.*quantity)(?=.*discount)export const total = .*;\n$/;

describe("with a small model in the environment", () => {
  it("settles by pick what rules leave open, says whom it asks, what it cost and how many calls it took", async () => {
    await conflict();
    const { status, stderr, requests } = await asked(() => errand(configured(), "resolve"));
    expect(stderr).toContain("What rules leave open is sent to openai:small@here");
    expect(stderr).toMatch(
      new RegExp(
        `Models: 1 of 2 hunks by rule for \\$0, 1 by small models, in all \\$0\\.\\d{4} \\(${requests} calls, [\\d,]+ tokens\\)`,
      ),
    );
    expect(stderr).toContain("All 2 settled");
    expect(status).toBe(0);
    expect(requests).toBeGreaterThanOrEqual(13);
    expect(await read("total.js")).toMatch(bothSums);
    expect((await git("status", "--porcelain")).stdout).toBe("M  keys.json\nM  total.js\n");
  });

  it("puts the same into JSON, and nothing else on standard output", async () => {
    await conflict();
    const { status, stdout, requests } = await asked(() => errand(configured(), "resolve", "--json"));
    expect(status).toBe(0);
    const summary = JSON.parse(stdout) as {
      models: { tiers: { slot: string; calls: number }[] };
    };
    expect(summary).toMatchObject({
      left: 0,
      files: [{ path: "keys.json" }, { path: "total.js", hunks: [{ settled: true, tier: "pick" }] }],
      models: { problems: [], tiers: expect.arrayContaining([expect.objectContaining({ slot: "pick" })]) },
    });
    expect(summary.models.tiers.reduce((sum, { calls }) => sum + calls, 0)).toBe(requests);
  });

  it("writes nothing on a dry run, although it asks", async () => {
    await conflict();
    const marked = await read("total.js");
    const { status, requests } = await asked(() => errand(configured(), "resolve", "--dry-run"));
    expect([status, await read("total.js")]).toEqual([0, marked]);
    expect(requests).toBeGreaterThan(0);
  });

  it("asks nobody with --no-models", async () => {
    await conflict();
    const { status, stderr, requests } = await asked(() => errand(configured(), "resolve", "--no-models"));
    expect(requests).toBe(0);
    expect(status).toBe(1);
    expect(stderr).not.toContain("Models:");
    expect(await read("total.js")).toContain("<<<<<<<");
  });

  it("asks nobody where rules settle everything", async () => {
    await conflict();
    const { status, requests } = await asked(() => errand(configured(), "resolve", "keys.json"));
    expect([status, requests]).toEqual([0, 0]);
  });
});

describe("--model", () => {
  it("asks that model, with none in the environment", async () => {
    await conflict();
    const { status, stderr } = await errand(served(), "resolve", "--model", "openai:typed@here");
    expect(stderr).toContain("1 by small models");
    expect(status).toBe(0);
    expect(server.requests().at(-1)?.model).toBe("typed");
  });

  it.each([
    [
      "three files",
      ["--base", "a", "--ours", "b", "--theirs", "c", "--output", "d"],
      "three files ask no model",
    ],
    ["a bar", ["--bar", "0.9"], "--bar above 0 takes measured answers only"],
  ])("is bad usage beside %s, where it would not be asked", async (_, beside, words) => {
    await conflict();
    const asked = server.requests().length;
    const { status, stderr } = await errand(served(), "resolve", "--model", "openai:typed@here", ...beside);
    expect(stderr).toContain(words);
    expect(status).toBe(2);
    expect(server.requests()).toHaveLength(asked);
  });

  it("is bad usage where it is no name of a model", async () => {
    await conflict();
    const { status, stderr } = await errand(served(), "resolve", "--model", "https://evil.example/v1");
    expect(stderr).toContain("is no name of a model");
    expect(status).toBe(2);
  });
});

describe("a repository's own .env", () => {
  const canaryVariables = (): string =>
    [
      `ERRAND_ENDPOINTS=here=${canary.openaiUrl}`,
      "ERRAND_SMALL_MODEL=openai:canary@here",
      "ERRAND_LARGE_MODEL=openai:canary@here",
      "ERRAND_PRICES=@here=0",
      "OPENAI_API_KEY=key-of-the-repository",
      `OPENAI_BASE_URL=${canary.openaiUrl}`,
      "",
    ].join("\n");

  it("makes nobody be asked", async () => {
    await conflict();
    await write(".env", canaryVariables());
    const { status, stdout } = await errand({}, "resolve", "--json");
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ left: 1, models: null });
  });

  it("does not change whom its reader asks, nor lift the limits that its reader has set", async () => {
    await conflict();
    await write(".env", `${canaryVariables()}ERRAND_ALLOW_UNPRICED=on\n`);
    const priced = await asked(() => errand(configured(), "resolve", "--dry-run"));
    expect(priced.status).toBe(0);
    expect(server.requests().at(-1)?.model).toBe("small");
    const unpriced = { ...configured(), ERRAND_PRICES: "@gone=0" };
    expect(await asked(() => errand(unpriced, "resolve"))).toMatchObject({ status: 1, requests: 0 });
  });
});

describe("a model that fails", () => {
  it("costs nothing of what rules settle: a line says what is wrong, and the process ends by itself", async () => {
    await conflict();
    const down = { ...served(), ERRAND_SMALL_MODEL: "openai:small@gone" };
    const { status, stderr } = await errand(down, "resolve");
    expect(stderr).toMatch(/^Models: openai:small@gone cannot be reached.*ERRAND_ENDPOINTS/m);
    expect(stderr).toContain("keys.json: 1 of 1 settled");
    expect(status).toBe(1);
    expect(JSON.parse(await read("keys.json"))).toEqual({ a: 1, m: 1, n: 2, z: 26 });
    expect(await read("total.js")).toContain("<<<<<<<");
  });

  it("is told of in JSON, too", async () => {
    await conflict();
    const unpriced = { ...configured(), ERRAND_PRICES: "@gone=0" };
    const { status, stdout } = await errand(unpriced, "resolve", "--json");
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      models: { tiers: [], problems: [expect.stringContaining("ERRAND_PRICES")] },
    });
  });
});

describe("what others wrote does not move the cursor", () => {
  const controls = /(?!\n)\p{Cc}/u;

  it("be it a model's name, a server's words, or a path", async () => {
    await conflict("to\u001B[2J\u009Btal.js");
    const { status, stderr, stdout } = await errand(served(), "resolve", "--model", `openai:${rude}@here`);
    expect(stderr).toContain("is not accepted (401)");
    expect(stderr).toMatch(/✗ to\?\[2J\?tal\.js/);
    expect(`${stderr}${stdout}`).not.toMatch(controls);
    expect(status).toBe(1);
  });

  it("nor where it is settled, line by line", async () => {
    await conflict("to\u001B[2Jtal.js");
    const { status, stderr } = await errand(configured(), "resolve");
    expect(stderr).not.toMatch(controls);
    expect(status).toBe(0);
  });
});
