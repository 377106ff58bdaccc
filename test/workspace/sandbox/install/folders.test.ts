// Folders of dependencies: whole or not at all, once per key, tidy whatever an install wrote, and bounded.
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createDependencyFolders } from "../../../../src/workspace/sandbox/install/folders.ts";
import { claim } from "../../../../src/workspace/lock.ts";

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
const keyOf = (digit: string) => digit.repeat(64);
const signal = new AbortController().signal;
let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "errand-folders-"));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const foldersOf = (maxBytes?: number) =>
  createDependencyFolders({ directory, log: silent, ...(maxBytes === undefined ? {} : { maxBytes }) });

function write(path: string, text = "x"): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** An install that leaves one package of some bytes. */
const packageOf = (bytes: number) => (folder: string) => {
  write(join(folder, "project", "node_modules", "left", "index.js"), "x".repeat(bytes));
  return Promise.resolve(true);
};

function mountsOf(folder: string | null): unknown {
  return JSON.parse(readFileSync(join(folder ?? "", "mounts.json"), "utf8"));
}

function present(): string[] {
  return readdirSync(join(directory, "dependencies")).sort();
}

describe("filling", () => {
  it("keeps what was installed, and finds it again", async () => {
    const folders = foldersOf();
    expect(await folders.find(keyOf("a"))).toBeNull();
    const filled = await folders.fill(keyOf("a"), packageOf(10), signal);
    expect(await folders.find(keyOf("a"))).toBe(filled);
    expect(await foldersOf().find(keyOf("a"))).toBe(filled);
    expect(await folders.find(keyOf("b"))).toBeNull();
    expect(mountsOf(filled)).toEqual([{ from: "project/node_modules", to: "node_modules" }]);
  });

  it("keeps nothing of an install that failed, threw, or was killed half-way", async () => {
    const folders = foldersOf();
    const failed = await folders.fill(
      keyOf("a"),
      (folder) => packageOf(10)(folder).then(() => false),
      signal,
    );
    expect(failed).toBeNull();
    const thrown = folders.fill(keyOf("a"), () => Promise.reject(new Error("called off")), signal);
    await expect(thrown).rejects.toThrow("called off");
    expect(present()).toEqual([]);

    write(join(directory, "dependencies", `${keyOf("a")}.partial-1`, "project", "x"));
    write(join(directory, "dependencies", `${keyOf("b")}.partial-1`, "project", "x"));
    const release = await claim(join(directory, "dependency-locks", keyOf("b")));
    await foldersOf().find(keyOf("a"));
    expect(present()).toEqual([`${keyOf("b")}.partial-1`]);
    await release?.();
  });

  it("installs once for two who ask at the same time", async () => {
    let installs = 0;
    const install = async (folder: string) => {
      installs += 1;
      return await packageOf(10)(folder);
    };
    const both = await Promise.all(
      [foldersOf(), foldersOf()].map((folders) => folders.fill(keyOf("a"), install, signal)),
    );
    expect(both[0]).toBe(both[1]);
    expect(installs).toBe(1);
  });

  it("can be passed through by another user, and not listed", async () => {
    const filled = (await foldersOf().fill(keyOf("a"), packageOf(10), signal)) ?? "";
    expect(statSync(directory).mode & 0o777).toBe(0o711);
    expect(statSync(dirname(filled)).mode & 0o777).toBe(0o711);
    expect(statSync(filled).mode & 0o777).toBe(0o755);
  });

  it("refuses a key that is a path", async () => {
    await expect(foldersOf().find("../../etc")).rejects.toThrow("64 hex digits");
  });

  it("is refused with paths that are too long, and nothing of it is left", async () => {
    const deep = (folder: string) => {
      const dig = 'for (1..100) { mkdir "d" x 100; chdir "d" x 100 or die } mkdir "node_modules" or die';
      execFileSync("/usr/bin/perl", ["-e", dig], { cwd: join(folder, "project") });
      return Promise.resolve(true);
    };
    await expect(foldersOf().fill(keyOf("d"), deep, signal)).rejects.toMatchObject({
      code: "sandbox",
      retryable: false,
    });
    expect(present()).toEqual([]);
  });
});

describe("what an install may leave behind", () => {
  async function leave(make: (project: string, dependencies: string) => void): Promise<string> {
    const install = (folder: string) => {
      make(join(folder, "project"), join(folder, "dependencies"));
      return Promise.resolve(true);
    };
    return (await foldersOf().fill(keyOf("a"), install, signal)) ?? "";
  }

  it("is only what was installed: of every workspace, in no link, and not within itself", async () => {
    const outside = join(directory, "outside");
    write(join(outside, "node_modules", "secret"));
    const filled = await leave((project) => {
      write(join(project, "package.json"));
      write(join(project, "src", "deep", "file.ts"));
      write(join(project, "node_modules", "left", "node_modules", "right", "index.js"));
      write(join(project, "packages", "two words", "node_modules", "up", "index.js"));
      write(join(project, "tools", ".venv", "pyvenv.cfg"));
      mkdirSync(join(project, "linked"));
      symlinkSync(join(outside, "node_modules"), join(project, "linked", "node_modules"));
      symlinkSync(outside, join(project, "away"));
    });
    const mounts = ["node_modules", "packages/two words/node_modules", "tools/.venv"];
    expect(mountsOf(filled)).toEqual(mounts.map((to) => ({ from: `project/${to}`, to })));
    expect(readdirSync(join(filled, "project")).sort()).toEqual(["node_modules", "packages", "tools"]);
    expect(existsSync(join(outside, "node_modules", "secret"))).toBe(true);
  });

  it("has empty folders for the tools that write beside packages", async () => {
    const filled = await leave((project) => {
      write(join(project, "node_modules", ".cache", "stale"));
      symlinkSync("/etc", join(project, "node_modules", ".vite"));
    });
    for (const name of [".cache", ".vite", ".vite-temp"]) {
      const made = join(filled, "project", "node_modules", name);
      expect(lstatSync(made).isDirectory()).toBe(true);
      expect(readdirSync(made)).toEqual([]);
    }
    expect(existsSync("/etc/passwd")).toBe(true);
  });

  it("has no set-user bit, no special file, and is open to read and closed to write", async () => {
    const filled = await leave((project, dependencies) => {
      write(join(project, "node_modules", "a", "root"));
      chmodSync(join(project, "node_modules", "a", "root"), 0o4777);
      write(join(dependencies, "closed", "file"));
      chmodSync(join(dependencies, "closed", "file"), 0o000);
      chmodSync(join(dependencies, "closed"), 0o000);
      const makePipe = 'mkfifo "$0"';
      execFileSync("sh", ["-c", makePipe, join(dependencies, "pipe")]);
      symlinkSync("/etc/shadow", join(dependencies, "shadow"));
    });
    expect(lstatSync(join(filled, "project", "node_modules", "a", "root")).mode & 0o7777).toBe(0o755);
    expect(lstatSync(join(filled, "dependencies", "closed", "file")).mode & 0o7777).toBe(0o644);
    expect(readdirSync(join(filled, "dependencies")).sort()).toEqual(["closed", "shadow"]);
    expect(statSync("/etc/shadow").mode & 0o7777).not.toBe(0o644);
  });

  it("may be a name that is no text, or deeper than a path can say", async () => {
    const folders = foldersOf();
    const install = (folder: string) => {
      const deep = "mkdir -p node_modules; i=0; while [ $i -lt 60 ]; do mkdir $1; cd -P $1; i=$((i+1)); done";
      const script = `cd "$0" && touch "$(printf 'a\\377b')" && ${deep}`;
      execFileSync("sh", ["-c", script, join(folder, "project"), "d".repeat(100)]);
      return Promise.resolve(true);
    };
    const filled = (await folders.fill(keyOf("a"), install, signal)) ?? "";
    expect(readdirSync(join(filled, "project"))).toEqual(["node_modules"]);
  });
});

describe("the allowance", () => {
  const hours = (count: number) => new Date(Date.now() - count * 60 * 60_000);
  const used = (folder: string | null, when: Date) => {
    utimesSync(join(folder ?? "", "mounts.json"), when, when);
  };

  it("takes the longest unused, and never one that may be in use", async () => {
    const folders = foldersOf(350_000);
    const [a, b, c] = [keyOf("a"), keyOf("b"), keyOf("c")];
    used(await folders.fill(a, packageOf(100_000), signal), hours(8));
    used(await folders.fill(b, packageOf(100_000), signal), hours(9));
    await folders.fill(c, packageOf(100_000), signal);
    expect(present()).toEqual([a, c]);

    used(await folders.find(a), hours(1));
    await folders.fill(keyOf("d"), packageOf(100_000), signal);
    expect(present()).toEqual([a, c, keyOf("d")]);
  });

  it("counts a look-up as use", async () => {
    const folders = foldersOf(1);
    used(await folders.fill(keyOf("a"), packageOf(10), signal), hours(8));
    await folders.find(keyOf("a"));
    await folders.fill(keyOf("b"), packageOf(10), signal);
    expect(present()).toEqual([keyOf("a"), keyOf("b")]);
  });
});
