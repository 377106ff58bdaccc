import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { openLocalTrees } from "../../src/workspace/local-trees.ts";
import type { LocalTrees } from "../../src/workspace/local-trees.ts";
import { unpacked } from "./unpack.ts";

let root: string;
let copy: string;
let opened: LocalTrees[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "errand-local-"));
  copy = join(root, "copy");
  mkdirSync(copy);
  opened = [];
  git("init", "--quiet", "--initial-branch=main");
});
afterEach(async () => {
  for (const one of opened) await one.dispose();
  rmSync(root, { recursive: true, force: true });
});

const environment = () => ({ PATH: process.env["PATH"], HOME: root });
const identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgSign=false"];

function git(...args: string[]): string {
  return execFileSync("git", [...identity, ...args], {
    cwd: copy,
    env: { ...environment(), GIT_CONFIG_NOSYSTEM: "1" },
    encoding: "utf8",
  }).trim();
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(copy, path)), { recursive: true });
  writeFileSync(join(copy, path), text);
}

function commit(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) write(path, text);
  git("add", "--all");
  git("commit", "--quiet", "--message=a");
}

async function open(directory = copy): Promise<LocalTrees> {
  const one = await openLocalTrees({
    directory,
    environment: environment(),
    signal: new AbortController().signal,
  });
  opened.push(one);
  return one;
}

async function textAt({ trees }: LocalTrees, tree: string | null, path: string): Promise<string | null> {
  const blob = tree === null ? null : await trees.readTree(tree, path);
  return blob === null ? null : Buffer.from(blob.bytes).toString("utf8");
}

describe("the trees of a working copy", () => {
  it("hold what lies on the disk now: tracked or not ignored", async () => {
    commit({ ".gitignore": "*.log\n", "a.txt": "one\n", "gone.txt": "gone\n", "b/c.txt": "c\n" });
    write("a.txt", "two\r\n");
    write("new.txt", "new\n");
    write("some.log", "log\n");
    write("node_modules/dep/index.js", "dep\n");
    write("b/node_modules/dep/index.js", "dep\n");
    rmSync(join(copy, "gone.txt"));
    write("run.sh", "#!/bin/sh\n");
    chmodSync(join(copy, "run.sh"), 0o755);
    symlinkSync("a.txt", join(copy, "link"));

    const local = await open(join(copy, "b"));

    expect(local.root).toBe(copy);
    expect(await local.trees.listTree(local.head)).toEqual([
      ".gitignore",
      "a.txt",
      "b/c.txt",
      "link",
      "new.txt",
      "run.sh",
    ]);
    expect(await textAt(local, local.head, "a.txt")).toBe("two\r\n");
    expect(await local.trees.readTree(local.head, "run.sh")).toMatchObject({ mode: "100755" });
    expect(await local.trees.readTree(local.head, "link")).toEqual({
      mode: "120000",
      bytes: Buffer.from("a.txt"),
    });
    expect(await local.trees.readTree(local.head, "b")).toBeNull();
    expect(await local.trees.readTree(local.head, "../a.txt")).toBeNull();
  });

  it("never lead through a folder that has become a link", async () => {
    commit({ "inside/secret": "mine\n" });
    mkdirSync(join(root, "outside"));
    writeFileSync(join(root, "outside", "secret"), "theirs\n");
    rmSync(join(copy, "inside"), { recursive: true });
    symlinkSync("../outside", join(copy, "inside"));

    const local = await open();

    expect(await local.trees.listTree(local.head)).toEqual(["inside"]);
    expect(await textAt(local, local.head, "inside")).toBe("../outside");
  });

  it("leave ignored what the clone and the person ignore", async () => {
    write("kept", "1\n");
    write("mine", "1\n");
    write("clones", "1\n");
    mkdirSync(join(root, ".config", "git"), { recursive: true });
    writeFileSync(join(root, ".config", "git", "ignore"), "mine\n");
    writeFileSync(join(copy, ".git", "info", "exclude"), "clones\n");

    const local = await open();

    expect(await local.trees.listTree(local.head)).toEqual(["kept"]);
  });

  it("cannot be steered by the repository's settings and attributes, and run nothing of it", async () => {
    commit({ "a.txt": "one\r\n", ".gitattributes": "* text eol=lf filter=evil ident export-ignore\n" });
    const ran = join(root, "ran");
    const evil = join(copy, "evil.sh");
    writeFileSync(evil, `#!/bin/sh\ntouch ${ran}\ncat\n`, { mode: 0o755 });
    for (const name of ["filter.evil.clean", "filter.evil.process", "core.fsmonitor", "core.sshCommand"]) {
      git("config", name, evil);
    }
    mkdirSync(join(root, "elsewhere"));
    writeFileSync(join(root, "elsewhere", "secret"), "secret\n");
    git("config", "core.worktree", join(root, "elsewhere"));
    git("config", "core.hooksPath", copy);
    const index = readFileSync(join(copy, ".git", "index"));

    const local = await open();

    expect(await local.trees.listTree(local.head)).toEqual([".gitattributes", "a.txt", "evil.sh"]);
    expect(await textAt(local, local.head, "a.txt")).toBe("one\r\n");
    const files = await unpacked(local.trees.archive(local.head), root);
    expect(Object.keys(files).sort()).toEqual([".gitattributes", "a.txt", "evil.sh"]);
    expect(existsSync(ran)).toBe(false);
    expect(readFileSync(join(copy, ".git", "index"))).toEqual(index);
  });

  it("compare with the merge base of the default branch", async () => {
    commit({ "a.txt": "base\n", "same.txt": "same\n" });
    git("switch", "--quiet", "--create", "topic");
    commit({ "b.txt": "topic\n" });
    git("switch", "--quiet", "main");
    commit({ "later.txt": "later\n" });
    git("switch", "--quiet", "topic");
    write("a.txt", "not committed\n");

    const local = await open();

    expect(await textAt(local, local.baseTree, "a.txt")).toBe("base\n");
    expect(await textAt(local, local.baseTree, "later.txt")).toBeNull();
    expect(local.changed).toEqual(["a.txt", "b.txt"]);
  });

  it("have nothing to compare with where nothing was committed, or nothing differs", async () => {
    write("a.txt", "one\n");
    const before = await open();
    expect(before.baseTree).toBeNull();
    expect(await before.trees.listTree(before.head)).toEqual(["a.txt"]);

    commit({});
    const same = await open();
    expect(same.baseTree).toBeNull();
    expect(same.changed).toEqual([]);
  });

  it("read a second work tree and a clone's objects without copying them", async () => {
    commit({ "a.txt": "one\n" });
    git("worktree", "add", "--quiet", "-b", "other", join(root, "second"));
    writeFileSync(join(root, "second", "b.txt"), "two\n");

    const local = await open(join(root, "second"));

    expect(await local.trees.listTree(local.head)).toEqual(["a.txt", "b.txt"]);
    expect(await textAt(local, local.baseTree, "a.txt")).toBe("one\n");
  });

  it("take results over them, and give them out as they are", async () => {
    commit({ "a.txt": "one\n", "b.txt": "two\n" });
    const local = await open();

    const tree = await local.trees.treeWith(
      new Map([
        ["a.txt", { mode: "100644", bytes: Buffer.from("changed\n") }],
        ["b.txt", null],
        ["c/d.txt", { mode: "100644", bytes: Buffer.from("added\n") }],
      ]),
    );

    expect(tree).not.toBe(local.head);
    expect(await local.trees.listTree(tree ?? "")).toEqual(["a.txt", "c/d.txt"]);
    expect(await textAt(local, tree, "a.txt")).toBe("changed\n");
    expect(Object.keys(await unpacked(local.trees.archive(tree ?? ""), root)).sort()).toEqual([
      "a.txt",
      "c/d.txt",
    ]);
    await expect(
      local.trees.treeWith(new Map([[".git/config", { mode: "100644", bytes: Buffer.from("x") }]])),
    ).rejects.toMatchObject({ code: "workspace" });
  });

  it("are refused outside of a work tree", async () => {
    await expect(open(root)).rejects.toMatchObject({ code: "input" });
  });
});

describe("the trees of files in memory", () => {
  it("hold these files", async () => {
    const local = await openLocalTrees({
      files: new Map([["src/a.js", Buffer.from("a\n")]]),
      environment: environment(),
      signal: new AbortController().signal,
    });
    opened.push(local);

    expect(await local.trees.listTree(local.head)).toEqual(["src/a.js"]);
    expect(await textAt(local, local.head, "src/a.js")).toBe("a\n");
    expect(local).toMatchObject({ baseTree: null, changed: [], root: null });
  });

  it("refuse paths that no tree has", async () => {
    await expect(
      openLocalTrees({
        files: new Map([["a/../../b", Buffer.from("a\n")]]),
        environment: environment(),
        signal: new AbortController().signal,
      }),
    ).rejects.toMatchObject({ code: "workspace" });
  });
});
