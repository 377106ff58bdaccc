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

export interface TypecheckRun {
  readonly run: CommandRun;
  /** As in `CheckRun.typeErrors`. */
  readonly errors: readonly string[];
  /** The checker, "" where it is not known, and what it wrote; "" where it passed or was stopped. */
  readonly tool: string;
  readonly said: string;
}

export async function runTypecheck(
  ground: Ground,
  command: DetectedCommand,
  files: TreeFiles,
): Promise<TypecheckRun> {
  const manifest = readManifest(await filesUnder(files, command.folder).read("package.json"));
  const found = findCommand(command.line, manifest?.scripts ?? new Map(), (one) => checkerOf(one) !== null);
  const { before, after } = found;
  const parsed = found.command?.parsed;
  const words = parsed?.words.filter((word, index) => index > 0 || word.text !== "npx") ?? [];
  const middle = [...(parsed?.assignments ?? []), ...words].map(({ raw }) => raw).join(" ");
  const line = `${before}${middle}${after}`;
  const { run, result } = await runCommand(ground, { command, line, reports: [], harmless: [] });
  const tool = parsed === undefined ? "" : (checkerOf(parsed) ?? "");
  if (run.status !== "failed" || result === null) return { run, errors: [], tool, said: "" };
  const said = `${result.stdout.text}\n${result.stderr.text}`;
  return { run, errors: readTypeErrors(tool, said), tool, said };
}
