import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { ConflictKind } from "../../src/core/conflict.ts";
import { conflictAt, createFixture, sides } from "./fixture.ts";
import type { Fixture, FixtureCommit } from "./fixture.ts";

const text = "one\ntwo\nthree\nfour\nfive\nsix\n";
const changed = (line: string) => text.replace("three", line);
const link = (content: string) => ({ mode: "120000", content });
const executable = (content: string) => ({ mode: "100755", content });

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

async function openSides(name: string, commits: readonly FixtureCommit[]) {
  const shas = fixture.repository(name, commits);
  return await fixture.open(name, shas["ours"] ?? "", shas["theirs"] ?? "");
}

describe("what a merge comes to", () => {
  it("is up to date when the base is in the head", async () => {
    const shas = fixture.repository("up-to-date", sides({ a: text }, { a: changed("3") }, {}));
    const workspace = await fixture.open("up-to-date", shas["ours"] ?? "", shas["base"] ?? "");
    expect(workspace.status).toBe("up-to-date");
    expect(workspace.gitTree).toBeNull();
    expect(await workspace.tree()).toBe(fixture.git("up-to-date", "rev-parse", "ours^{tree}"));
  });

  it("is clean when the sides changed different parts", async () => {
    const workspace = await openSides(
      "clean",
      sides({ a: text, b: text }, { a: text.replace("one", "1") }, { a: text.replace("six", "6"), b: "b\n" }),
    );
    expect(workspace.status).toBe("clean");
    expect(workspace.conflicts).toEqual([]);
    expect(await workspace.tree()).toBe(workspace.gitTree);
    const merged = await workspace.readPath("result", "a");
    expect(Buffer.from(merged?.bytes ?? []).toString()).toBe("1\ntwo\nthree\nfour\nfive\n6\n");
  });

  it("is unrelated without a common ancestor", async () => {
    const shas = fixture.repository("unrelated", [
      { name: "ours", files: { a: "ours\n" } },
      { name: "theirs", files: { a: "theirs\n" } },
    ]);
    const workspace = await fixture.open("unrelated", shas["ours"] ?? "", shas["theirs"] ?? "");
    expect(workspace.status).toBe("unrelated");
    expect(await workspace.tree()).toBeNull();
  });

  it("follows a rename with edits on both sides", async () => {
    const workspace = await openSides(
      "rename",
      sides({ old: text }, { old: null, new: changed("ours") }, { old: changed("theirs") }),
    );
    expect(workspace.conflicts.map(({ kind, path }) => [kind, path])).toEqual([["content", "new"]]);
    const split = await workspace.conflictedFile(conflictAt(workspace, "new"));
    expect(split?.file.segments[1]).toEqual({
      kind: "hunk",
      base: "three\n",
      ours: "ours\n",
      theirs: "theirs\n",
    });
  });

  it("merges a criss-cross history over a virtual base", async () => {
    const workspace = await openSides("criss-cross", [
      { name: "base", files: { a: text } },
      { name: "left", parents: ["base"], files: { a: changed("left") } },
      { name: "right", parents: ["base"], files: { a: changed("right") } },
      { name: "left2", parents: ["left", "right"], files: { a: changed("left") } },
      { name: "right2", parents: ["right", "left"], files: { a: changed("right") } },
      { name: "ours", parents: ["left2"], files: { b: "ours\n" } },
      { name: "theirs", parents: ["right2"], files: { c: "theirs\n" } },
    ]);
    const conflict = conflictAt(workspace, "a");
    expect(conflict.kind).toBe("content");
    const split = await workspace.conflictedFile(conflict);
    // The virtual base holds markers of its own; they are text of the base, never of a side.
    expect(split?.file.segments.find(({ kind }) => kind === "hunk")).toMatchObject({
      ours: expect.stringContaining("left\n"),
      theirs: expect.stringContaining("right\n"),
      base: expect.stringContaining("<<<<<<<"),
    });
  });
});

const submodule = (digit: string) => ({ submodule: digit.repeat(40) });
const binary = (byte: number) => Buffer.from([0, 1, byte, 0]);

const kinds: readonly [ConflictKind, string, FixtureCommit[]][] = [
  ["content", "a", sides({ a: text }, { a: changed("ours") }, { a: changed("theirs") })],
  ["both-added", "a", sides({ z: text }, { a: "ours\n" }, { a: "theirs\n" })],
  ["modify-delete", "a", sides({ a: text }, { a: changed("ours") }, { a: null })],
  ["rename-rename", "a1", sides({ a: text }, { a: null, a1: changed("1") }, { a: null, a2: changed("2") })],
  ["rename-delete", "a1", sides({ a: text }, { a: null, a1: text }, { a: null, z: "z\n" })],
  [
    "rename-add",
    "b",
    sides({ a: text }, { a: null, b: changed("ours") }, { a: changed("theirs"), b: "other\n" }),
  ],
  [
    "directory-rename",
    "new/c",
    sides(
      { "old/a": text, "old/b": `${text}b\n` },
      { "old/a": null, "old/b": null, "new/a": text, "new/b": `${text}b\n` },
      { "old/c": "added\n" },
    ),
  ],
  ["file-directory", "a~ours", sides({ z: "z\n" }, { a: "file\n" }, { "a/b": "in directory\n" })],
  ["distinct-types", "a~ours", sides({ z: "z\n" }, { a: "file\n" }, { a: link("target") })],
  ["mode", "a", sides({ z: "z\n" }, { a: text }, { a: executable(text) })],
  ["binary", "a", sides({ a: binary(1) }, { a: binary(2) }, { a: binary(3) })],
  ["submodule", "a", sides({ a: submodule("1") }, { a: submodule("2") }, { a: submodule("3") })],
  ["symlink", "a", sides({ a: link("x") }, { a: link("y") }, { a: link("z") })],
  [
    "too-large",
    "a",
    sides(
      { a: "x\n".repeat(3_000_000) },
      { a: `ours\n${"x\n".repeat(3_000_000)}` },
      { a: `theirs\n${"x\n".repeat(3_000_000)}` },
    ),
  ],
];

describe("kinds of conflict", () => {
  it.each(kinds)("%s", async (kind, path, commits) => {
    const workspace = await openSides(`kind-${kind}`, commits);
    const conflict = conflictAt(workspace, path);
    expect(conflict.kind).toBe(kind);
    expect(conflict.explanation).toContain(JSON.stringify(path));
    expect(conflict.explanation).toMatch(/^[A-Z][^\n]*\.$/);
    const split = await workspace.conflictedFile(conflict);
    expect(split !== null).toBe(kind === "content" || kind === "both-added");
    expect(await workspace.tree()).toBeNull();
    // A person's decision settles any kind: every conflicted path gets a result.
    for (const { path: open } of workspace.conflicts) await workspace.write(open, null);
    expect(await workspace.tree()).toMatch(/^[0-9a-f]{40}$/);
  });
});

describe("paths", () => {
  it("reads and writes names with newlines, quotes, dashes, stars and other scripts", async () => {
    const names = [
      "new\nline",
      "quo\"te's",
      "-rf",
      "a*b[c]",
      "tab\there",
      "日本語",
      "a b",
      "back\\slash",
      ":(top)x",
    ];
    const files = (content: string) =>
      Object.fromEntries(names.map((name) => [Buffer.from(name).toString("latin1"), content]));
    const workspace = await openSides(
      "paths",
      sides(files(text), files(changed("ours")), files(changed("theirs"))),
    );
    expect(workspace.conflicts.map(({ path }) => path).sort()).toEqual([...names].sort());
    for (const path of names) {
      expect((await workspace.readPath("head", path))?.bytes.toString()).toBe(
        Buffer.from(changed("ours")).toString(),
      );
      await workspace.write(path, { mode: "100644", bytes: Buffer.from("done\n") });
    }
    workspace.keep();
    const tree = (await workspace.tree()) ?? "";
    const changes = await workspace.changesSince("head", tree);
    expect(changes.map(({ path }) => path).sort()).toEqual([...names].sort());
    const { text: patch } = await workspace.patch(100_000);
    expect(patch.match(/^\+done$/gm)).toHaveLength(names.length);
  });

  it("explains a conflict at a path that is not UTF-8 and refuses to name such a change", async () => {
    const workspace = await openSides(
      "latin1",
      sides(
        { "caf\xe9": text },
        { "caf\xe9": changed("ours") },
        { "caf\xe9": changed("theirs"), "\xff": "new\n" },
      ),
    );
    expect(workspace.conflicts[0]).toMatchObject({
      kind: "other",
      explanation: expect.stringContaining("not valid UTF-8"),
    });
    await expect(workspace.changesSince("head", workspace.gitTree ?? "")).rejects.toMatchObject({
      code: "workspace",
      message: expect.stringContaining("not valid UTF-8"),
    });
  });

  it("refuses to write outside the tree and into .git in any spelling", async () => {
    const workspace = await openSides("refused", sides({ a: text }, { a: changed("1") }, { b: "b\n" }));
    const spellings = [
      ".git/config",
      "a/.GIT/x",
      "git~1/x",
      ".git\u200c/x",
      ".git. /x",
      ".git::$INDEX_ALLOCATION/x",
    ];
    for (const path of ["", "/a", "../a", "a/../b", "a//b", "a/", "x\0y", "\ud800", ...spellings]) {
      const writing = workspace.write(path, { mode: "100644", bytes: Buffer.from("x") });
      await expect(writing).rejects.toMatchObject({ code: "workspace" });
      await expect(workspace.write(path, null)).rejects.toMatchObject({ code: "workspace" });
    }
    await expect(workspace.write("a", { mode: "160000", bytes: Buffer.from("") })).rejects.toThrow("mode");
    expect(workspace.written()).toEqual([]);
  });
});
