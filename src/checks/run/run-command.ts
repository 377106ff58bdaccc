// One command on one tree in the sandbox, and what it said.
import type { CommandRun } from "../../core/checks.ts";
import { AppError } from "../../core/errors.ts";
import type {
  DependencyMount,
  Sandbox,
  SandboxLimits,
  SandboxResult,
  TreeArchive,
} from "../../core/sandbox.ts";
import type { DetectedCommand } from "../commands/types.ts";
import { setupFailed, shellScript } from "./script.ts";
import { notRun, troubleOf } from "./trouble.ts";

/** What the commands of one tree run on. */
export interface Ground {
  readonly sandbox: Sandbox;
  readonly archive: TreeArchive;
  /** A line of shell; "" for none. */
  readonly setup: string;
  readonly cache: DependencyMount | null;
  readonly environment: Readonly<Record<string, string>>;
  /** Beside the sandbox's own. */
  readonly limits?: Partial<SandboxLimits>;
  /** Process ids that are used up before the command: what differs from run to run on a machine is to differ here. */
  readonly idsSpent?: number;
  readonly signal: AbortSignal;
}

export interface ShellCommand {
  readonly command: DetectedCommand;
  readonly line: string;
  /** Names of files in the folder for reports. */
  readonly reports: readonly string[];
  /** Exit statuses that are no failure, beside 0. */
  readonly harmless: readonly number[];
  /** Paths of the project whose bytes are wanted afterwards. */
  readonly returns?: readonly string[];
}

/** How it went; `result` is `null` where it was not begun. Throws only the signal's reason, and what nobody planned for. */
export async function runCommand(
  ground: Ground,
  shell: ShellCommand,
): Promise<{ readonly run: CommandRun; readonly result: SandboxResult | null }> {
  const { name, line, folder } = shell.command;
  const said = { name, command: folder === "" ? line : `${line} (in ${folder})` };
  try {
    const result = await ground.sandbox.run({
      tree: ground.archive,
      argv: [
        "/bin/sh",
        "-c",
        shellScript(shell.line, { folder, setup: ground.setup, idsSpent: ground.idsSpent ?? 0 }),
      ],
      environment: ground.environment,
      network: "none",
      cache: ground.cache,
      ...(ground.limits === undefined ? {} : { limits: ground.limits }),
      returns: shell.returns ?? [],
      reports: [...shell.reports, setupFailed],
      signal: ground.signal,
    });
    const trouble = troubleOf(name, result);
    const passed = result.ended.kind === "exit" && [0, ...shell.harmless].includes(result.ended.code);
    const status = trouble !== null ? "stopped" : passed ? "passed" : "failed";
    const output = lastLines(result);
    return { run: { ...said, status, trouble: trouble ?? "", output, wallMs: result.usage.wallMs }, result };
  } catch (error) {
    if (!(error instanceof AppError) || !["sandbox", "workspace"].includes(error.code)) throw error;
    const trouble = notRun(name, `${error.message} ${error.remedy}`);
    return { run: { ...said, status: "stopped", trouble, output: "", wallMs: 0 }, result: null };
  }
}

/** Lines, and characters, of output that are kept for people. */
const mostLines = 40;
const mostCharacters = 4000;

export function lastLines({ stdout, stderr }: Pick<SandboxResult, "stdout" | "stderr">): string {
  const text = [stdout.text, stderr.text]
    .map((part) => part.trimEnd())
    .filter(Boolean)
    .join("\n");
  return text.slice(-mostCharacters).split("\n").slice(-mostLines).join("\n");
}
