// What is kept under which name, and what is said when an install fails: against a sandbox that plays a script.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createInstaller } from "../../../src/checks/dependencies/install.ts";
import { installPlans } from "../../../src/checks/dependencies/index.ts";
import { AppError } from "../../../src/core/errors.ts";
import type { Sandbox, SandboxRequest, SandboxResult } from "../../../src/core/sandbox.ts";
import { treeFiles } from "./support.ts";

const done: SandboxResult = {
  ended: { kind: "exit", code: 0 },
  stdout: { text: "", cutBytes: 0 },
  stderr: { text: "", cutBytes: 0 },
  reports: new Map(),
  returned: new Map(),
  missing: [],
  usage: { wallMs: 1, cpuMs: 1, peakMemoryBytes: null },
};
const said = (stderr: string, code = 1): SandboxResult => ({
  ...done,
  ended: { kind: "exit", code },
  stderr: { text: stderr, cutBytes: 0 },
});
const lockOnly = { "package.json": '{"dependencies": {"left": "1"}}', "package-lock.json": "{}" };

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "errand-install-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** A sandbox that answers every run alike, keeps folders by key, and notes what it was asked. */
function scripted(answer: (request: SandboxRequest) => SandboxResult = () => done) {
  const runs: SandboxRequest[] = [];
  const keys: string[] = [];
  const kept = new Set<string>();
  const sandbox: Sandbox = {
    driver: "bwrap",
    run: (request) => {
      runs.push(request);
      return Promise.resolve(answer(request));
    },
    dependencies: {
      find: (key) => Promise.resolve(kept.has(key) ? join(directory, key) : null),
      fill: async (key, install) => {
        keys.push(key);
        const folder = join(directory, key);
        mkdirSync(join(folder, "dependencies"), { recursive: true });
        if (!(await install(folder))) return null;
        kept.add(key);
        return folder;
      },
    },
  };
  return { sandbox, runs, keys };
}

async function installed(
  sandbox: Sandbox,
  files: Record<string, string> = lockOnly,
  changes: { repository?: string; tree?: string; setup?: string; signal?: AbortSignal } = {},
) {
  const { tree = "1", repository = "octo/app", setup = "", signal = new AbortController().signal } = changes;
  const installer = createInstaller({ sandbox, repository, setup, signal, record: () => undefined });
  const found = treeFiles(files);
  const archive = async function* () {
    yield await Promise.resolve(new Uint8Array());
  };
  const wanted = { tree, archive, files: found, plans: (await installPlans(found)).plans };
  return { first: await installer(wanted), again: () => installer(wanted) };
}

describe("what is installed", () => {
  it("is nothing where nothing is wanted", async () => {
    const { sandbox, runs } = scripted();
    expect((await installed(sandbox, { "main.c": "" })).first).toEqual({ kind: "none" });
    expect(runs).toEqual([]);
  });

  it("is filled with the network of installs, and used read-only", async () => {
    const { sandbox, runs, keys } = scripted();
    const { first } = await installed(sandbox);
    expect(runs).toMatchObject([{ network: "install", folder: "", cache: { mode: "fill" } }]);
    expect(first).toMatchObject({
      kind: "ready",
      mount: { directory: join(directory, keys[0] ?? ""), mode: "use" },
      setupDone: false,
    });
    expect(keys[0]).toMatch(/^[\da-f]{64}$/);
  });

  it("has a name of its own for everything that decides it, and for nothing else", async () => {
    const keyOf = async (files: Record<string, string>, changes: Parameters<typeof installed>[2] = {}) => {
      const { sandbox, keys } = scripted();
      await installed(sandbox, files, changes);
      return keys[0];
    };
    const key = await keyOf(lockOnly);
    expect(await keyOf({ ...lockOnly, "index.js": "changed" }, { tree: "2" })).toBe(key);
    const others = [
      await keyOf(lockOnly, { repository: "octo/other" }),
      await keyOf({ ...lockOnly, "package-lock.json": "{ }" }),
      await keyOf({ ...lockOnly, ".npmrc": "omit=dev" }),
      await keyOf({ ...lockOnly, "go.sum": "", "go.mod": "" }),
    ];
    expect(new Set([key, ...others]).size).toBe(5);
    const ofOneTree = [
      { ...lockOnly, ".npmrc": "script-shell=./evil" },
      // What is committed among the packages stays among them.
      { ...lockOnly, "test/node_modules/left/index.js": "" },
      { ...lockOnly, "lib/.venv/bin/python": "" },
      { ...lockOnly, ".errand-scratch/npm/_cacache/index": "" },
    ];
    for (const files of ofOneTree)
      expect(await keyOf(files, { tree: "1" })).not.toBe(await keyOf(files, { tree: "2" }));
  });
});

describe("an install that fails", () => {
  const words = async (result: SandboxResult, files = lockOnly as Record<string, string>) => {
    const { first } = await installed(scripted(() => result).sandbox, files);
    return first.kind === "failed" ? first.why : first;
  };

  it("is not tried again in the same task, and in the next it is", async () => {
    const { sandbox, runs } = scripted(() => said("boom"));
    const { first, again } = await installed(sandbox);
    expect(await again()).toEqual(first);
    expect(runs).toHaveLength(1);
    await installed(sandbox);
    expect(runs).toHaveLength(2);
  });

  it("says which host it wanted", async () => {
    const troubles = ["The install wanted to reach x.example, which is not an allowed registry."];
    expect(await words({ ...said("ECONNRESET"), troubles })).toBe(
      `Dependencies of package-lock.json could not be installed. ${troubles.join("")}`,
    );
  });

  it.each([
    ["npm error `npm ci` can only install packages when", "Run `npm install` and commit the result."],
    [
      "npm error code E500\nnpm error boom",
      "npm ended with exit status 1. Install them in a fresh clone to see the same. It said: npm error code E500 npm error boom",
    ],
  ])("says what to do about %j", async (stderr, expected) => {
    expect(await words(said(stderr))).toContain(expected);
  });

  it("names the package that has no wheel", async () => {
    const stderr = "ERROR: No matching distribution found for old-thing==1.0 (from -r requirements.txt)";
    expect(await words(said(stderr), { "requirements.txt": "old-thing==1.0" })).toContain(
      "there is no wheel of `old-thing==1.0` for this machine",
    );
  });

  it("names the program that is not in the sandbox", async () => {
    expect(await words(said("sh: 1: go: not found", 127), { "go.mod": "", "go.sum": "" })).toContain(
      "go is not in the sandbox. Install it on the worker's machine, or name its folder in ERRAND_SANDBOX_TOOLS.",
    );
  });

  it("names the limit that it passed", async () => {
    expect(await words({ ...done, ended: { kind: "limit", limit: "wall" } })).toContain("it took too long");
  });

  it("hands on what the sandbox says, and lets what is none of its business pass", async () => {
    const broken = new AppError("sandbox", "No registry may be reached.", {
      retryable: false,
      remedy: "Name one.",
    });
    const failing = (error: Error) => ({
      ...scripted().sandbox,
      run: () => Promise.reject(error),
    });
    expect((await installed(failing(broken))).first).toEqual({
      kind: "failed",
      why: "Dependencies could not be installed: No registry may be reached. Name one.",
    });
    await expect(installed(failing(new Error("a bug")))).rejects.toThrow("a bug");
    const signal = AbortSignal.abort(new Error("called off"));
    await expect(installed(failing(broken), lockOnly, { signal })).rejects.toThrow("called off");
  });
});

describe("packages that wanted a script", () => {
  const leaving = (list: (path: string) => void) =>
    scripted((request) => {
      list(join(request.cache?.directory ?? "", "dependencies", "install-scripts.json"));
      return done;
    });

  it("are named, and the repository's own command is offered", async () => {
    const { sandbox } = leaving((path) => {
      writeFileSync(path, JSON.stringify(["a", "@b/c", "d", "e", "f", "g", "h"]));
    });
    const { first } = await installed(sandbox);
    expect(first).toMatchObject({
      notes: [
        "Packages are installed without their scripts: `a`, `@b/c`, `d`, `e`, `f` and 2 more would have run one. If a check needs what it makes, name it as `commands.setup` in .github/agent.yml (for example `npm rebuild --ignore-scripts=false a`).",
      ],
    });
  });

  it("have that command run with the install, without a network, for one tree", async () => {
    const { sandbox, runs, keys } = leaving((path) => {
      writeFileSync(path, '["a"]');
    });
    const { first } = await installed(sandbox, lockOnly, { setup: "npm rebuild a" });
    expect(first).toMatchObject({ kind: "ready", setupDone: true, notes: [] });
    expect(runs.map(({ network }) => network)).toEqual(["install", "install", "none"]);
    expect(runs.at(-1)?.argv).toEqual(["/bin/sh", "-c", "npm rebuild a"]);
    expect(new Set(keys).size).toBe(2);
    await installed(sandbox, lockOnly, { setup: "npm rebuild a", tree: "2" });
    expect(new Set(keys).size).toBe(3);
  });

  it.each([
    [
      "a link out of the folder",
      (path: string) => {
        writeFileSync(join(directory, "outside"), '["secret"]');
        symlinkSync(join(directory, "outside"), path);
      },
    ],
    [
      "something else than names",
      (path: string) => {
        writeFileSync(path, '["<img src=x>"]');
      },
    ],
    [
      "no JSON",
      (path: string) => {
        writeFileSync(path, "[");
      },
    ],
  ])("are none where the list is %s", async (_what, list) => {
    expect((await installed(leaving(list).sandbox)).first).toMatchObject({ notes: [] });
  });
});
