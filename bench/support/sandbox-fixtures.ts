// What the sandbox's bench runs on: trees in a git repository, as the product's workspace has them, and a folder of installed dependencies.
import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { TreeArchive } from "../../src/core/sandbox.ts";
import { offlineEnvironment } from "../../src/workspace/environment.ts";
import { gitStreamFor } from "../../src/workspace/git-stream.ts";
import { seededRandom } from "./statistics.ts";

/** Bytes of one source file: the median of what repositories hold is 1 to 3 KB. */
const sourceBytes = 2_000;
const filesPerFolder = 20;

const manifest = { name: "bench", version: "1.0.0", private: true, scripts: { test: "node --test" } };

/** Five test files that use an installed package, where there is one, as `npm test` finds them. */
const testFiles = 5;
const testText = `const test = require("node:test");
const assert = require("node:assert");
const fs = require("node:fs");
if (fs.existsSync("node_modules")) for (let i = 0; i < 50; i++) require("package-" + i);
for (let i = 0; i < 20; i++) test("case " + i, () => assert.strictEqual(i + i, 2 * i));
`;

/** A tree of so many files: a manifest, five tests, sources. */
function treeFiles(count: number): Map<string, string> {
  const files = new Map([["package.json", JSON.stringify(manifest)]]);
  for (let index = 0; index < Math.min(testFiles, count - 1); index++)
    files.set(`test/part-${index}.test.js`, testText);
  for (let index = files.size; index < count; index++) {
    const line = `exports.value${index} = ${index};\n`;
    files.set(
      `src/part-${Math.floor(index / filesPerFolder)}/module-${index}.js`,
      line.repeat(Math.ceil(sourceBytes / line.length)),
    );
  }
  return files;
}

export interface BenchTree {
  readonly files: number;
  readonly archive: TreeArchive;
}

/** Makes a bare repository in the folder, packed, with a tree of each size; its archives are made as the workspace makes them. */
export function makeTrees(directory: string, counts: readonly number[]): BenchTree[] {
  const gitDir = path.join(directory, "repository.git");
  const env = offlineEnvironment(directory, process.env);
  const git = (args: readonly string[], input = "") =>
    execFileSync("git", args, { env, input, stdio: ["pipe", "pipe", "ignore"] })
      .toString()
      .trim();
  git(["init", "--quiet", "--bare", gitDir]);
  return counts.map((count) => {
    const commands = [...treeFiles(count)].map(
      ([name, text]) => `M 100644 inline ${name}\ndata ${Buffer.byteLength(text)}\n${text}\n`,
    );
    const header = `reset refs/heads/t${count}\n\ncommit refs/heads/t${count}\ncommitter Bench <bench@errand.invalid> 0 +0000\ndata 0\n`;
    git(["--git-dir", gitDir, "fast-import", "--quiet"], header + commands.join(""));
    const tree = git(["--git-dir", gitDir, "rev-parse", `refs/heads/t${count}^{tree}`]);
    const signal = new AbortController().signal;
    const stream = gitStreamFor({ directory, gitDir, env, timeoutMs: 60_000, signal, secrets: [] });
    const args = ["-c", "tar.umask=0022", "archive", "--format=tar", "--worktree-attributes", tree];
    return { files: count, archive: () => stream(args, "reading a tree's files") };
  });
}

/** 5,000 files in 500 packages, some 100 MB: a web application's. */
export const dependencySize = { packages: 500, filesEach: 10, bytesEach: 20_000 };

/** A folder as an install leaves it: `project/node_modules`, to be mounted at the project's own. */
export async function makeDependencies(directory: string): Promise<string> {
  const random = seededRandom(1);
  for (let one = 0; one < dependencySize.packages; one++) {
    const folder = path.join(directory, "project", "node_modules", `package-${one}`);
    await mkdir(folder, { recursive: true });
    for (let file = 0; file < dependencySize.filesEach; file++) {
      const text = `exports.value = ${random()};\n// ${String(random()).repeat(2_000)}`;
      await writeFile(
        path.join(folder, file === 0 ? "index.js" : `part-${file}.js`),
        text.slice(0, dependencySize.bytesEach),
      );
    }
  }
  await writeFile(
    path.join(directory, "mounts.json"),
    JSON.stringify([{ from: "project/node_modules", to: "node_modules" }]),
  );
  return directory;
}
