// Go's standard library, built once: a sandbox begins with nothing built, and half a minute of that for each of a dozen runs is no test's to spend.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import type { Commands } from "../../../../src/core/checks.ts";
import { sandboxPaths } from "../../../../src/core/sandbox.ts";
import { repositoryOf } from "./failing-tests.ts";

const execute = promisify(execFile);

/** The repository's own `setup`: it takes what is built over to where Go may write. */
export const withBuilds: Commands = {
  setup: `mkdir -p "$HOME/.cache" && cp -r ${sandboxPaths.dependencies}/build "$HOME/.cache/go-build"`,
};

/** A folder of dependencies that has what the tests of the base are built of. */
export async function goBuilds(parent: string): Promise<string> {
  const filled = await mkdtemp(path.join(parent, "go-"));
  const build = path.join(filled, "dependencies", "build");
  const source = path.join(filled, "source");
  for (const folder of [build, source]) await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(repositoryOf("go", "failing").base))
    await writeFile(path.join(source, name), text);
  const env = { PATH: process.env["PATH"], HOME: filled, GOCACHE: build, GOTOOLCHAIN: "local" };
  await execute("go", ["test", "./..."], { cwd: source, env });
  await writeFile(path.join(filled, "mounts.json"), "[]");
  await execute("chmod", ["-R", "a+rX", filled]);
  return filled;
}
