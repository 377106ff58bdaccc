// Crates: fetched as Cargo.lock says, never built at the install.
import { isUnder } from "../affected/tree.ts";
import { foldersWith, nameOf } from "./folders.ts";
import { pathIn } from "./places.ts";
import { sandboxPaths } from "../../core/sandbox.ts";
import type { InstallPlan, InstallPlans, TreeFiles } from "./types.ts";

const home = `${sandboxPaths.dependencies}/cargo`;

export function cargoPlans(files: TreeFiles): InstallPlans {
  const locked = foldersWith(files.paths, ["Cargo.lock"]);
  const plans = locked.map((folder) => planOf(files, folder));
  const left = foldersWith(files.paths, ["Cargo.toml"])
    .filter((folder) => !files.paths.includes(pathIn(folder, "Cargo.lock")))
    .map(
      (folder) =>
        `${pathIn(folder, "Cargo.toml")} has no Cargo.lock beside it, so no crates were fetched for it: commit one if it has dependencies.`,
    );
  return { plans, left };
}

function planOf(files: TreeFiles, folder: string): InstallPlan {
  const own = files.paths.filter((path) => isUnder(path, folder));
  const settings = own.filter((path) => /(?:^|\/)\.cargo\/config(?:\.toml)?$/.test(path));
  return {
    ecosystem: "rust",
    tool: "cargo",
    folder,
    lockfile: pathIn(folder, "Cargo.lock"),
    files: [...own.filter((path) => ["Cargo.lock", "Cargo.toml"].includes(nameOf(path))), ...settings],
    // Cargo's settings may name a program of the tree that gives credentials.
    scope: settings.length > 0 ? "tree" : "files",
    line: "cargo fetch --locked",
    environment: { CARGO_HOME: home },
    later: { CARGO_HOME: home, CARGO_NET_OFFLINE: "true" },
  };
}
