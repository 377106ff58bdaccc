// Packages of npm, pnpm and yarn: as the lockfile says, by the package manager's own version, with no script run.
import { z } from "zod";
import { foldersWith, isInReach, nameOf } from "./folders.ts";
import { isPlainNpmrc } from "./npmrc.ts";
import { insideOf, pathIn, scratch } from "./places.ts";
import { listScripts } from "./install-scripts.ts";
import { chooseTool } from "./node-tools.ts";
import type { NodeLock, NodeTool } from "./node-tools.ts";
import type { InstallPlan, InstallPlans, TreeFiles } from "./types.ts";

/** In this order: who moved to another package manager may have a package-lock.json that a newcomer made. */
const lockfiles = ["pnpm-lock.yaml", "yarn.lock", "npm-shrinkwrap.json", "package-lock.json"] as const;
const unsupported: Readonly<Record<string, string>> = {
  "bun.lock": "Bun",
  "bun.lockb": "Bun",
  "deno.lock": "Deno",
};

const manifestSchema = z.object({
  packageManager: z.string().optional().catch(undefined),
  dependencies: z.record(z.string(), z.unknown()).optional().catch(undefined),
  devDependencies: z.record(z.string(), z.unknown()).optional().catch(undefined),
});
type Manifest = z.infer<typeof manifestSchema>;

export async function nodePlans(files: TreeFiles): Promise<InstallPlans> {
  const plans: InstallPlan[] = [];
  const left: string[] = [];
  for (const folder of foldersWith(files.paths, ["package.json"])) {
    const made = await planOf(files, folder);
    if (typeof made === "string") left.push(made);
    else if (made !== null) plans.push(made);
  }
  return { plans, left };
}

async function planOf(files: TreeFiles, folder: string): Promise<InstallPlan | string | null> {
  const manifest = readManifest(await files.read(pathIn(folder, "package.json")));
  if (manifest === null) return null;
  const wanted = manifest.packageManager?.split("@")[0];
  const present = lockfiles.filter((name) => files.paths.includes(pathIn(folder, name)));
  const name = present.find((lockfile) => toolOfLock[lockfile] === wanted) ?? present[0];
  if (name === undefined) return withoutLock(files, folder, manifest);
  const lockfile = pathIn(folder, name);
  const lock: NodeLock = { name, text: (await files.read(lockfile)) ?? "" };
  const tool = chooseTool(lock, manifest.packageManager ?? "", await registryOf(files, folder));
  return await plan(files, { folder, lockfile, lock, tool });
}

const toolOfLock = {
  "pnpm-lock.yaml": "pnpm",
  "yarn.lock": "yarn",
  "npm-shrinkwrap.json": "npm",
  "package-lock.json": "npm",
} as const;

function withoutLock(files: TreeFiles, folder: string, manifest: Manifest): string | null {
  const count = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).length;
  if (count === 0) return null;
  const other = Object.keys(unsupported).find((name) => files.paths.includes(pathIn(folder, name)));
  const where = pathIn(folder, "package.json");
  return other === undefined
    ? `${where} has no lockfile beside it, so nothing was installed for it: commit one (npm install writes package-lock.json).`
    : `${pathIn(folder, other)} is ${unsupported[other] ?? ""}'s, which Errand does not install with: packages of npm, pnpm and yarn lockfiles are installed.`;
}

interface Found {
  readonly folder: string;
  readonly lockfile: string;
  readonly lock: NodeLock;
  readonly tool: NodeTool;
}

async function plan(files: TreeFiles, { folder, lockfile, lock, tool }: Found): Promise<InstallPlan> {
  const deciding = files.paths.filter((path) => isInReach(path, folder) && decides(path));
  const takesMore =
    tool.runsCode(deciding) || copiesFromTree.test(lock.text) || (await namesCode(files, deciding));
  return {
    ecosystem: "node",
    tool: tool.name,
    folder,
    lockfile,
    files: deciding,
    scope: takesMore ? "tree" : "files",
    line: `${tool.line} && ${listScripts(insideOf(folder))}`,
    environment: { ...tool.environment, npm_config_cache: `${scratch}/npm` },
    later: tool.later,
  };
}

/** Packages that are copied from the tree; one that is only linked is read where it lies. */
const copiesFromTree = /[\s"'@]file:|@\.{1,2}\/|type: directory/;

/** Settings by the file that they are in: whether one may name a file of the tree that the install loads. */
const loads: Readonly<Record<string, (text: string) => boolean>> = {
  ".npmrc": (text) => !isPlainNpmrc(text),
  ".yarnrc.yml": (text) => text.includes("plugins"),
  "pnpm-workspace.yaml": (text) => /pnpmfile/i.test(text),
};

async function namesCode(files: TreeFiles, deciding: readonly string[]): Promise<boolean> {
  for (const path of deciding) {
    const isLoading = loads[nameOf(path)];
    if (isLoading?.((await files.read(path)) ?? "") === true) return true;
  }
  return false;
}

/** Manifests, lockfiles, settings, patches, and code that package managers load at an install. */
function decides(path: string): boolean {
  if (/(?:^|\/)node_modules\//.test(path)) return false;
  return decidingNames.has(nameOf(path)) || /(?:^|\/)(?:patches|\.yarn\/(?:patches|plugins))\//.test(path);
}

const decidingNames = new Set([
  ...lockfiles,
  "package.json",
  ".npmrc",
  ".yarnrc",
  ".yarnrc.yml",
  "pnpm-workspace.yaml",
  ".pnpmfile.cjs",
  ".pnpmfile.mjs",
  "pnpmfile.js",
  ".pnp.cjs",
]);

/** Yarn 2 and later read their registry from a file that npm, which installs yarn, does not know. */
async function registryOf(files: TreeFiles, folder: string): Promise<string | null> {
  const text = (await files.read(pathIn(folder, ".yarnrc.yml"))) ?? "";
  return /^npmRegistryServer:[ \t]*["']?(https?:\/\/[\w.:/-]+)["']?[ \t]*$/m.exec(text)?.[1] ?? null;
}

function readManifest(text: string | null): Manifest | null {
  try {
    return manifestSchema.parse(JSON.parse(text ?? ""));
  } catch {
    return null;
  }
}
