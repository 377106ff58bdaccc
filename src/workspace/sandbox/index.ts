// Opens the sandbox that the operator chose, or says why no code of a repository can be run here.
import { mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { AppError, messageOf } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import type { DependencyFolders, Sandbox, SandboxState } from "../../core/sandbox.ts";
import type { SandboxSettings } from "../../core/sandbox-settings.ts";
import { bwrapRun } from "./bwrap/driver.ts";
import { nodeMounts, toolMounts } from "./bwrap/host.ts";
import { openBwrap } from "./bwrap/open.ts";
import { openContainerSandbox } from "./container/index.ts";
import type { OpenInstallRoad } from "./install-road.ts";
import { bareRun } from "./none.ts";
import { openPipePool } from "./pipes.ts";
import { openScratch } from "./scratch.ts";

type SandboxTrouble = Omit<Extract<SandboxState, { kind: "unavailable" }>, "kind">;

export interface SandboxSetup {
  readonly settings: SandboxSettings;
  readonly log: Log;
  readonly dependencies: DependencyFolders;
  readonly openRoad: OpenInstallRoad;
  /** The process's variables: a container runtime's program needs some of them. Nothing inside sees any. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Tries to get out of the sandbox; what it finds. Not asked where there is no isolation to try. */
  readonly selfTest: (sandbox: Sandbox) => Promise<SandboxTrouble | null>;
}

/** Never throws: what goes wrong is why the sandbox is unavailable. */
export async function openSandbox(setup: SandboxSetup): Promise<SandboxState> {
  try {
    const opened = await openDriver(setup);
    if ("why" in opened) return { kind: "unavailable", ...opened };
    const trouble = opened.driver === "none" ? null : await setup.selfTest(opened);
    return trouble === null ? { kind: "ready", sandbox: opened } : { kind: "unavailable", ...trouble };
  } catch (error) {
    setup.log.warn(
      { error: messageOf(error), driver: setup.settings.driver },
      "the sandbox could not be opened",
    );
    return { kind: "unavailable", ...troubleOf(error) };
  }
}

async function openDriver(setup: SandboxSetup): Promise<Sandbox | SandboxTrouble> {
  const { settings, dependencies } = setup;
  switch (settings.driver) {
    case "bwrap": {
      const opened = await openBwrap(settings, thisMachine(), setup.openRoad);
      return "why" in opened ? opened : { driver: "bwrap", run: bwrapRun(opened), dependencies };
    }
    case "container":
      return await openContainerSandbox(settings, setup.variables, dependencies);
    case "none":
      return { driver: "none", run: await openBare(setup), dependencies };
    case "off":
      return {
        why: "The sandbox is switched off on this worker, so no code of a repository is run.",
        remedy: "Set ERRAND_SANDBOX to bwrap to have merges proven by the repository's own checks.",
      };
  }
}

async function openBare({ settings, log, openRoad }: SandboxSetup): Promise<Sandbox["run"]> {
  await mkdir(settings.directory, { recursive: true });
  const scratch = await openScratch(join(settings.directory, "scratch"), process.pid);
  const [node, tools] = [
    await nodeMounts(await realpath(process.execPath)),
    await toolMounts(settings.tools),
  ];
  return bareRun({
    limits: settings.limits,
    scratch,
    pipes: await openPipePool(scratch.pipes),
    path: [...tools.path, ...node.path],
    openRoad,
    log,
  });
}

function thisMachine() {
  return {
    // A system that knows no users is no Linux, and has no bubblewrap either.
    effectiveUser: process.geteuid?.() ?? 0,
    arch: process.arch,
    node: process.execPath,
    controlGroupRoot: "/sys/fs/cgroup",
  };
}

function troubleOf(error: unknown): SandboxTrouble {
  if (error instanceof AppError) return { why: error.message, remedy: error.remedy };
  return {
    why: `The sandbox could not be prepared: ${messageOf(error)}.`,
    remedy: "Look at the sandbox's directory: the worker must be able to write to it.",
  };
}
