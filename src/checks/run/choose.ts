// Which of a repository's commands a change concerns, and what of the change each is told.
import { filesUnder, isUnder } from "../affected/tree.ts";
import type { TreeFiles } from "../affected/tree.ts";
import { pythonFile, scriptFile } from "../affected/relevance.ts";
import { readManifest } from "../commands/package-json.ts";
import type { DetectedCommand, Ecosystem } from "../commands/types.ts";

export interface ChosenCommand {
  readonly command: DetectedCommand;
  /** Changed paths, relative to the command's folder. */
  readonly paths: readonly string[];
}

/** A path that all tests of a folder hang on: it stands for a change of what the folder depends on. */
const dependency = "package.json";

/** The commands of one name that a change of these paths concerns. */
export async function chooseCommands(
  commands: readonly DetectedCommand[],
  paths: readonly string[],
  files: TreeFiles,
): Promise<readonly ChosenCommand[]> {
  const kinds = new Set(commands.map(({ ecosystem }) => ecosystem));
  const dependents = await dependentFolders(commands, paths, files);
  return commands.flatMap((command) => {
    const { folder, ecosystem } = command;
    const inside = paths
      .filter((path) => isUnder(path, folder) && !isForeign(path, ecosystem, kinds))
      .map((path) => (folder === "" ? path : path.slice(folder.length + 1)));
    if (inside.length > 0) return [{ command, paths: inside }];
    return dependents.has(folder) ? [{ command, paths: [dependency] }] : [];
  });
}

const sources: Readonly<Partial<Record<Ecosystem, RegExp>>> = {
  script: scriptFile,
  python: pythonFile,
  go: /\.go$/,
  rust: /\.rs$/,
};

/** Whether a file is a source of another kind of project, that has its own commands here. */
export function isForeign(path: string, ecosystem: Ecosystem, kinds: ReadonlySet<Ecosystem>): boolean {
  if (ecosystem === "any") return false;
  return [...kinds].some((kind) => kind !== ecosystem && sources[kind]?.test(path) === true);
}

/** Folders of packages that depend on a package in which something changed, by the names in their package.json. */
async function dependentFolders(
  commands: readonly DetectedCommand[],
  paths: readonly string[],
  files: TreeFiles,
): Promise<ReadonlySet<string>> {
  const folders = [...new Set(commands.map(({ folder }) => folder))].filter((folder) => folder !== "");
  const manifests = new Map(
    await Promise.all(
      folders.map(async (folder) => {
        return [folder, readManifest(await filesUnder(files, folder).read("package.json"))] as const;
      }),
    ),
  );
  const reached = new Set(folders.filter((folder) => paths.some((path) => isUnder(path, folder))));
  for (const one of reached) {
    const name = manifests.get(one)?.name ?? "";
    for (const [folder, manifest] of manifests) {
      if (name !== "" && manifest?.dependencies.has(name) === true) reached.add(folder);
    }
  }
  return reached;
}
