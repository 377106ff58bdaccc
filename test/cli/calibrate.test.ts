// `errand calibrate` in a person's own repository: what it prints, what it leaves, and what `errand resolve` makes of that.
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { reasonOf } from "../../src/cli/calibrate-text.ts";

const main = path.resolve(import.meta.dirname, "../../src/main.ts");
const tsx = pathToFileURL(path.resolve(import.meta.dirname, "../../node_modules/tsx/dist/loader.mjs")).href;

let repository: string;
const environment = {
  PATH: process.env["PATH"],
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "ann",
  GIT_AUTHOR_EMAIL: "ann@example.com",
  GIT_COMMITTER_NAME: "ann",
  GIT_COMMITTER_EMAIL: "ann@example.com",
};

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (command: string, ...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(command, args, { cwd: repository, env: environment }, (error, stdout, stderr) => {
      resolve({ status: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
    });
  });
const git = (...args: string[]): Promise<Ended> => run("git", ...args);
const errand = (...args: string[]): Promise<Ended> => run(process.execPath, "--import", tsx, main, ...args);
const write = (file: string, text: string): Promise<void> => writeFile(path.join(repository, file), text);
const read = (file: string): Promise<string> => readFile(path.join(repository, file), "utf8");

async function commit(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await write(name, text);
  await git("add", ".");
  await git("commit", "-qm", "c");
}

const price = (value: string): Record<string, string> => ({ "price.js": `export const price = ${value};\n` });

/** Two branches that both change the price and add a key, merged by hand into `feature` each time. */
async function mergeByHand(name: string, resolution: string): Promise<void> {
  await git("switch", "-q", "--orphan", name);
  await commit({ ...price("1"), "keys.json": '{\n  "z": 26\n}\n', [`${name}.txt`]: "x\n" });
  await git("switch", "-qc", `${name}-other`);
  await commit({ ...price("three()"), "keys.json": '{\n  "n": 2,\n  "z": 26\n}\n' });
  await git("switch", "-q", name);
  await commit({ ...price("two()"), "keys.json": '{\n  "m": 1,\n  "z": 26\n}\n' });
  await git("merge", "-q", `${name}-other`);
  await commit({ ...price(resolution), "keys.json": '{\n  "m": 1,\n  "n": 2,\n  "z": 26\n}\n' });
}

const Printed = z.object({
  merges: z.number(),
  conflicted: z.number(),
  hunks: z.number(),
  remembered: z.number(),
  contradicted: z.number(),
  written: z.string().nullable(),
  classes: z.array(
    z.object({
      tier: z.string(),
      class: z.string(),
      here: z.object({ n: z.number(), right: z.number() }),
      shipped: z.object({ lower: z.number() }),
      lower: z.number(),
      push: z.boolean(),
      why: z.string(),
    }),
  ),
});

beforeEach(async () => {
  repository = await mkdtemp(path.join(tmpdir(), "errand-calibrate-"));
});
afterEach(() => rm(repository, { recursive: true, force: true }));

describe("errand calibrate", () => {
  it("says what was learned, leaves nothing unless told to, and errand resolve uses what was written", async () => {
    await git("init", "-q", "-b", "main");
    await mergeByHand("feature", "two() + three()");
    await mergeByHand("again", "two() + three()");
    await git("merge", "-q", "--allow-unrelated-histories", "-X", "ours", "feature");
    const status = await git("status", "--porcelain");

    const { stdout, stderr, status: code } = await errand("calibrate");
    expect(code).toBe(0);
    expect(stderr).toContain("3 of 3 merges made again, 2 with conflicts");
    expect(stdout).toContain("4 hunks with a known resolution");
    expect(stdout).toContain(
      "2 conflicts with one resolution, 0 with several. 2 came again in another merge, 2 of them resolved the same way.",
    );
    expect(stdout).toMatch(/^memory \(all\) +2\/2 +- +0\.368 +no: measured here alone, not often enough$/m);
    // Which row speaks for the class depends on the shipped table: a class with few shipped cases stands in its parent's.
    expect(stdout).toMatch(
      /^\S.* +1\/1 +\d+\/\d+ 0\.\d+ +0\.\d+ +no: this history raises it, not far enough$/m,
    );
    await expect(stat(path.join(repository, ".git/errand"))).rejects.toThrow();

    const json = await errand("calibrate", "--json", "--write", "--bar", "0.3");
    const printed = Printed.parse(JSON.parse(json.stdout));
    expect(printed).toMatchObject({ merges: 3, conflicted: 2, hunks: 4, remembered: 2, contradicted: 0 });
    expect(printed.classes.find(({ tier }) => tier === "memory")).toMatchObject({
      push: true,
      why: "measured here alone, often enough",
    });
    expect(printed.written).toContain(path.join(".git", "errand", "memory.json"));
    expect((await stat(printed.written ?? "")).mode & 0o777).toBe(0o600);
    expect(await git("status", "--porcelain")).toEqual(status);

    await git("switch", "-qc", "retry", "again^1^1");
    const resolved = await errand("resolve", "--merge", "again-other");
    expect(resolved.stderr).toContain("price.js: 1 of 1 settled (memory/same-sides)");
    expect(await read("price.js")).toContain("two() + three()");

    await git("reset", "-q", "--hard");
    await rm(path.join(repository, ".git/errand"), { recursive: true });
    const forgotten = await errand("resolve", "--dry-run", "--merge", "again-other");
    expect(forgotten.stderr).toContain("price.js: 0 of 1 settled");
  }, 60_000);

  it("says so where there is nothing to learn from, and what to do where there is no repository", async () => {
    const outside = await errand("calibrate");
    expect([outside.status, outside.stdout]).toEqual([2, ""]);
    expect(outside.stderr).toContain("Change into a cloned repository and try again.");
    await git("init", "-q", "-b", "main");
    const empty = await errand("calibrate");
    expect([empty.status, empty.stderr]).toEqual([0, ""]);
    expect(empty.stdout).toContain("nothing to learn from");
    const bad = await errand("calibrate", "--max", "0");
    expect(bad.status).toBe(2);
    await write(".git/errand", "not a folder");
    await commit({ "a.txt": "1\n" });
    expect((await errand("calibrate")).stdout).toContain("nothing to learn from");
  }, 60_000);
});

describe("why a class may be pushed", () => {
  it.each([
    [{ n: 0, right: 0 }, 0.93, 0.93, "as measured before shipping; not met here"],
    [{ n: 20, right: 20 }, 0.93, 0.95, "as measured before shipping, and here"],
    [{ n: 20, right: 10 }, 0.93, 0.7, "this history lowers it"],
    [{ n: 99, right: 99 }, 0.8, 0.95, "this history raises it"],
    [{ n: 5, right: 5 }, 0.8, 0.82, "this history raises it, not far enough"],
    [{ n: 5, right: 1 }, 0.8, 0.7, "as measured before shipping, and here"],
  ])("%j on %d gives %d: %s", (here, shipped, lower, why) => {
    const row = {
      tier: "semantic",
      class: "a",
      here,
      shipped: { n: 50, right: 45, lower: shipped },
      lower,
      push: lower >= 0.9,
    };
    expect(reasonOf(row, 0.9)).toBe(why);
  });
});
