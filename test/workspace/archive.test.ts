import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createFixture, sides } from "./fixture.ts";
import type { Fixture, FixtureCommit } from "./fixture.ts";
import { listed, sizeOf, unpacked } from "./unpack.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture({ limits: { blobBytes: 4096 } });
});
afterAll(() => fixture.close());

/** A path's bytes, one character each, as the fixture takes them. */
const raw = (path: string) => Buffer.from(path).toString("latin1");
const gitDir = (name: string) => join(fixture.root, "repositories", `${name}.git`);

async function openHead(name: string, files: FixtureCommit["files"]) {
  const shas = fixture.repository(name, [
    { name: "base", files: { README: "base\n" } },
    { name: "ours", parents: ["base"], files },
  ]);
  const workspace = await fixture.open(name, shas["ours"] ?? "", shas["base"] ?? "");
  return { workspace, tree: await workspace.parentTree("head") };
}

async function expectEqual(name: string, files: FixtureCommit["files"]) {
  const { workspace, tree } = await openHead(name, files);
  const found = await unpacked(workspace.archive(tree), fixture.root);
  expect(found).toEqual(listed(gitDir(name), tree));
  return found;
}

describe("an archive", () => {
  it("is the tree bit for bit: contents, modes, links and folders", async () => {
    const found = await expectEqual("plain", {
      empty: "",
      "bin/run": { mode: "100755", content: "#!/bin/sh\n" },
      "data.bin": Buffer.from(Array.from({ length: 3000 }, (_, index) => index % 256)),
      "crlf.txt": "one\r\ntwo\r\n",
      "links/inside": { mode: "120000", content: "../bin/run" },
      "links/absolute": { mode: "120000", content: "/etc/passwd" },
      "links/nowhere": { mode: "120000", content: "x".repeat(300) },
      "deep/er/and/deeper/file": "deep\n",
      vendored: { submodule: "1".repeat(40) },
    });
    expect(Object.keys(found)).toHaveLength(10);
  });

  it("keeps odd names", async () => {
    const found = await expectEqual("names", {
      "two\nlines": "newline\n",
      "-rf": "dash\n",
      "--checkpoint-action=exec=sh": "dash\n",
      "sp ace\ttab\"quote'\\slash*?[": "odd\n",
      [raw("naïve/日本語/🎉.txt")]: "unicode\n",
      "latin1-\xe9": "not UTF-8\n",
      [`${"long".repeat(60)}/${"path".repeat(60)}/${"name".repeat(60)}`]: "long\n",
      ".gitignore": "*\n",
      ".gitmodules": "\n",
    });
    expect(Object.keys(found)).toHaveLength(10);
  });

  it("cannot be steered by the tree's attributes", async () => {
    const hostile = [
      "[attr]all export-ignore export-subst filter=evil ident",
      "* export-ignore export-subst text eol=crlf ident filter=evil working-tree-encoding=UTF-16",
      "*.txt all",
    ].join("\n");
    await expectEqual("attributes", {
      ".gitattributes": `${hostile}\n`,
      "a.txt": "$Format:%H$ $Id$\nline\n",
      "nested/.gitattributes": `${hostile}\n`,
      "nested/b.txt": "$Format:%an$ $Id: 1$\r\nline\n",
      "tests/.gitattributes": "* export-ignore\n",
      "tests/c.test.js": "test\n",
    });
  });

  it("holds what was written over git's merge, and nothing of git's own", async () => {
    const shas = fixture.repository(
      "merged",
      sides(
        { a: "1\n2\n3\n", b: "b\n" },
        { a: "1\nours\n3\n", b: "b ours\n" },
        { a: "1\ntheirs\n3\n", c: "c\n" },
      ),
    );
    const workspace = await fixture.open("merged", shas["ours"] ?? "", shas["theirs"] ?? "");
    const tree =
      (await workspace.treeWith(new Map([["a", { mode: "100755", bytes: Buffer.from("settled\n") }]]))) ?? "";
    const found = await unpacked(workspace.archive(tree), fixture.root);
    expect(Object.keys(found).sort()).toEqual(["a", "b", "c"]);
    const read = async (path: string) =>
      Buffer.from((await workspace.readTree(tree, path))?.bytes ?? []).toString();
    expect([await read("a"), await read("b"), await read("c")]).toEqual(["settled\n", "b ours\n", "c\n"]);
    expect(found["a"]).toMatch(/^100755 /);
  });

  it("has files that are too large to be merged as they are, not their placeholders", async () => {
    const large = (letter: string) => `${letter.repeat(5000)}\n`;
    const shas = fixture.repository("large", sides({ l: large("a") }, { l: large("b") }, { l: large("c") }));
    const workspace = await fixture.open("large", shas["ours"] ?? "", shas["theirs"] ?? "");
    for (const side of ["head", "base"] as const) {
      const tree = await workspace.parentTree(side);
      expect(await unpacked(workspace.archive(tree), fixture.root)).toEqual(listed(gitDir("large"), tree));
    }
  });

  it("fetches what is missing once, and is made anew by each call", async () => {
    const files = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`f${index}`, `${index}\n`]));
    const { workspace, tree } = await openHead("missing", files);
    const posts = () => fixture.server.requests.filter((line) => line.includes("git-upload-pack")).length;
    const before = posts();
    const archive = workspace.archive(tree);
    expect(posts()).toBe(before);
    const size = await sizeOf(archive);
    // One advertisement, at most one listing of refs, one fetch.
    expect(posts() - before).toBeLessThanOrEqual(3);
    const fetched = posts();
    expect(fetched).toBeGreaterThan(before);
    expect(await sizeOf(archive)).toBe(size);
    expect(await sizeOf(workspace.archive(tree))).toBe(size);
    expect(posts()).toBe(fetched);
  });
});

describe("reading a whole tree", () => {
  it("lists every path but folders, and reads files of any tree", async () => {
    const { workspace, tree } = await openHead("listed", {
      "b/c": "c\n",
      "b/d": { mode: "120000", content: "c" },
      [raw("é\n")]: "odd\n",
      s: { submodule: "1".repeat(40) },
    });
    expect(await workspace.listTree(tree)).toEqual(["README", "b/c", "b/d", "s", "é\n"]);
    expect(await workspace.readTree(tree, "b/d")).toEqual({ mode: "120000", bytes: Buffer.from("c") });
    for (const path of ["b", "s", "b/none", "../b", "", "/b/c"]) {
      expect(await workspace.readTree(tree, path)).toBeNull();
    }
    const base = await workspace.parentTree("base");
    expect(await workspace.listTree(base)).toEqual(["README"]);
    expect(await workspace.readTree(base, "b/c")).toBeNull();
  });

  it("takes nothing but a tree's full name", async () => {
    const { workspace } = await openHead("named", { a: "a\n" });
    for (const name of ["HEAD", "--help", "ours", "1".repeat(40)]) {
      await expect(workspace.listTree(name)).rejects.toThrow();
      await expect(sizeOf(workspace.archive(name))).rejects.toThrow();
    }
  });
});
