// Where a person's own tests run: in the sandbox that this machine can hold, else, after saying so, without one.
import { chmod, mkdir } from "node:fs/promises";
import { readEnvironment } from "../config/environment.ts";
import { AppError } from "../core/errors.ts";
import type { Sandbox } from "../core/sandbox.ts";
import type { SandboxSettings } from "../core/sandbox-settings.ts";
import { takeFolder } from "../workspace/own-folder.ts";
import { silentLog } from "./log.ts";
import { openWorkerSandbox } from "./open-sandbox.ts";

export interface LocalSandbox {
  readonly sandbox: Sandbox;
  /** Removes all that was written for it. Never throws. */
  readonly dispose: () => Promise<void>;
}

/** Throws `AppError("sandbox")` where it is switched off, or not even running without isolation can be prepared. */
export async function openLocalSandbox(
  variables: Readonly<Record<string, string | undefined>>,
  warn: (line: string) => void,
): Promise<LocalSandbox> {
  const { sandbox: settings } = readEnvironment(variables);
  await mkdir(settings.directory, { recursive: true, mode: 0o711 });
  const { folder: directory, dispose } = await takeFolder(settings.directory, "fix-tests-");
  try {
    await chmod(directory, 0o711);
    return { sandbox: await openIn({ ...settings, directory }, warn), dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function openIn(settings: SandboxSettings, warn: (line: string) => void): Promise<Sandbox> {
  const state = await openWorkerSandbox(settings, silentLog);
  if (state.kind === "ready") return state.sandbox;
  // Who has switched it off wants nothing to be run.
  if (settings.driver === "off") throw unavailable(state);
  warn(
    `No sandbox: ${state.why} ${state.remedy} Your tests, and what a model writes to make them pass, run as you, with no isolation.`,
  );
  const bare = await openWorkerSandbox({ ...settings, driver: "none" }, silentLog);
  if (bare.kind === "ready") return bare.sandbox;
  throw unavailable(bare);
}

const unavailable = ({ why, remedy }: { readonly why: string; readonly remedy: string }): AppError =>
  new AppError("sandbox", why, { retryable: false, remedy });
