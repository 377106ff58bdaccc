// What the two sides' newest commits say of a path: found without contents, whatever the path is called.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { openWorktree } from "../../src/workspace/worktree.ts";
import { createFixture } from "./fixture.ts";
import type { Fixture, FixtureCommit } from "./fixture.ts";
import { plainEnvironment } from "./git-server.ts";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await createFixture();
});
afterEach(() => fixture.close());

const text = (change: string) => ({ a: `top\n${change}\n`, b: "b\n" });

async function subjectsOf(commits: readonly FixtureCommit[], path: string, tips = ["ours", "theirs"]) {
  const shas = fixture.repository("r", commits);
  const workspace = await fixture.open("r", shas[tips[0] ?? ""] ?? "", shas[tips[1] ?? ""] ?? "");
  const before = fixture.server.requests.length;
  const subjects = await workspace.subjects(path);
  expect(fixture.server.requests.length).toBe(before);
  return subjects;
}

describe("subjects of the two sides", () => {
  const history: FixtureCommit[] = [
    { name: "base", files: text("0"), message: "the base" },
    { name: "o1", parents: ["base"], files: text("1"), message: "Older of ours" },
    {
      name: "o2",
      parents: ["o1"],
      files: text("2"),
      message: "  Raise the price\ntwo lines\n\nand a body\n",
    },
    { name: "ours", parents: ["o2"], files: { b: "other\n" }, message: "not this path" },
    { name: "t1", parents: ["base"], files: text("3"), message: "Lower the price" },
    { name: "t2", parents: ["base"], files: { c: "c\n" }, message: "side" },
    { name: "theirs", parents: ["t1", "t2"], files: { c: "c\n" }, message: "Merge side" },
  ];

  it("are those of the newest commits since the merge base that changed the path, merges aside, and no server is asked", async () => {
    expect(await subjectsOf(history, "a")).toEqual({
      ours: "Raise the price two lines",
      theirs: "Lower the price",
    });
  });

  it("are none of a path that a side, or nobody, has changed", async () => {
    expect(await subjectsOf(history, "c")).toEqual({ ours: null, theirs: "side" });
    await fixture.close();
    fixture = await createFixture();
    expect(await subjectsOf(history, "nowhere")).toEqual({ ours: null, theirs: null });
    await fixture.close();
    fixture = await createFixture();
    expect(await subjectsOf(history, "")).toEqual({ ours: null, theirs: null });
  });

  it.each(["*", ":(top,glob)**", ":!a", ":/a", "-a", "--all", "[ab]", 'q"\\', "d/ e\n.txt", "e\u00cc\u0080"])(
    "take the path %j for a name and nothing else",
    async (path) => {
      const commits: FixtureCommit[] = [
        { name: "base", files: text("0") },
        { name: "o1", parents: ["base"], files: { [path]: "1\n" }, message: "this one" },
        { name: "ours", parents: ["o1"], files: text("1"), message: "another" },
        { name: "theirs", parents: ["base"], files: text("2"), message: "another" },
      ];
      const named = Buffer.from(path, "latin1").toString("utf8");
      expect(await subjectsOf(commits, named)).toEqual({ ours: "this one", theirs: null });
    },
  );

  it("are cut, and give an empty subject as none", async () => {
    const commits: FixtureCommit[] = [
      { name: "base", files: text("0") },
      { name: "ours", parents: ["base"], files: text("1"), message: "x".repeat(5_000) },
      { name: "theirs", parents: ["base"], files: text("2"), message: "\n\n" },
    ];
    const { ours, theirs } = await subjectsOf(commits, "a");
    expect([ours?.length, theirs]).toEqual([200, null]);
  });
});

describe("subjects in a work tree", () => {
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: fixture.root, env: plainEnvironment, stdio: "pipe" }).toString();
  const commit = (path: string, content: string, subject: string) => {
    mkdirSync(join(fixture.root, "work", path, ".."), { recursive: true });
    writeFileSync(join(fixture.root, "work", path), content);
    git("-C", "work", "add", "-A");
    git("-C", "work", "commit", "-qm", subject);
  };
  const open = () =>
    openWorktree(join(fixture.root, "work", "sub"), {
      environment: plainEnvironment,
      signal: new AbortController().signal,
    });

  it("are HEAD's and MERGE_HEAD's while a merge is in progress, under any settings of log, and none before", async () => {
    git("init", "-q", "-b", "main", "work");
    commit("sub/[a]", "0\n", "base");
    git("-C", "work", "checkout", "-qb", "other");
    commit("sub/[a]", "1\n", "theirs did this");
    git("-C", "work", "checkout", "-q", "main");
    commit("sub/[a]", "2\n", "ours did that");
    commit("sub/a", "x\n", "not this path");
    git("-C", "work", "config", "log.follow", "true");
    git("-C", "work", "config", "log.showSignature", "true");
    git("-C", "work", "config", "i18n.logOutputEncoding", "latin1");
    const worktree = await open();
    expect(await worktree.subjects("sub/[a]")).toEqual({ ours: null, theirs: null });
    expect(await worktree.startMerge("other")).toBe("conflicted");
    expect(await worktree.subjects("sub/[a]")).toEqual({ ours: "ours did that", theirs: "theirs did this" });
    expect(await worktree.subjects("sub/none")).toEqual({ ours: null, theirs: null });
  });
});
