// Crates: fetched as Cargo.lock says, never built at the install.
import { isUnder } from "../affected/tree.ts";
import { foldersWith, isInReach, nameOf } from "./folders.ts";
import { pathIn } from "./places.ts";
import { sandboxPaths } from "../../core/sandbox.ts";
import type { InstallPlan, InstallPlans, TreeFiles } from "./types.ts";

const home = `${sandboxPaths.dependencies}/cargo`;

export async function cargoPlans(files: TreeFiles): Promise<InstallPlans> {
  const locked = foldersWith(files.paths, ["Cargo.lock"]);
  const plans = await Promise.all(locked.map((folder) => planOf(files, folder)));
  const left = foldersWith(files.paths, ["Cargo.toml"])
    .filter((folder) => !files.paths.includes(pathIn(folder, "Cargo.lock")))
    .map(
      (folder) =>
        `${pathIn(folder, "Cargo.toml")} has no Cargo.lock beside it, so no crates were fetched for it: commit one if it has dependencies.`,
    );
  return { plans, left };
}

const setting = /(?:^|\/)(?:\.cargo\/config(?:\.toml)?|rust-toolchain(?:\.toml)?)$/;

/** Whether a file is one of cargo's settings for a folder: in it, below it, or in one of those above. */
function decides(path: string, folder: string): boolean {
  return setting.test(path) && isInReach(path.replace(/\.cargo\/([^/]*)$/, "$1"), folder);
}

/** Cargo's settings may name programs of the tree, and a toolchain file the compiler itself. */
async function namesProgram(files: TreeFiles, settings: readonly string[]): Promise<boolean> {
  for (const path of settings) {
    if (path.includes(".cargo/") || /\bpath\b/.test((await files.read(path)) ?? "path")) return true;
  }
  return false;
}

async function planOf(files: TreeFiles, folder: string): Promise<InstallPlan> {
  const own = files.paths.filter((path) => isUnder(path, folder));
  const settings = files.paths.filter((path) => decides(path, folder));
  return {
    ecosystem: "rust",
    tool: "cargo",
    folder,
    lockfile: pathIn(folder, "Cargo.lock"),
    files: [...own.filter((path) => ["Cargo.lock", "Cargo.toml"].includes(nameOf(path))), ...settings],
    scope: (await namesProgram(files, settings)) ? "tree" : "files",
    line: "cargo fetch --locked",
    environment: { CARGO_HOME: home },
    later: { CARGO_HOME: home, CARGO_NET_OFFLINE: "true" },
  };
}
