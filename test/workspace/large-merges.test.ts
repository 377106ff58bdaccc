// Repositories of a few kilobytes that are made to cost much: trees in trees, and many merge bases.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { mergeBases, mergeCandidates } from "../../src/workspace/candidates.ts";
import { countChangedPaths } from "../../src/workspace/count-paths.ts";
import { gitFor } from "../../src/workspace/git.ts";
import type { Git } from "../../src/workspace/git.ts";
import { defaultLimits } from "../../src/workspace/limits.ts";
import { mergeTree } from "../../src/workspace/merge-tree.ts";
import { diffTrees } from "../../src/workspace/tree-diff.ts";
import { canary, createFixture, sides } from "./fixture.ts";
import type { Fixture } from "./fixture.ts";
import { plainEnvironment } from "./git-server.ts";

let root: string;
let gitDir: string;
let git: Git;
let fixture: Fixture;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "errand-large-"));
  gitDir = join(root, "r.git");
  run(["init", "--quiet", "--bare", gitDir]);
  const signal = new AbortController().signal;
  git = gitFor({ directory: root, gitDir, env: plainEnvironment, timeoutMs: 60_000, signal, secrets: [] });
  fixture = await createFixture();
});
afterAll(async () => {
  rmSync(root, { recursive: true, force: true });
  await fixture.close();
});

function run(args: readonly string[], input = ""): string {
  const environment = {
    ...plainEnvironment,
    GIT_AUTHOR_NAME: "Fixture",
    GIT_AUTHOR_EMAIL: "fixture@example.com",
    GIT_COMMITTER_NAME: "Fixture",
    GIT_COMMITTER_EMAIL: "fixture@example.com",
  };
  return execFileSync("git", args, { env: environment, input, maxBuffer: 1e9 }).toString().trim();
}

const here = (args: readonly string[], input = "") => run([`--git-dir=${gitDir}`, ...args], input);

/** A tree of `width ** depth` paths, all of them one file: one object a level. */
function nested(width: number, depth: number, content: string): string {
  let entry = `100644 blob ${here(["hash-object", "-w", "--stdin"], content)}`;
  for (let level = 0; level < depth; level++) {
    const names = Array.from({ length: width }, (_, index) => `${entry}\t${index}\n`).join("");
    entry = `040000 tree ${here(["mktree"], names)}`;
  }
  return entry.split(" ")[2] ?? "";
}

const commit = (tree: string, parents: readonly string[], message: string) =>
  here(["commit-tree", tree, ...parents.flatMap((parent) => ["-p", parent]), "-m", message]);

/** Base and two sides that differ from it, and from each other, in every path. */
function nestedMerge(width: number, depth: number) {
  const base = commit(nested(width, depth, "base\n"), [], "base");
  const ours = commit(nested(width, depth, "ours\n"), [base], "ours");
  const theirs = commit(nested(width, depth, "theirs\n"), [base], "theirs");
  return { base, ours, theirs };
}

const tooMany = {
  code: "workspace",
  retryable: false,
  message: "This merge changes more files than Errand takes on (1,000 on a side).",
  remedy: "Merge it by hand, or in smaller steps.",
};

/** Git with a list of the subcommands that it was asked for. */
function recorded(inner: Git): { git: Git; commands: string[] } {
  const commands: string[] = [];
  return {
    commands,
    git: (args, options) => {
      commands.push(args[0] ?? "");
      return inner(args, options);
    },
  };
}

describe("trees in trees", () => {
  it("are refused when more paths differ than a merge may change, and are read up to then", async () => {
    const { base, ours, theirs } = nestedMerge(10, 3);
    const limits = { ...defaultLimits, changedPaths: 1_000 };
    expect(await diffTrees(git, base, ours, limits)).toHaveLength(1_000);
    const one = nestedMerge(11, 3);
    await expect(diffTrees(git, one.base, one.ours, limits)).rejects.toMatchObject(tooMany);
    await expect(mergeCandidates(git, one, [one.base], limits)).rejects.toMatchObject(tooMany);
    // Three contents, whatever the number of paths.
    expect(await mergeCandidates(git, { ours, theirs }, [base], limits)).toHaveProperty("size", 3);
  });

  it("are refused when the list of their paths is too long", async () => {
    const { base, ours } = nestedMerge(10, 3);
    await expect(
      diffTrees(git, base, ours, { ...defaultLimits, listingBytes: 50_000 }),
    ).rejects.toMatchObject({
      retryable: false,
      message: "The list of files that this merge touches is longer than Errand takes on (50,000 bytes).",
    });
  });

  it("of any number of paths are counted before git is given the time to list them", async () => {
    // 12 ** 30 paths: no machine could list them.
    const { base, ours } = nestedMerge(12, 30);
    const { git: listening, commands } = recorded(git);
    const limits = { ...defaultLimits, changedPaths: 1_000, patienceMs: 0 };
    await expect(diffTrees(listening, base, ours, limits)).rejects.toMatchObject(tooMany);
    // The listing that was stopped, the names of the trees, and the levels down to the one with too many.
    expect(commands).toEqual(["diff-tree", "rev-parse", "diff-tree", "diff-tree", "diff-tree"]);
  });

  it("that are no more than a merge may change are listed, however long it takes", async () => {
    const { base, ours } = nestedMerge(10, 3);
    const limits = { ...defaultLimits, changedPaths: 1_000, patienceMs: 0 };
    expect(await diffTrees(git, base, ours, limits)).toHaveLength(1_000);
    expect(await countChangedPaths(git, { from: base, to: ours }, limits)).toBe(1_000);
  });

  it("without any file in them, and nested without end, are refused too", async () => {
    const deep = (content: string) => commit(nested(1, 70, content), [], content);
    await expect(
      countChangedPaths(git, { from: deep("one\n"), to: deep("two\n") }, defaultLimits),
    ).rejects.toMatchObject({
      retryable: false,
      message: expect.stringContaining("nested more than 64 deep"),
    });
    let empty = here(["mktree"]);
    for (let level = 0; level < 5; level++) {
      const entries = Array.from({ length: 12 }, (_, index) => `040000 tree ${empty}\t${index}\n`);
      empty = here(["mktree"], entries.join(""));
    }
    const from = commit(here(["mktree"]), [], "nothing");
    const to = commit(empty, [], "empty directories");
    const limits = { ...defaultLimits, changedPaths: 1_000 };
    await expect(countChangedPaths(git, { from, to }, limits)).rejects.toMatchObject(tooMany);
  });

  it("are refused when more files conflict than a person would settle", async () => {
    const { ours, theirs } = nestedMerge(10, 3);
    here(["update-ref", "refs/heads/ours", ours]);
    here(["update-ref", "refs/heads/theirs", theirs]);
    const limits = { ...defaultLimits, conflictedPaths: 1_000 };
    const merge = await mergeTree(git, limits);
    expect(merge?.stages).toHaveLength(3_000);
    await expect(mergeTree(git, { ...limits, conflictedPaths: 999 })).rejects.toMatchObject({
      retryable: false,
      message: "This merge has more files in conflict than Errand takes on (999).",
    });
    await expect(mergeTree(git, { ...limits, listingBytes: 50_000 })).rejects.toMatchObject({
      message: expect.stringContaining("longer than Errand takes on"),
    });
  });

  it("count the paths that git lists", async () => {
    const shas = fixture.repository("counted", [
      {
        name: "one",
        files: { a: "1\n", "d/a": "1\n", "d/e/b": "1\n", same: "same\n", was: "file\n", "is/x": "x\n" },
      },
      {
        name: "two",
        files: {
          a: "2\n",
          "d/a": "2\n",
          "f/g/h": "2\n",
          "f/g/i": "2\n",
          same: "same\n",
          "was/x": "x\n",
          is: "file\n",
        },
      },
    ]);
    const served = gitFor({
      directory: root,
      gitDir: fixture.git("counted", "rev-parse", "--absolute-git-dir"),
      env: plainEnvironment,
      timeoutMs: 60_000,
      signal: new AbortController().signal,
      secrets: [],
    });
    const trees = { from: shas["one"] ?? "", to: shas["two"] ?? "" };
    const listed = await diffTrees(served, trees.from, trees.to);
    expect(listed.map(({ status, rawPath }) => `${status} ${rawPath}`)).toContain("D d/e/b");
    expect(await countChangedPaths(served, trees, defaultLimits)).toBe(listed.length);
  });
});

describe("many merge bases", () => {
  /** Levels of commits, each of which has all of the level before as parents. */
  function octopus(width: number, levels: number): [string, string] {
    let before: string[] = [];
    for (let level = 0; level < levels; level++) {
      const tree = nested(1, 1, `level ${level}\n`);
      const parents = before;
      before = Array.from({ length: width }, (_, index) => commit(tree, parents, `${level}.${index}`));
    }
    const [ours = "", theirs = ""] = before;
    return [ours, theirs];
  }

  it("over the limit are left to git, without a process each", async () => {
    const [ours, theirs] = octopus(6, 5);
    const bases = await mergeBases(git, ours, theirs);
    expect(bases).toHaveLength(6);
    const { git: listening, commands } = recorded(git);
    expect(await mergeCandidates(listening, { ours, theirs }, bases)).toEqual(new Set());
    expect(commands).toEqual([]);
  });

  it("within the limit take a bounded number of comparisons, however deep their history", async () => {
    const [ours, theirs] = octopus(4, 8);
    const { git: listening, commands } = recorded(git);
    // Not a multiple of the bases, so that it ends in the middle of a level.
    const limits = { ...defaultLimits, comparisons: 6 };
    await mergeCandidates(listening, { ours, theirs }, await mergeBases(git, ours, theirs), limits);
    expect(commands.filter((command) => command === "diff-tree")).toHaveLength(12);
    expect(commands.length).toBeLessThan(24);
  });

  it("over the limit are merged all the same: git fetches what it needs", async () => {
    const roots = ["r0", "r1", "r2", "r3", "r4"];
    const shas = fixture.repository("octopus", [
      { name: "root", files: { a: "a\n", b: "b\n" } },
      ...roots.map((name) => ({ name, parents: ["root"], files: { [name]: `${name}\n` } })),
      { name: "ours", parents: roots, files: { a: "ours\n" } },
      { name: "theirs", parents: [...roots].reverse(), files: { a: "theirs\n" } },
    ]);
    const workspace = await fixture.open("octopus", shas["ours"] ?? "", shas["theirs"] ?? "");
    expect(workspace.conflicts.map(({ path }) => path)).toContain("a");
  });
});

describe("opening a workspace", () => {
  const opening = (
    name: string,
    shas: Record<string, string>,
    limits: { openMs?: number; changedPaths?: number },
  ) =>
    fixture.with({ limits }).open({
      cloneUrl: fixture.url(name),
      token: canary,
      headSha: shas["ours"] ?? "",
      baseSha: shas["theirs"] ?? "",
      signal: new AbortController().signal,
    });

  it("ends at its deadline with words of its own, and gives the mirror back", async () => {
    const shas = fixture.repository("slow", sides({ a: "a\n" }, { a: "b\n" }, { a: "c\n" }));
    await expect(opening("slow", shas, { openMs: 1 })).rejects.toMatchObject({
      code: "workspace",
      retryable: true,
      message: expect.stringContaining("Reading the two branches was stopped"),
    });
    const workspace = await opening("slow", shas, {});
    expect(workspace.status).toBe("conflicted");
    await workspace.dispose();
  });

  it("refuses a merge of too many files before git merges it", async () => {
    const many = (content: string) =>
      Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`d/${index}`, `${content} ${index}\n`]));
    const shas = fixture.repository("many", sides(many("base"), many("ours"), many("theirs")));
    await expect(opening("many", shas, { changedPaths: 19 })).rejects.toMatchObject({
      code: "workspace",
      message: "This merge changes more files than Errand takes on (19 on a side).",
    });
  });
});
