import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { canary, createFixture } from "./fixture.ts";
import type { Fixture } from "./fixture.ts";
import { plainEnvironment } from "./git-server.ts";
import { sizeOf } from "./unpack.ts";
import type { WorkspaceLimits } from "../../src/workspace/limits.ts";
import type { Workspace } from "../../src/core/workspace.ts";

let fixture: Fixture;
const opened: Workspace[] = [];
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(async () => {
  for (const workspace of opened) await workspace.dispose();
  await fixture.close();
});

const gitDir = (name: string) => join(fixture.root, "repositories", `${name}.git`);

/** Entries of a tree as they are, in this order and under these names: trees that no honest git writes. */
function writeTree(name: string, entries: readonly (readonly [mode: string, path: string, oid: string])[]) {
  const bytes = entries.flatMap(([mode, path, oid]) => [
    Buffer.from(`${mode} ${path}\0`, "latin1"),
    Buffer.from(oid, "hex"),
  ]);
  return run(name, ["hash-object", "-w", "--literally", "-t", "tree", "--stdin"], Buffer.concat(bytes));
}

function run(name: string, args: readonly string[], input: Buffer = Buffer.alloc(0)): string {
  return execFileSync("git", ["--git-dir", gitDir(name), ...args], { env: plainEnvironment, input })
    .toString()
    .trim();
}

const writeBlob = (name: string, content: string | Buffer) =>
  run(name, ["hash-object", "-w", "--stdin"], Buffer.from(content));

/** A workspace whose head is a commit of the tree that `make` writes. */
async function openOn(
  name: string,
  make: (blob: string) => string,
  limits: Partial<WorkspaceLimits> = {},
): Promise<{ workspace: Workspace; tree: string }> {
  const { base = "" } = fixture.repository(name, [{ name: "base", files: { a: "a\n" } }]);
  const tree = make(writeBlob(name, "blob\n"));
  const head = run(name, ["commit-tree", tree, "-p", base, "-m", "head"]);
  run(name, ["update-ref", "refs/heads/head", head]);
  const workspace = await fixture.with({ limits }).open({
    ...{ cloneUrl: fixture.url(name), token: canary, headSha: head, baseSha: base },
    signal: new AbortController().signal,
  });
  opened.push(workspace);
  return { workspace, tree };
}

/** `width` to the power of `depth` times the same tree, in as many objects as it is deep. */
function bomb(name: string, innermost: string, { width, depth }: { width: number; depth: number }): string {
  let tree = innermost;
  for (let level = 0; level < depth; level++) {
    const inner = tree;
    tree = writeTree(
      name,
      Array.from({ length: width }, (_, index) => ["40000", `d${index}`, inner] as const),
    );
  }
  return tree;
}

describe("a tree that is too large to be run", () => {
  it("is refused where a few objects name millions of files or folders, and is not listed either", async () => {
    const innermost = { files: "files", nothing: "nothing" };
    for (const [name, kind] of Object.entries(innermost)) {
      const { workspace, tree } = await openOn(name, (blob) =>
        bomb(name, writeTree(name, kind === "files" ? [["100644", "f", blob]] : []), { width: 10, depth: 9 }),
      );
      await expect(sizeOf(workspace.archive(tree))).rejects.toThrow(
        "more files than Errand reads as a whole (100,000)",
      );
      await expect(workspace.listTree(tree)).rejects.toMatchObject({ code: "workspace", retryable: false });
    }
  });

  it("is refused over the number of paths, not at it", async () => {
    const files = (count: number) => (blob: string) =>
      writeTree(
        `count-${count}`,
        Array.from({ length: count }, (_, index) => ["100644", `f${index}`, blob] as const),
      );
    const exact = await openOn("count-5", files(5), { treePaths: 5 });
    expect(await exact.workspace.listTree(exact.tree)).toHaveLength(5);
    expect(await sizeOf(exact.workspace.archive(exact.tree))).toBeGreaterThan(0);
    const over = await openOn("count-6", files(6), { treePaths: 5 });
    await expect(over.workspace.listTree(over.tree)).rejects.toThrow("more files than Errand reads");
    await expect(sizeOf(over.workspace.archive(over.tree))).rejects.toThrow("more files than Errand reads");
  });

  it("is refused for one file over its bound, which is named, before anything is written", async () => {
    const { workspace, tree } = await openOn(
      "file",
      () => writeTree("file", [["100644", "zeros", writeBlob("file", Buffer.alloc(3 * 1024 * 1024))]]),
      { treeFileBytes: 2 * 1024 * 1024 },
    );
    await expect(sizeOf(workspace.archive(tree))).rejects.toMatchObject({
      code: "workspace",
      message: 'The repository is not run: "zeros" has more than the 2 MB a file of it may have.',
    });
  });

  it("is refused over the sum of what its files unpack to, the same contents counted at each path", async () => {
    const { workspace, tree } = await openOn(
      "sum",
      () => {
        const zeros = writeBlob("sum", Buffer.alloc(1024 * 1024));
        return writeTree(
          "sum",
          ["a", "b", "c", "d"].map((path) => ["100644", path, zeros] as const),
        );
      },
      { treeBytes: 3 * 1024 * 1024 },
    );
    await expect(sizeOf(workspace.archive(tree))).rejects.toThrow("its files come to more than 3 MB");
  });

  it("is refused while its files come in, once for the whole workspace", async () => {
    const noise = (seed: number) => {
      const parts = Array.from({ length: 64 * 1024 }, (_, index) =>
        createHash("sha256").update(`${seed} ${index}`).digest(),
      );
      return Buffer.concat(parts);
    };
    const { workspace, tree } = await openOn(
      "fetch",
      () =>
        writeTree(
          "fetch",
          [0, 1, 2].map((seed) => ["100644", `f${seed}`, writeBlob("fetch", noise(seed))] as const),
        ),
      { treeBytes: 3 * 1024 * 1024 },
    );
    await expect(sizeOf(workspace.archive(tree))).rejects.toThrow("its files come to more than 3 MB");
    const asked = fixture.server.requests.length;
    await expect(sizeOf(workspace.archive(tree))).rejects.toThrow("its files come to more than 3 MB");
    expect(fixture.server.requests).toHaveLength(asked);
  });
});

describe("a tree with a path that is not safe", () => {
  const file = "100644";
  const link = "120000";
  const folder = "40000";
  it.each([
    ["git's own folder", ".git", [[folder, ".git"]]],
    ["another spelling of it", ".GiT", [[folder, ".GiT"]]],
    ["one that some file systems take for it", "GIT~1", [[file, "GIT~1"]]],
    ["the folder above", "..", [[folder, ".."]]],
    ["the folder itself", ".", [[folder, "."]]],
    ["a way out in one name", "../escape", [[file, "../escape"]]],
    ["a path from the root", "/etc", [[folder, "/etc"]]],
    ["a name with a folder that is not there", "a/b", [[file, "a/b"]]],
    [
      "a link and a folder of one name",
      "a",
      [
        [link, "a"],
        [folder, "a"],
      ],
    ],
    [
      "a folder and a link of one name",
      "a",
      [
        [folder, "a"],
        [link, "a"],
      ],
    ],
    [
      "a file through a link",
      "a/f",
      [
        [link, "a"],
        [file, "a/f"],
      ],
    ],
  ] as const)("is refused: %s", async (title, path, entries) => {
    const name = title.replaceAll(/\W/g, "-");
    const { workspace, tree } = await openOn(name, (blob) => {
      const inner = writeTree(name, [[file, "f", blob]]);
      return writeTree(
        name,
        entries.map(([mode, entry]) => [mode, entry, mode === folder ? inner : blob] as const),
      );
    });
    await expect(sizeOf(workspace.archive(tree))).rejects.toMatchObject({
      code: "workspace",
      message: `The repository is not run: ${JSON.stringify(path)} is no path that can be unpacked safely.`,
    });
  });
});
