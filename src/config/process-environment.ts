// The one place that touches `process.env`.
import path from "node:path";
import { readEnvFile } from "./env-file.ts";
import type { Variables } from "./read-variables.ts";

/** The process's variables, and below them those of `.env` in the working directory. */
export function processVariables(directory = process.cwd()): Variables {
  return { ...readEnvFile(path.join(directory, ".env")), ...process.env };
}

/**
 * The process's variables alone: for commands that run in a person's repository, whose `.env` is the repository's. One that sets `GIT_CONFIG_…` could make git run
 * what it likes.
 */
export function ownVariables(): Variables {
  return { ...process.env };
}

/** Sets variables for a library that reads them by itself (Probot's set-up page). `undefined` unsets. */
export function exportVariables(values: Variables): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
}
