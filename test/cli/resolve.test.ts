import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { execFile } from "node:child_process";
import { mkdtemp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

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

const keys = (...lines: string[]): string =>
  `{\n  "a": 1,\n${lines.map((line) => `  ${line},\n`).join("")}  "z": 26\n}\n`;

/** Two branches that both add a key; with `code`, they also rewrite the same line each in its own way. */
async function diverge({ code }: { code: boolean }): Promise<void> {
  const commit = async (name: string, key: string, price: string): Promise<void> => {
    await write("keys.json", keys(...(key === "" ? [] : [key])));
    if (code) await write("price.js", `export const price = ${price};\n`);
    await git("add", ".");
    await git("commit", "-qm", name);
  };
  await git("init", "-q", "-b", "main");
  await commit("base", "", "one()");
  await git("switch", "-qc", "feature");
  await commit("ours", '"m": 1', "two()");
  await git("switch", "-q", "main");
  await commit("theirs", '"n": 2', "three()");
  await git("switch", "-q", "feature");
}

beforeEach(async () => {
  repository = await mkdtemp(path.join(tmpdir(), "errand-resolve-"));
});
afterEach(() => rm(repository, { recursive: true, force: true }));

describe("errand resolve", () => {
  it("makes the merge, settles it, adds it to the index and leaves the commit to the person", async () => {
    await diverge({ code: false });
    const { status, stderr } = await errand("resolve", "--merge", "main");
    expect(stderr).toContain("keys.json: 1 of 1 settled");
    expect(status).toBe(0);
    expect(JSON.parse(await read("keys.json"))).toEqual({ a: 1, m: 1, n: 2, z: 26 });
    expect((await git("status", "--porcelain")).stdout).toBe("M  keys.json\n");
    expect((await git("rev-parse", "-q", "--verify", "MERGE_HEAD")).status).toBe(0);
  });

  it("does not take git's settings from the repository's own .env", async () => {
    await diverge({ code: false });
    const command = `touch ${path.join(repository, "ran")}; false`;
    await write(
      ".env",
      `GIT_CONFIG_COUNT=1\nGIT_CONFIG_KEY_0=core.fsmonitor\nGIT_CONFIG_VALUE_0="${command}"\n`,
    );
    const { status } = await errand("resolve", "--merge", "main");
    expect(status).toBe(0);
    await expect(read("ran")).rejects.toThrow(/ENOENT/);
  });

  it("exits 1 when something is left, keeps it as git marked it, and says so in JSON", async () => {
    await diverge({ code: true });
    await git("merge", "main");
    const marked = await read("price.js");
    const { status, stdout } = await errand("resolve", "--json");
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      operation: "merge",
      left: 1,
      files: [
        { path: "keys.json", resolved: true, hunks: [{ settled: true, tier: "semantic" }] },
        { path: "price.js", resolved: false, hunks: [{ settled: false }] },
      ],
    });
    expect(await read("price.js")).toBe(marked);
    expect((await git("status", "--porcelain")).stdout).toBe("M  keys.json\nUU price.js\n");
  });

  it("writes nothing on a dry run", async () => {
    await diverge({ code: false });
    await git("merge", "main");
    const marked = await read("keys.json");
    expect((await errand("resolve", "--dry-run")).status).toBe(0);
    expect(await read("keys.json")).toBe(marked);
    expect((await git("status", "--porcelain")).stdout).toBe("UU keys.json\n");
  });

  it("leaves a file alone in which a person has begun to work", async () => {
    await diverge({ code: false });
    await git("merge", "main");
    await write("keys.json", "mine\n");
    const { status, stderr } = await errand("resolve");
    expect(status).toBe(1);
    expect(stderr).toContain("You have begun to edit it");
    expect(await read("keys.json")).toBe("mine\n");
  });

  it("leaves everything open when the bar is higher than any rule's precision", async () => {
    await diverge({ code: false });
    await git("merge", "main");
    expect((await errand("resolve", "--bar", "1")).status).toBe(1);
    expect((await git("status", "--porcelain")).stdout).toBe("UU keys.json\n");
  });

  it.each([
    [["resolve", "--bar", "2"], "from 0 to 1"],
    [["resolve", "--nonsense"], "--nonsense"],
    [["resolve", "--base", "a"], "go together"],
    [["resolve", "--interactive"], "not a terminal"],
    [["resolve", "--interactive", "--json"], "--json asks nothing"],
    [
      ["resolve", "--interactive", "--base", "a", "--ours", "b", "--theirs", "c", "--output", "d"],
      "needs a repository",
    ],
    [["resolve", "--merge", "no-such-branch"], "no-such-branch"],
    [["resolve", "not-in-conflict.txt"], "not-in-conflict.txt"],
  ])("exits 2 on %j and says what is wrong", async (args, sentence) => {
    await diverge({ code: false });
    const { status, stderr } = await errand(...args);
    expect(stderr).toContain(sentence);
    expect(status).toBe(2);
  });

  it("exits 2 outside of a repository", async () => {
    expect(await errand("resolve")).toMatchObject({ status: 2 });
  });

  it("says so when there is nothing to resolve", async () => {
    await diverge({ code: false });
    const { status, stderr } = await errand("resolve");
    expect(status).toBe(0);
    expect(stderr).toContain("no merge under way");
  });

  it("works as git's merge driver: git itself ends without a conflict", async () => {
    await diverge({ code: false });
    await mkdir(path.join(repository, ".git/info"), { recursive: true });
    await write(".git/info/attributes", "*.json merge=errand\n");
    const command = `'${process.execPath}' --import '${tsx}' '${main}' resolve --base %O --ours %A --theirs %B --output %A --path %P --marker-size %L`;
    await git("config", "merge.errand.driver", command);
    expect((await git("merge", "--no-edit", "main")).status).toBe(0);
    expect(JSON.parse(await read("keys.json"))).toEqual({ a: 1, m: 1, n: 2, z: 26 });
  });

  it("works as git's merge tool", async () => {
    await diverge({ code: false });
    await git("merge", "main");
    const command = `'${process.execPath}' --import '${tsx}' '${main}' resolve --base "$BASE" --ours "$LOCAL" --theirs "$REMOTE" --output "$MERGED"`;
    await git("config", "mergetool.errand.cmd", command);
    await git("config", "mergetool.errand.trustExitCode", "true");
    expect((await git("mergetool", "--no-prompt", "--tool=errand")).status).toBe(0);
    expect(JSON.parse(await read("keys.json"))).toEqual({ a: 1, m: 1, n: 2, z: 26 });
    expect((await git("diff", "--name-only", "--diff-filter=U")).stdout).toBe("");
  });
});
