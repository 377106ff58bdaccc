// Which commands a repository has: those it names in .github/agent.yml, else those its files show.
import { commandNames } from "../../core/checks.ts";
import type { CommandName, Commands } from "../../core/checks.ts";
import { filesUnder, folderOf } from "../affected/tree.ts";
import type { TreeFiles } from "../affected/tree.ts";
import { missingTests } from "./missing.ts";
import { detectGo, detectMake, detectRust } from "./native.ts";
import { readManifest } from "./package-json.ts";
import { detectPython } from "./python.ts";
import { detectScripts, packageManager } from "./scripts.ts";
import type { DetectedCommand, Ecosystem, Found } from "./types.ts";

export interface Detection {
  /** By folder, the repository's own first. A name can stand for several: one a kind of project, or one a package. */
  readonly commands: readonly DetectedCommand[];
  /** Where there is no test command, what was looked for and what to write where, for people; else `null`. */
  readonly missing: string | null;
}

/** Packages that are looked into where the repository's own folder has no tests of its own. */
const mostPackages = 40;

/**
 * The commands of a tree. What is configured wins, "" turns a command off. A test or type check that is detected at the top speaks for the whole; where there
 * is none, or where it only calls those of the packages, each package has its own.
 */
export async function detectCommands(files: TreeFiles, configured: Commands): Promise<Detection> {
  const manifest = readManifest(
    files.paths.includes("package.json") ? await files.read("package.json") : null,
  );
  const manager = packageManager(manifest, files.paths);
  const own = await detectFolder(files, "", manager);
  const packages = await detectPackages(files, manager);
  const detected = [
    ...own.filter((command) => !isDispatch(command, manifest?.scripts) || !has(packages, command.name)),
    ...packages.filter(
      ({ name }) => !own.some((one) => one.name === name && !isDispatch(one, manifest?.scripts)),
    ),
  ];
  const commands = commandNames.flatMap((name) => chosen(name, configured[name], detected));
  const hasTests = commands.some(({ name }) => name === "test");
  return { commands, missing: hasTests ? null : missingTests(files.paths, configured.test === "") };
}

function chosen(
  name: CommandName,
  configured: string | undefined,
  detected: readonly DetectedCommand[],
): readonly DetectedCommand[] {
  if (configured === undefined) return detected.filter((command) => command.name === name);
  const line = configured.trim();
  return line === "" ? [] : [{ name, line, folder: "", from: ".github/agent.yml", ecosystem: "any" }];
}

function has(commands: readonly DetectedCommand[], name: CommandName): boolean {
  return commands.some((command) => command.name === name);
}

async function detectFolder(
  files: TreeFiles,
  folder: string,
  manager: string,
): Promise<readonly DetectedCommand[]> {
  const kinds: readonly (readonly [Ecosystem, Found])[] = [
    ["script", await detectScripts(files, manager)],
    ["python", await detectPython(files)],
    ["go", detectGo(files)],
    ["rust", await detectRust(files)],
  ];
  const found = kinds.flatMap(([ecosystem, commands]) => listed(commands, folder, ecosystem));
  const made = listed(await detectMake(files), folder, "any");
  return [...found, ...made.filter(({ name }) => !has(found, name))];
}

function listed(found: Found, folder: string, ecosystem: Ecosystem): readonly DetectedCommand[] {
  return [...found].map(([name, { line, from }]) => ({ name, line, folder, from, ecosystem }));
}

/** Test and type check of the packages below the top. */
async function detectPackages(files: TreeFiles, manager: string): Promise<readonly DetectedCommand[]> {
  const found: DetectedCommand[] = [];
  for (const folder of packageFolders(files.paths)) {
    const commands = await detectFolder(filesUnder(files, folder), folder, manager);
    found.push(...commands.filter(({ name }) => name === "test" || name === "typecheck"));
  }
  return found;
}

const manifests = /(?:^|\/)(?:package\.json|pyproject\.toml|setup\.py|go\.mod|Cargo\.toml)$/;
const notPackages =
  /(?:^|\/)(?:node_modules|vendor|examples?|fixtures?|__fixtures__|tests?|testdata|templates?|dist|build|target|docs|website)(?:\/|$)/;

/** Folders with a manifest, three deep at most; a package in a package of the same kind is that one's own affair. */
function packageFolders(paths: readonly string[]): readonly string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    const folder = folderOf(path);
    if (folder === "" || !manifests.test(path) || notPackages.test(folder)) continue;
    if (folder.split("/").length <= 3) folders.add(folder);
  }
  return [...folders].slice(0, mostPackages);
}

/** Programs that run the scripts of the packages, each by itself. */
const dispatchers =
  /\b(?:turbo|lerna|nx|rush|wsrun|ultra|moon|lage)\b|\bpnpm\b[^|&;]*\s(?:-r|--recursive|--filter|-F)\s|\bnpm\b[^|&;]*\s(?:-ws|-w|--workspaces?)\b|\byarn workspaces\b/;

/** Characters of a script that are looked at: a hostile one could else cost the square of its length. */
const longestScript = 2_000;

function isDispatch(command: DetectedCommand, scripts: ReadonlyMap<string, string> | undefined): boolean {
  if (command.ecosystem !== "script") return false;
  const script = scripts?.get(command.line.split(" ").at(-1) ?? "");
  return script !== undefined && dispatchers.test(` ${script.slice(0, longestScript)}`);
}
