import { execFileSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  chmodSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { openWorktree } from "../../src/workspace/worktree.ts";
import { plainEnvironment } from "./git-server.ts";

let root: string;
const environment = { ...plainEnvironment };
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "errand-worktree-")));
  git("init", "-q", "-b", "main");
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function git(...args: string[]): string {
  return execFileSync("git", args, {
    cwd: root,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  }).toString();
}

function commit(files: Record<string, string | null>): void {
  for (const [path, content] of Object.entries(files)) {
    if (content === null) rmSync(join(root, path));
    else {
      mkdirSync(join(root, path, ".."), { recursive: true });
      writeFileSync(join(root, path), content);
    }
  }
  git("add", "-A");
  git("commit", "-qm", "c", "--allow-empty");
}

const text = "one\ntwo\nthree\n";

/** A base and two branches, the current one being `main`. */
function history(
  base: Record<string, string>,
  ours: Record<string, string | null>,
  theirs: Record<string, string | null>,
): void {
  commit(base);
  git("checkout", "-qb", "other");
  commit(theirs);
  git("checkout", "-q", "main");
  commit(ours);
}

const open = (cwd = root) => openWorktree(cwd, { environment, signal: new AbortController().signal });
const read = (path: string) => readFileSync(join(root, path), "utf8");

async function conflicted(path = "a") {
  history(
    { [path]: text, "sub/x": "x\n" },
    { [path]: text.replace("two", "ours") },
    { [path]: text.replace("two", "theirs") },
  );
  const worktree = await open(join(root, "sub"));
  expect(await worktree.startMerge("other")).toBe("conflicted");
  const [conflict] = await worktree.conflicts();
  if (conflict === undefined) throw new Error("There is no conflict.");
  const found = await worktree.conflictedFile(conflict);
  if (found === null) throw new Error("The file is not text.");
  return { worktree, conflict, found };
}

describe("a merge in a person's own repository", () => {
  it("starts, is recognised, and lists its conflicts from a subdirectory", async () => {
    const { worktree, conflict, found } = await conflicted();
    expect(worktree.root).toBe(root);
    expect(await worktree.operation()).toBe("merge");
    expect(conflict).toMatchObject({ kind: "content", path: "a" });
    expect(conflict.explanation).toBe(
      'Both the current branch and the branch that is merged into it changed the same part of "a".',
    );
    expect(found.file.segments[1]).toEqual({
      kind: "hunk",
      base: "two\n",
      ours: "ours\n",
      theirs: "theirs\n",
    });
    expect(found.labels).toEqual({ ours: "HEAD", base: "", theirs: "other" });
    expect(found.edited).toBe(false);
  });

  it("adds a resolved file and leaves an open one unmerged", async () => {
    const { worktree, conflict } = await conflicted();
    await worktree.write(conflict, Buffer.from("<<<<<<< HEAD\n"), { resolved: false });
    expect(read("a")).toBe("<<<<<<< HEAD\n");
    expect(await worktree.conflicts()).toHaveLength(1);
    await worktree.write(conflict, Buffer.from("done\n"), { resolved: true });
    expect(await worktree.conflicts()).toEqual([]);
    git("commit", "-qm", "merge");
    expect(git("show", "HEAD:a")).toBe("done\n");
    expect(git("status", "--porcelain")).toBe("");
  });

  it.each(["new\nline", "-rf", ":(top)x", "a*b", 'q"uote'])("handles the path %j", async (path) => {
    const { worktree, conflict } = await conflicted(path);
    expect(conflict.path).toBe(path);
    await worktree.write(conflict, Buffer.from("done\n"), { resolved: true });
    expect(read(path)).toBe("done\n");
    expect(git("status", "--porcelain", "-z")).toBe(`M  ${path}\0`);
  });

  it("says when a file was edited by hand since", async () => {
    const { worktree, conflict } = await conflicted();
    writeFileSync(join(root, "a"), read("a").replace("ours", "mine"));
    expect((await worktree.conflictedFile(conflict))?.edited).toBe(true);
    writeFileSync(join(root, "a"), text);
    expect((await worktree.conflictedFile(conflict))?.edited).toBe(true);
  });

  it.each(["diff3", "zdiff3"] as const)("respects the conflict style %s", async (style) => {
    git("config", "merge.conflictStyle", style);
    const { worktree, found } = await conflicted();
    expect(worktree.conflictStyle).toBe(style);
    expect(found.edited).toBe(false);
    expect(found.labels.base).not.toBe("");
  });

  it("writes the line endings that git checks out, and commits the ones it stores", async () => {
    git("config", "core.autocrlf", "true");
    const { worktree, conflict, found } = await conflicted();
    expect(read("a")).toContain("\r\n");
    expect(found.file.ours).toBe(text.replace("two", "ours"));
    expect(found.edited).toBe(false);
    await worktree.write(conflict, found.encode("one\nboth\nthree\n"), { resolved: true });
    expect(read("a")).toBe("one\r\nboth\r\nthree\r\n");
    expect(git("show", ":a")).toBe("one\nboth\nthree\n");
  });

  it("keeps the executable bit, or takes over the one a side set", async () => {
    commit({ a: text });
    git("checkout", "-qb", "other");
    commit({ a: text.replace("two", "theirs") });
    git("checkout", "-q", "main");
    chmodSync(join(root, "a"), 0o755);
    commit({ a: text.replace("two", "ours") });
    const worktree = await open();
    await worktree.startMerge("other");
    const [conflict] = await worktree.conflicts();
    if (conflict === undefined) throw new Error("There is no conflict.");
    await worktree.write(conflict, Buffer.from("done\n"), { resolved: true });
    expect(statSync(join(root, "a")).mode & 0o111).not.toBe(0);
    expect(git("ls-files", "-s", "a")).toMatch(/^100755/);
  });

  it("refuses to write through a symbolic link", async () => {
    const { worktree, conflict } = await conflicted("d/a");
    const outside = mkdtempSync(join(tmpdir(), "errand-outside-"));
    rmSync(join(root, "d"), { recursive: true });
    symlinkSync(outside, join(root, "d"));
    await expect(worktree.write(conflict, Buffer.from("x"), { resolved: true })).rejects.toMatchObject({
      code: "workspace",
    });
    expect(existsSync(join(outside, "a"))).toBe(false);
    rmSync(join(root, "d"));
    mkdirSync(join(root, "d"));
    writeFileSync(join(outside, "target"), "secret");
    symlinkSync(join(outside, "target"), join(root, "d/a"));
    await expect(worktree.write(conflict, Buffer.from("x"), { resolved: true })).rejects.toMatchObject({
      code: "workspace",
    });
    expect(lstatSync(join(root, "d/a")).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(outside, "target"), "utf8")).toBe("secret");
    rmSync(outside, { recursive: true });
  });

  it("classifies what is not text by its stages", async () => {
    history(
      { gone: text, bin: "\0a" },
      { gone: null, bin: "\0b", both: "1\n" },
      { gone: "x\n", bin: "\0c", both: "2\n" },
    );
    const worktree = await open();
    await worktree.startMerge("other");
    const kinds = (await worktree.conflicts()).map(({ path, kind }) => [path, kind]);
    expect(kinds).toEqual([
      ["bin", "binary"],
      ["both", "both-added"],
      ["gone", "modify-delete"],
    ]);
  });

  it("recognises a rebase and a cherry-pick", async () => {
    history({ a: text }, { a: "ours\n" }, { a: "theirs\n" });
    const worktree = await open();
    expect(await worktree.operation()).toBeNull();
    expect(() => git("cherry-pick", "other")).toThrow();
    expect(await worktree.operation()).toBe("cherry-pick");
    git("cherry-pick", "--abort");
    expect(() => git("rebase", "other")).toThrow();
    expect(await worktree.operation()).toBe("rebase");
  });

  it("tells clean and needless merges apart, and refuses what is no commit and a dirty tree", async () => {
    history({ a: text, b: text }, { a: "ours\n" }, { b: "theirs\n" });
    const worktree = await open();
    await expect(worktree.startMerge("nothing")).rejects.toMatchObject({ code: "input" });
    await expect(worktree.startMerge("--abort")).rejects.toMatchObject({ code: "input" });
    writeFileSync(join(root, "b"), "dirty\n");
    await expect(worktree.startMerge("other")).rejects.toMatchObject({ code: "workspace" });
    expect(read("b")).toBe("dirty\n");
    git("checkout", "-q", "b");
    expect(await worktree.startMerge("other")).toBe("merged");
    git("commit", "-qm", "merge");
    expect(await worktree.startMerge("other")).toBe("up-to-date");
  });

  it("is not looked for outside a work tree", async () => {
    const outside = mkdtempSync(join(tmpdir(), "errand-outside-"));
    await expect(open(outside)).rejects.toMatchObject({ code: "input" });
    rmSync(outside, { recursive: true });
  });
});
