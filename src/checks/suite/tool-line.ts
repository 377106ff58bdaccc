// A linter or formatter in a command line, with everything around it, so that its own words can be others.
import { findCommand, baseName } from "../runners/scripts.ts";
import type { Scripts } from "../runners/scripts.ts";
import type { Argument } from "../runners/types.ts";
import type { SimpleCommand, Word } from "../shell/parse.ts";

/** Programs that are known, some with the subcommand that counts. */
export const tools = [
  "eslint",
  "prettier",
  "biome",
  "ruff format",
  "ruff",
  "flake8",
  "black",
  "gofmt",
  "cargo fmt",
  "rustfmt",
] as const;
export type ToolName = (typeof tools)[number];

/** Joined again: before, assignments, launch, arguments, after. */
export interface ToolLine {
  readonly name: ToolName;
  readonly before: string;
  readonly assignments: readonly string[];
  /** The words that start it: `python3 -m black`, `ruff format`. */
  readonly launch: readonly string[];
  readonly arguments: readonly Argument[];
  readonly after: string;
}

/** Words before a program in which it is looked for: `poetry run python3 -m black`. */
const mostBefore = 5;

interface Launch {
  readonly name: ToolName;
  readonly words: readonly Word[];
  readonly rest: readonly Word[];
}

/** The last of these tools in a line; `null` where none of them is there, or arguments cannot be given to it. `whole` is the line without package managers. */
export function findTool(
  line: string,
  scripts: Scripts,
  wanted: readonly ToolName[],
): { readonly tool: ToolLine | null; readonly whole: string } {
  const found = findCommand(line, scripts, (command) => launchOf(command, wanted) !== null, "kept");
  const parsed = found.command?.parsed;
  const launch = parsed === undefined ? null : launchOf(parsed, wanted);
  if (parsed === undefined || launch === null) return { tool: null, whole: found.before };
  const tool: ToolLine = {
    name: launch.name,
    before: found.before,
    assignments: parsed.assignments.map(({ raw }) => raw),
    launch: launch.words.map(({ raw }) => raw),
    arguments: launch.rest,
    after: found.after,
  };
  return {
    tool,
    whole: toolLine(
      tool,
      tool.arguments.map(({ raw }) => raw),
    ),
  };
}

/** The line with these arguments for the tool's own. */
export function toolLine(tool: ToolLine, args: readonly string[]): string {
  return `${tool.before}${[...tool.assignments, ...tool.launch, ...args].join(" ")}${tool.after}`;
}

/** The tool alone, with nothing around it. */
export function toolAlone(tool: ToolLine, args: readonly string[]): string {
  return [...tool.assignments, ...tool.launch, ...args].join(" ");
}

function launchOf({ words }: SimpleCommand, wanted: readonly ToolName[]): Launch | null {
  for (const [at, word] of words.slice(0, mostBefore).entries()) {
    const program = baseName(word.text ?? "");
    const second = words[at + 1]?.text ?? "";
    const pair = wanted.find((name) => name === `${program} ${second}`);
    const name = pair ?? wanted.find((one) => one === program);
    if (name === undefined) continue;
    const end = at + (pair === undefined ? 1 : 2);
    return { name, words: words.slice(startOf(words, at), end), rest: words.slice(end) };
  }
  return null;
}

/** Launchers before the program are left out, but for Python's: `python3 -m flake8`. */
function startOf(words: readonly Word[], at: number): number {
  const isModule = words[at - 1]?.text === "-m" && /^python[\d.]*$/.test(baseName(words[at - 2]?.text ?? ""));
  return isModule ? at - 2 : at;
}
