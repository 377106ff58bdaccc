// The type check of a tree: its command as it is, but for the package manager before it, and the errors that it names.
import type { CommandRun } from "../../core/checks.ts";
import { filesUnder } from "../affected/tree.ts";
import type { TreeFiles } from "../affected/tree.ts";
import { readManifest } from "../commands/package-json.ts";
import type { DetectedCommand } from "../commands/types.ts";
import { baseName, findCommand } from "../runners/scripts.ts";
import type { SimpleCommand } from "../shell/parse.ts";
import { readTypeErrors } from "../type-errors.ts";
import { runCommand } from "./run-command.ts";
import type { Ground } from "./run-command.ts";

const checkers: ReadonlySet<string> = new Set(["tsc", "vue-tsc", "mypy", "pyright", "go", "cargo"]);

function checkerOf(command: SimpleCommand): string | null {
  const names = command.words.slice(0, 4).map((word) => baseName(word.text ?? ""));
  return names.find((name) => checkers.has(name)) ?? null;
}

export async function runTypecheck(
  ground: Ground,
  command: DetectedCommand,
  files: TreeFiles,
): Promise<{ readonly run: CommandRun; readonly errors: readonly string[] }> {
  const manifest = readManifest(await filesUnder(files, command.folder).read("package.json"));
  const found = findCommand(command.line, manifest?.scripts ?? new Map(), (one) => checkerOf(one) !== null);
  const { before, after } = found;
  const parsed = found.command?.parsed;
  const words = parsed?.words.filter((word, index) => index > 0 || word.text !== "npx") ?? [];
  const middle = [...(parsed?.assignments ?? []), ...words].map(({ raw }) => raw).join(" ");
  const line = `${before}${middle}${after}`;
  const { run, result } = await runCommand(ground, { command, line, reports: [], harmless: [] });
  if (run.status !== "failed" || result === null) return { run, errors: [] };
  const tool = parsed === undefined ? "" : (checkerOf(parsed) ?? "");
  return { run, errors: readTypeErrors(tool, `${result.stdout.text}\n${result.stderr.text}`) };
}
