// The .env file: read at the start, and written once by the set-up page.
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseEnv } from "node:util";
import { AppError, messageOf } from "../core/errors.ts";

/** The variables of a .env file; none when there is no file. Throws `AppError("config")` when it cannot be read. */
export function readEnvFile(file: string): Record<string, string> {
  try {
    return existsSync(file) ? (parseEnv(readFileSync(file, "utf8")) as Record<string, string>) : {};
  } catch (error) {
    throw new AppError("config", `${file} cannot be read: ${messageOf(error)}`, {
      retryable: false,
      remedy: "Make the file readable for the user that runs Errand, or remove it.",
      cause: error,
    });
  }
}

/** A line that `parseEnv` reads back as the same value. Line ends become \n inside double quotes. */
function formatLine(name: string, value: string): string {
  if (/^[\w./:@+-]*$/.test(value)) return `${name}=${value}`;
  if (!value.includes('"')) return `${name}="${value.replaceAll("\n", "\\n")}"`;
  if (!value.includes("'")) return `${name}='${value}'`;
  throw new AppError("config", `${name} holds both kinds of quotes and cannot be written to a .env file`, {
    retryable: false,
    remedy: "Set it in the environment instead.",
  });
}

/** Which variable a line of the file assigns; `null` for comments and blank lines. */
const assigned = (line: string): string | null => /^\s*(?:export\s+)?(\w+)\s*=/.exec(line)?.[1] ?? null;

/**
 * Sets variables in a .env file, keeping comments and everything else. The file can be read by its owner alone (it holds the app's key)
 * and is replaced in one step, so a crash leaves the old one or the new one.
 */
export function updateEnvFile(file: string, values: Readonly<Record<string, string>>): void {
  const before = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  const kept = before.filter((line) => !Object.hasOwn(values, assigned(line) ?? ""));
  while (kept.at(-1)?.trim() === "") kept.pop();
  const lines = [...kept, ...Object.entries(values).map(([name, value]) => formatLine(name, value)), ""];
  const temporary = path.join(path.dirname(file), `.env.${process.pid}.tmp`);
  writeFileSync(temporary, lines.join("\n"), { mode: 0o600 });
  renameSync(temporary, file);
}
