// Modules of Go: downloaded by their checksums, never built at the install.
import { isUnder } from "../affected/tree.ts";
import { foldersWith, nameOf } from "./folders.ts";
import { pathIn } from "./places.ts";
import { sandboxPaths } from "../../core/sandbox.ts";
import type { InstallPlan, InstallPlans, TreeFiles } from "./types.ts";

const modules = `${sandboxPaths.dependencies}/go/mod`;
const deciding = ["go.mod", "go.sum", "go.work", "go.work.sum"];

/** A module without go.sum depends on nothing, and one with a vendor folder has it all. */
export function goPlans(files: TreeFiles): InstallPlans {
  const folders = foldersWith(files.paths, ["go.work", "go.sum"]).filter(
    (folder) => !files.paths.includes(pathIn(folder, "vendor/modules.txt")),
  );
  return { plans: folders.map((folder) => planOf(files, folder)), left: [] };
}

function planOf(files: TreeFiles, folder: string): InstallPlan {
  const workspace = files.paths.includes(pathIn(folder, "go.work"));
  return {
    ecosystem: "go",
    tool: "go",
    folder,
    lockfile: pathIn(folder, workspace ? "go.work" : "go.sum"),
    files: files.paths.filter((path) => deciding.includes(nameOf(path)) && isUnder(path, folder)),
    scope: "files",
    line: "go mod download",
    environment: { GOMODCACHE: modules, GOFLAGS: "-modcacherw" },
    later: {
      GOMODCACHE: modules,
      GOPROXY: "off",
      GOTOOLCHAIN: "local",
      // In a workspace Go takes no other than "readonly".
      ...(workspace ? {} : { GOFLAGS: "-mod=mod" }),
    },
  };
}
