// Past merges made again: which ones, what the developers made of each hunk, and only what can be told for sure.
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { PastMerge } from "../../src/core/memory.ts";
import { openLocalPast } from "../../src/workspace/local-past.ts";
import { canary, createFixture } from "./fixture.ts";
import type { Fixture, FixtureCommit } from "./fixture.ts";
import { plainEnvironment } from "./git-server.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

const signal = new AbortController().signal;
const far = Array.from({ length: 8 }, (_, index) => `line ${index}\n`).join("");
/** Two hunks with eight lines between them. */
const text = (one: string, two: string) => `top\n${one}${far}${two}end\n`;

const commits: readonly FixtureCommit[] = [
  { name: "base", files: { "a.txt": text("1\n", "2\n"), "gone.txt": "1\n" } },
  { name: "ours", parents: ["base"], files: { "a.txt": text("ours 1\n", "ours 2\n"), "gone.txt": null } },
  {
    name: "theirs",
    parents: ["base"],
    files: { "a.txt": text("theirs 1\n", "theirs 2\n"), "gone.txt": "2\n", "b.txt": "b\n" },
  },
  {
    name: "merge",
    parents: ["ours", "theirs"],
    files: { "a.txt": text("both 1\nand more\n", ""), "b.txt": "b\n" },
  },
  // Merged into a branch, which is merged into the main line in turn without a conflict.
  { name: "side", parents: ["merge"], files: { "c.txt": "side\n" } },
  { name: "main", parents: ["merge"], files: { "c2.txt": "main\n" } },
  { name: "clean", parents: ["main", "side"], files: { "c.txt": "side\n" } },
  { name: "next", parents: ["clean"], files: { "d.txt": "x\n" } },
];

async function collect(merges: AsyncGenerator<PastMerge>): Promise<PastMerge[]> {
  const found = [];
  for await (const merge of merges) found.push(merge);
  return found;
}

const past = (name: string, tip: string, range: { skip?: number; max?: number; signal?: AbortSignal } = {}) =>
  fixture.workspaces.pastMerges({
    cloneUrl: fixture.url(name),
    token: canary,
    tip,
    skip: 0,
    max: 100,
    signal,
    ...range,
  });

/** A repository with one conflicted merge, whose developers committed `committed`; what was made of each hunk. */
async function resolutionsOf(
  name: string,
  { base, ours, theirs, committed }: Record<"base" | "ours" | "theirs" | "committed", string | Buffer>,
): Promise<readonly (string | null)[]> {
  const shas = fixture.repository(name, [
    { name: "base", files: { f: base } },
    { name: "ours", parents: ["base"], files: { f: ours } },
    { name: "theirs", parents: ["base"], files: { f: theirs } },
    { name: "merge", parents: ["ours", "theirs"], files: { f: committed } },
  ]);
  const [merge] = await collect(past(name, shas["merge"] ?? ""));
  return merge?.files[0]?.resolutions ?? [];
}

describe("the past merges of a mirror", () => {
  it("are all merges in the history, newest first, with what git could not merge and what was committed instead", async () => {
    const shas = fixture.repository("history", commits);
    const merges = await collect(past("history", shas["next"] ?? ""));
    expect(merges.map(({ sha, files }) => [sha, files.length])).toEqual([
      [shas["clean"], 0],
      [shas["merge"], 1],
    ]);
    const [file] = merges[1]?.files ?? [];
    expect(file?.file).toMatchObject({
      path: "a.txt",
      base: text("1\n", "2\n"),
      ours: text("ours 1\n", "ours 2\n"),
    });
    expect(file?.file.segments.filter(({ kind }) => kind === "hunk")).toEqual([
      { kind: "hunk", base: "1\n", ours: "ours 1\n", theirs: "theirs 1\n" },
      { kind: "hunk", base: "2\n", ours: "ours 2\n", theirs: "theirs 2\n" },
    ]);
    expect(file?.resolutions).toEqual(["both 1\nand more\n", ""]);
    expect(merges[1]?.at).toBe(1_700_000_004);
  });

  it("begin where an earlier look ended, and end where they were told to", async () => {
    const shas = fixture.repository("resumed", commits);
    const tip = shas["next"] ?? "";
    expect((await collect(past("resumed", tip, { skip: 1 }))).map(({ sha }) => sha)).toEqual([shas["merge"]]);
    expect((await collect(past("resumed", tip, { max: 1 }))).map(({ sha }) => sha)).toEqual([shas["clean"]]);
    expect(await collect(past("resumed", tip, { skip: 2 }))).toEqual([]);
  });

  it("end with the signal, and leave no lease behind however they end", async () => {
    const shas = fixture.repository("aborted", commits);
    const stop = new AbortController();
    const merges = past("aborted", shas["next"] ?? "", { signal: stop.signal });
    await merges.next();
    const early = past("aborted", shas["next"] ?? "");
    await early.next();
    await early.return(undefined);
    stop.abort(new Error("a command came"));
    await collect(merges).catch((error: unknown) => {
      expect(String(error)).toContain("a command came");
    });
    for (const kind of ["leases", "work"]) expect(readdirSync(join(fixture.cacheDir, kind))).toEqual([]);
  });

  it("say why there are none: no such commit on the server", async () => {
    fixture.repository("short", commits.slice(0, 1));
    await expect(collect(past("short", "1".repeat(40)))).rejects.toMatchObject({ code: "stale-head" });
  });

  it("leave out merges of histories that have nothing in common", async () => {
    const shas = fixture.repository("unrelated", [
      { name: "one", files: { a: "1\n" } },
      { name: "two", files: { a: "2\n" } },
      { name: "merge", parents: ["one", "two"], files: { a: "3\n" } },
    ]);
    expect(await collect(past("unrelated", shas["merge"] ?? ""))).toMatchObject([{ files: [] }]);
  });
});

describe("what was made of a hunk", () => {
  const base = text("1\n", "2\n");
  const ours = text("ours 1\n", "ours 2\n");
  const theirs = text("theirs 1\n", "theirs 2\n");

  it("is known beside an edit that is far away, and not beside one within three lines", async () => {
    const committed = text("x\n", "y\n").replace("top\n", "top edited\n");
    expect(await resolutionsOf("near", { base, ours, theirs, committed })).toEqual([null, "y\n"]);
    const wide = text("x\n", "y\n").replace("line 4\n", "line 4\nadded\n");
    expect(await resolutionsOf("wide", { base, ours, theirs, committed: wide })).toEqual(["x\n", "y\n"]);
    const close = text("x\n", "y\n").replace("line 6\n", "");
    expect(await resolutionsOf("close", { base, ours, theirs, committed: close })).toEqual(["x\n", null]);
  });

  it("is known for neighbours two lines apart, by their own replacements", async () => {
    const pair = (one: string, two: string) => `top\n${one}m\nn\n${two}end\n`;
    const sides = { base: pair("1\n", "2\n"), ours: pair("o\n", "p\n"), theirs: pair("s\n", "t\n") };
    expect(await resolutionsOf("pair", { ...sides, committed: pair("x\ny\n", "z\n") })).toEqual([
      "x\ny\n",
      "z\n",
    ]);
  });

  it("is not known where the file was written anew, is binary, or in another encoding than its sides", async () => {
    expect(await resolutionsOf("anew", { base, ours, theirs, committed: "all\nnew\n" })).toEqual([
      null,
      null,
    ]);
    expect(await resolutionsOf("nul", { base, ours, theirs, committed: Buffer.from("a\0b") })).toEqual([
      null,
      null,
    ]);
    const latin = Buffer.from(text("é\n", "y\n"), "latin1");
    expect(await resolutionsOf("latin", { base, ours, theirs, committed: latin })).toEqual([null, null]);
  });

  it("keeps bytes: line endings, a missing last newline, characters, and lines that look like a diff or our own mark", async () => {
    const crlf = { base: "a\r\n1\r\n", ours: "a\r\n2\r\n", theirs: "a\r\n3\r\n", committed: "a\r\n2\r\n3" };
    expect(await resolutionsOf("crlf", crlf)).toEqual(["2\r\n3"]);
    const odd = "errand hunk 0 0\n@@ -1 +1 @@\r@@ -2 +2 @@\n\ud83d\ude00\u2028\n";
    expect(await resolutionsOf("odd", { base, ours, theirs, committed: text(odd, "y\n") })).toEqual([
      odd,
      "y\n",
    ]);
    const latin = (word: string) => Buffer.from(`top\n${word}\nend\n`, "latin1");
    const old = { base: latin("è"), ours: latin("é"), theirs: latin("ê"), committed: latin("éê") };
    expect(await resolutionsOf("latin1", old)).toEqual(["éê\n"]);
  });
});

describe("the past merges of a person's own repository", () => {
  const git = (cwd: string, ...args: string[]) =>
    execFileSync("git", args, { cwd, env: plainEnvironment }).toString();
  const open = (cwd: string, max = 100) => openLocalPast(cwd, { max, environment: plainEnvironment, signal });

  it("are those of what is checked out; nothing is written into the repository", async () => {
    fixture.repository("local", commits);
    const clone = join(fixture.root, "clone");
    git(fixture.root, "clone", "-q", "-b", "next", join(fixture.root, "repositories", "local.git"), clone);
    const contents = () =>
      git(clone, "count-objects", "-v") + git(clone, "for-each-ref") + git(clone, "status", "--porcelain");
    const before = contents();
    const local = await open(join(clone, ".git", ".."));
    expect(local.count).toBe(2);
    const merges = await collect(local.merges());
    await local.close();
    expect(merges.map(({ files }) => files.map(({ resolutions }) => resolutions))).toEqual([
      [],
      [["both 1\nand more\n", ""]],
    ]);
    expect(contents()).toBe(before);
    const newest = await open(clone, 1);
    await newest.close();
    expect(newest.count).toBe(1);
  });

  it("end where a shallow clone ends", async () => {
    fixture.repository("deep", commits);
    const clone = join(fixture.root, "shallow");
    git(
      fixture.root,
      "clone",
      "-q",
      "--depth=3",
      "-b",
      "next",
      `file://${join(fixture.root, "repositories", "deep.git")}`,
      clone,
    );
    const local = await open(clone);
    const merges = await collect(local.merges());
    await local.close();
    expect(merges.every(({ files }) => files.length === 0)).toBe(true);
  });

  it("are none before the first commit, and refused outside of a repository", async () => {
    const empty = join(fixture.root, "empty");
    git(fixture.root, "init", "-q", empty);
    const local = await open(empty);
    expect([local.count, await collect(local.merges())]).toEqual([0, []]);
    await local.close();
    await expect(open("/")).rejects.toMatchObject({
      code: "input",
      remedy: expect.stringContaining("cloned repository"),
    });
  });
});
