// Trees from maps of files, and a workspace that holds some: what checks see of a repository.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { TreeFiles } from "../../src/checks/affected/tree.ts";
import type { Workspace } from "../../src/core/workspace.ts";

export type Files = Readonly<Record<string, string>>;

export function treeFiles(files: Files): TreeFiles {
  return {
    paths: Object.keys(files).sort(),
    read: (name) => Promise.resolve(Object.hasOwn(files, name) ? (files[name] ?? null) : null),
  };
}

export type CheckWorkspace = Pick<Workspace, "archive" | "listTree" | "readTree" | "parentTree">;

/** A workspace of trees by name, that of the base branch under "base". */
export function workspaceOf(trees: Readonly<Record<string, Files>>): CheckWorkspace {
  const filesOf = (tree: string) => trees[tree] ?? {};
  return {
    listTree: (tree) => Promise.resolve(Object.keys(filesOf(tree)).sort()),
    readTree: (tree, name) => {
      const text = filesOf(tree)[name];
      return Promise.resolve(text === undefined ? null : { mode: "100644", bytes: Buffer.from(text) });
    },
    archive: (tree) => () => tarOf(filesOf(tree)),
    parentTree: (side) => Promise.resolve(side),
  };
}

async function* tarOf(files: Files): AsyncGenerator<Uint8Array> {
  const folder = await mkdtemp(path.join(tmpdir(), "errand-tree-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), text);
    }
    const { stdout } = await promisify(execFile)("tar", ["-C", folder, "-c", "."], {
      encoding: "buffer",
      maxBuffer: 16 * 1024 * 1024,
    });
    yield stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
