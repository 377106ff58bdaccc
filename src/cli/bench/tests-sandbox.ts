// Where the cases' code runs: in the sandbox that this machine can hold, else, after saying so, without one.
import { chmod, mkdir } from "node:fs/promises";
import { readEnvironment } from "../../config/environment.ts";
import { ownVariables } from "../../config/process-environment.ts";
import type { Sandbox } from "../../core/sandbox.ts";
import type { SandboxSettings } from "../../core/sandbox-settings.ts";
import { silentLog } from "../log.ts";
import { openWorkerSandbox } from "../open-sandbox.ts";
import { AppError } from "../../core/errors.ts";

/** Settings of the process's environment. `cache`: where dependencies and scratch go instead of the sandbox's own folder. */
export function benchSandboxSettings(cache: string | undefined): SandboxSettings {
  const { sandbox } = readEnvironment(ownVariables());
  return cache === undefined ? sandbox : { ...sandbox, directory: cache };
}

/** Throws `AppError("sandbox")` where not even running without isolation can be prepared. */
export async function openBenchSandbox(
  settings: SandboxSettings,
  warn: (line: string) => void,
): Promise<Sandbox> {
  await mkdir(settings.directory, { recursive: true, mode: 0o711 });
  await chmod(settings.directory, 0o711);
  const state = await openWorkerSandbox(settings, silentLog);
  if (state.kind === "ready") return state.sandbox;
  warn(`No sandbox: ${state.why} The cases' code runs as this user, with no isolation.`);
  const bare = await openWorkerSandbox({ ...settings, driver: "none" }, silentLog);
  if (bare.kind === "ready") return bare.sandbox;
  throw new AppError("sandbox", bare.why, { retryable: false, remedy: bare.remedy });
}
