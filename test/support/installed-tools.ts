// Folders of packages as an install leaves them, with programs that this project has itself: what a sandbox is given in place of a registry.
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { packageClosure } from "../checks/package-closure.ts";

/** This project's own folder, and one beside it that has runners which this project has not. */
const roots = [process.cwd(), process.env["ERRAND_TEST_RUNNERS"] ?? ""].filter(Boolean);

const rootOf = (tool: string): string | null =>
  roots.find((root) => existsSync(path.join(root, "node_modules", tool, "package.json"))) ?? null;

/** Why a package cannot be had; `null` where it can. */
export const toolMissing = (tool: string): string | null =>
  rootOf(tool) === null ? `${tool} is neither in node_modules nor where ERRAND_TEST_RUNNERS says` : null;

/** A new folder in `parent`, that another user can read, with these packages, all that they need, and their programs in `.bin`. Who is given `parent` removes it. */
export async function installTools(parent: string, tools: readonly string[]): Promise<string> {
  const filled = await mkdtemp(path.join(parent, "tools-"));
  const modules = path.join(filled, "project", "node_modules");
  await mkdir(path.join(modules, ".bin"), { recursive: true });
  await mkdir(path.join(modules, ".cache"));
  for (const tool of tools) {
    const root = rootOf(tool);
    if (root === null) throw new Error(`${tool} is not installed.`);
    for (const name of await packageClosure(tool, root)) await copy(name, root, modules);
    for (const [program, file] of programsOf(path.join(modules, tool), tool))
      await symlink(path.join("..", tool, file), path.join(modules, ".bin", program));
  }
  const mounts = [{ from: "project/node_modules", to: "node_modules" }];
  await writeFile(path.join(filled, "mounts.json"), JSON.stringify(mounts));
  await promisify(execFile)("chmod", ["-R", "a+rX", filled]);
  return filled;
}

async function copy(name: string, root: string, modules: string): Promise<void> {
  const to = path.join(modules, name);
  if (existsSync(to)) return;
  await mkdir(path.dirname(to), { recursive: true });
  await promisify(execFile)("cp", ["-r", path.join(root, "node_modules", name), to]);
}

const Manifest = z.object({ bin: z.union([z.string(), z.record(z.string(), z.string())]).optional() });

function programsOf(folder: string, tool: string): readonly (readonly [string, string])[] {
  const { bin = {} } = Manifest.parse(JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")));
  return Object.entries(typeof bin === "string" ? { [tool]: bin } : bin);
}
