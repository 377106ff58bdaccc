// The commands that put a repository's files into form: its checks of form and lint made to write, or scripts that write.
import type { TreeFiles } from "../affected/tree.ts";
import { readManifest } from "../commands/package-json.ts";
import type { DetectedCommand } from "../commands/types.ts";

/** Scripts that write, by the names that are usual for them. */
const names = ["format", "fmt", "prettier", "format:fix", "format:write", "prettier:fix", "prettier:write"];
const settings = /^(?:\.prettierrc(?:\.\w+)?|prettier\.config\.\w+)$/;

/** Linters first, then formatters. `turnedOff`: the repository says that it has no formatter. */
export async function formatCommands(
  commands: readonly DetectedCommand[],
  files: TreeFiles,
  turnedOff: boolean,
): Promise<readonly DetectedCommand[]> {
  const named = (name: DetectedCommand["name"]) => commands.filter((command) => command.name === name);
  const formatters = named("format");
  const found = formatters.length > 0 || turnedOff ? formatters : await writing(files);
  return [...named("lint"), ...found];
}

async function writing(files: TreeFiles): Promise<readonly DetectedCommand[]> {
  const manifest = readManifest(
    files.paths.includes("package.json") ? await files.read("package.json") : null,
  );
  if (manifest === null) return [];
  const script = names.find((name) => manifest.scripts.has(name));
  const isPrettier = manifest.dependencies.has("prettier") && files.paths.some((path) => settings.test(path));
  const line = script !== undefined ? `npm run ${script}` : isPrettier ? "npx prettier --check ." : null;
  return line === null
    ? []
    : [{ name: "format", line, folder: "", from: "package.json", ecosystem: "script" }];
}
