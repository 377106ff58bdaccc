// The type check, the linters and the checks of form of a tree, and what they complained of.
import type { CommandRun } from "../../core/checks.ts";
import type { SandboxResult } from "../../core/sandbox.ts";
import type { Complaint, ToolRun } from "../../core/suite.ts";
import { filesUnder } from "../affected/tree.ts";
import { readManifest } from "../commands/package-json.ts";
import type { DetectedCommand } from "../commands/types.ts";
import type { Prepared } from "../run/ground.ts";
import { runCommand } from "../run/run-command.ts";
import { notRun } from "../run/trouble.ts";
import { runTypecheck } from "../run/typecheck.ts";
import { rawWords, without } from "../runners/arguments.ts";
import { reportPath } from "../runners/places.ts";
import { readComplaints, readEslint } from "./complaints.ts";
import { locator } from "./locate.ts";
import type { Locate } from "./locate.ts";
import { findTool, toolLine } from "./tool-line.ts";
import type { ToolLine, ToolName } from "./tool-line.ts";

type RunTool = (prepared: Prepared, command: DetectedCommand) => Promise<ToolRun>;

export const typecheckWith: RunTool = async ({ ground, files, failed }, command) => {
  if (failed !== null) return notBegun(command, failed);
  const { run, tool, said } = await runTypecheck(ground, command, files);
  return { run, complaints: readComplaints(tool, said, await locator(files, command.folder)) };
};

const report = "lint.json";

export const lintWith: RunTool = async ({ ground, files, failed }, command) => {
  if (failed !== null) return notBegun(command, failed);
  const manifest = readManifest(await filesUnder(files, command.folder).read("package.json"));
  const toolIn = (wanted: readonly ToolName[]) =>
    findTool(command.line, manifest?.scripts ?? new Map(), wanted);
  const linter = toolIn(linters);
  const { tool, whole } = linter.tool === null ? toolIn(formatters) : linter;
  const { run, result } = await runCommand(ground, {
    command,
    line: tool?.name === "eslint" ? eslintLine(tool) : whole,
    reports: [report],
    harmless: [],
  });
  if (run.status !== "failed" || result === null) return { run, complaints: [] };
  const complaints = complaintsOf(result, tool?.name ?? "", await locator(files, command.folder));
  return { run: { ...run, output: run.output || listed(complaints) }, complaints };
};

function complaintsOf(
  { reports, stdout, stderr }: SandboxResult,
  tool: string,
  locate: Locate,
): readonly Complaint[] {
  const bytes = reports.get(report);
  const read = bytes === undefined ? null : readEslint(bytes, locate);
  return read ?? readComplaints(tool, `${stdout.text}\n${stderr.text}`, locate);
}

const linters: readonly ToolName[] = ["eslint", "biome", "ruff", "flake8"];

/** Asked for where a line has no linter, which says more. */
const formatters: readonly ToolName[] = ["prettier", "ruff format", "black", "cargo fmt"];

/** eslint with a report that a machine reads. */
function eslintLine(tool: ToolLine): string {
  return toolLine(tool, [...rawWords(without(tool.arguments, ownForm)), ...asJson]);
}

const ownForm = { valued: ["-f", "--format", "-o", "--output-file"] };
const asJson = ["-f", "json", "-o", reportPath(report)];

/** Complaints that are shown as output where the tool itself wrote to a file. */
const mostListed = 40;

function listed(complaints: readonly Complaint[]): string {
  const lines = complaints
    .slice(0, mostListed)
    .map(({ path, line, message }) => `${path}:${line}: ${message}`);
  return lines.join("\n");
}

function notBegun({ name, line, folder }: DetectedCommand, why: string): ToolRun {
  const command = folder === "" ? line : `${line} (in ${folder})`;
  const run: CommandRun = {
    name,
    command,
    status: "stopped",
    trouble: notRun(name, why),
    output: "",
    wallMs: 0,
  };
  return { run, complaints: [] };
}

/** All commands of one name as one: what is told is that of the first that did not pass. `null` where there is none. */
export async function runTools(
  commands: readonly DetectedCommand[],
  prepared: () => Promise<Prepared>,
  run: RunTool,
): Promise<ToolRun | null> {
  if (commands.length === 0) return null;
  const ground = await prepared();
  const all: ToolRun[] = [];
  for (const command of commands) {
    ground.ground.signal.throwIfAborted();
    const one = await run(ground, command);
    all.push(one);
  }
  const [first] = all;
  if (first === undefined) return null;
  const told = all.find((one) => one.run.status !== "passed") ?? first;
  const wallMs = all.reduce((sum, one) => sum + one.run.wallMs, 0);
  return { run: { ...told.run, wallMs }, complaints: all.flatMap(({ complaints }) => complaints) };
}
