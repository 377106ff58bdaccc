// Formatters and the linters' own fixers, run on a tree; of what they write, only paths that were asked for come back.
import type { CommandRun } from "../../core/checks.ts";
import type { SandboxResult } from "../../core/sandbox.ts";
import type { FormatRun } from "../../core/suite.ts";
import { isUnder } from "../affected/tree.ts";
import { filesUnder } from "../affected/tree.ts";
import { readManifest } from "../commands/package-json.ts";
import type { DetectedCommand } from "../commands/types.ts";
import type { Prepared } from "../run/ground.ts";
import { lastLines, runCommand } from "../run/run-command.ts";
import { notRun, troubleOf } from "../run/trouble.ts";
import { reportPath } from "../runners/places.ts";
import { quoteWord } from "../shell/quote.ts";
import { sandboxPaths } from "../../core/sandbox.ts";
import { findTool, toolAlone, tools } from "./tool-line.ts";
import { writingWords } from "./writers.ts";

/** A command, and the line that has it write. */
interface WritingCommand {
  readonly command: DetectedCommand;
  readonly line: string;
}

const nothing: FormatRun = { runs: [], changed: new Map() };

/** Linters first: what they correct is then put into form. All are run one after the other on one copy of the tree. */
export async function runFormat(
  commands: readonly DetectedCommand[],
  prepared: Prepared,
  paths: readonly string[],
): Promise<FormatRun> {
  const { ground, files, failed } = prepared;
  const known = new Set(files.paths);
  const wanted = [...new Set(paths)].filter((path) => known.has(path));
  const writing = (await Promise.all(commands.map((one) => writingCommand(one, prepared, wanted)))).flat();
  const [first] = writing;
  if (first === undefined) return nothing;
  if (failed !== null) return { ...nothing, runs: writing.map(({ command }) => notBegun(command, failed)) };
  const { run, result } = await runCommand(ground, {
    command: { ...first.command, folder: "" },
    line: writing.map(({ command, line }, at) => one(command.folder, line, at)).join("\n"),
    reports: writing.flatMap((_, at) => [statusName(at), saidName(at)]),
    harmless: [],
    returns: wanted,
  });
  if (result === null || run.status !== "passed") {
    return {
      ...nothing,
      runs: writing.map(({ command }) => ({ ...run, name: command.name, command: command.line })),
    };
  }
  return {
    runs: writing.map(({ command }, at) => runOf(command, at, result)),
    changed: await changesOf(result, prepared, wanted),
  };
}

/** None where no path is of its folder or kind, and where it is a linter that is not known to correct anything. */
async function writingCommand(
  command: DetectedCommand,
  { files }: Prepared,
  wanted: readonly string[],
): Promise<readonly WritingCommand[]> {
  const { folder } = command;
  const inside = wanted
    .filter((path) => isUnder(path, folder))
    .map((path) => (folder === "" ? path : path.slice(folder.length + 1)));
  if (inside.length === 0) return [];
  const manifest = readManifest(await filesUnder(files, folder).read("package.json"));
  const { tool, whole } = findTool(command.line, manifest?.scripts ?? new Map(), tools);
  const words = tool === null ? null : writingWords(tool, inside);
  if (words === "none") return [];
  if (tool !== null && words !== null) return [{ command, line: toolAlone(tool, words) }];
  return command.name === "format" ? [{ command, line: whole }] : [];
}

const statusName = (at: number) => `format-${at}.status`;
const saidName = (at: number) => `format-${at}.txt`;

/** One command in its folder; what it says and how it ends is written down, and the next comes whatever that is. */
function one(folder: string, line: string, at: number): string {
  const there = `cd ${quoteWord(folder === "" ? sandboxPaths.project : `${sandboxPaths.project}/${folder}`)}`;
  return [
    `( ${there} && (`,
    line,
    `) ) > ${reportPath(saidName(at))} 2>&1`,
    `echo $? > ${reportPath(statusName(at))}`,
  ].join("\n");
}

function runOf(command: DetectedCommand, at: number, result: SandboxResult): CommandRun {
  const textOf = (name: string) => new TextDecoder().decode(result.reports.get(name) ?? new Uint8Array());
  const code = Number.parseInt(textOf(statusName(at)), 10);
  const said = { text: textOf(saidName(at)), cutBytes: 0 };
  const ended: SandboxResult = {
    ...result,
    ended: { kind: "exit", code: Number.isNaN(code) ? 1 : code },
    stdout: { text: "", cutBytes: 0 },
    stderr: said,
  };
  const trouble = troubleOf(command.name, ended);
  const status = trouble !== null ? "stopped" : code === 0 ? "passed" : "failed";
  const { name, line, folder } = command;
  return {
    name,
    command: folder === "" ? line : `${line} (in ${folder})`,
    status,
    trouble: trouble ?? "",
    output: lastLines(ended),
    wallMs: result.usage.wallMs,
  };
}

/** Text that is not UTF-8 is no text: it is left as it was. */
async function changesOf(
  { returned }: SandboxResult,
  { files }: Prepared,
  wanted: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const changed = new Map<string, string>();
  for (const path of wanted) {
    const bytes = returned.get(path);
    const before = await files.read(path);
    const after = bytes === undefined ? null : decoded(bytes);
    if (before !== null && after !== null && after !== before) changed.set(path, after);
  }
  return changed;
}

function decoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function notBegun({ name, line }: DetectedCommand, why: string): CommandRun {
  return { name, command: line, status: "stopped", trouble: notRun(name, why), output: "", wallMs: 0 };
}
