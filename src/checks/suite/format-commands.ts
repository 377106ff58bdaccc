// The commands that put a repository's files into form: its checks of form and lint made to write, or scripts that write.
import type { TreeFiles } from "../affected/tree.ts";
import { filesUnder } from "../affected/tree.ts";
import { readManifest } from "../commands/package-json.ts";
import type { DetectedCommand } from "../commands/types.ts";
import { findTool } from "./tool-line.ts";
import type { ToolName } from "./tool-line.ts";

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

const configured = ".github/agent.yml";
const formatters: readonly ToolName[] = ["prettier", "black", "ruff format", "cargo fmt"];

/** Words with which a formatter looks and writes nothing. */
const looking: Readonly<Partial<Record<ToolName, RegExp>>> = {
  prettier: /^(?:--check|-c|--list-different|-l)$/,
  black: /^--check$/,
  "ruff format": /^--check$/,
  "cargo fmt": /^--check$/,
};

/** Commands that only say whether files are in form, by their exit status: as a linter does. */
export async function formChecks(
  commands: readonly DetectedCommand[],
  files: TreeFiles,
): Promise<readonly DetectedCommand[]> {
  const formatters = commands.filter(({ name }) => name === "format");
  const are = await Promise.all(formatters.map((command) => isFormCheck(command, files)));
  return formatters.filter((_, index) => are[index] === true);
}

/** What was detected goes by a name that says so; a line that the repository configures may as well write. */
async function isFormCheck({ line, folder, from }: DetectedCommand, files: TreeFiles): Promise<boolean> {
  if (from !== configured) return true;
  const manifest = readManifest(await filesUnder(files, folder).read("package.json"));
  const { tool } = findTool(line, manifest?.scripts ?? new Map(), formatters);
  const words = tool?.arguments.map(({ text }) => text ?? "") ?? [];
  const pattern = tool === null ? undefined : looking[tool.name];
  return pattern !== undefined && words.some((word) => pattern.test(word)) && !words.some(isWriting);
}

const isWriting = (word: string): boolean => word === "--write" || word === "-w";
