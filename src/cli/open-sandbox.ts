// The sandbox of a worker: opened and tried once, at its start. Where it does not hold, everything that needs no code of a repository goes on.
import { realpath } from "node:fs/promises";
import { processVariables } from "../config/process-environment.ts";
import type { Log } from "../core/log.ts";
import type { SandboxState } from "../core/sandbox.ts";
import type { SandboxSettings } from "../core/sandbox-settings.ts";
import { openSandbox } from "../workspace/sandbox/index.ts";
import { createDependencyFolders } from "../workspace/sandbox/install/folders.ts";
import { installRoad } from "../workspace/sandbox/install/road.ts";
import { selfTest, selfTestProblem } from "../workspace/sandbox/probe/self-test.ts";

/** Never throws. What it came to is in the log: ready with which driver, or why not and what to do. */
export async function openWorkerSandbox(settings: SandboxSettings, log: Log): Promise<SandboxState> {
  const variables = processVariables();
  const upstreamUrl = variables["HTTPS_PROXY"] ?? variables["https_proxy"] ?? "";
  const openRoad = installRoad({
    registries: settings.registries,
    upstream:
      upstreamUrl === ""
        ? null
        : { url: upstreamUrl, except: variables["NO_PROXY"] ?? variables["no_proxy"] ?? "" },
    certificates: variables["NODE_EXTRA_CA_CERTS"] ?? null,
    node: await realpath(process.execPath),
  });
  const state = await openSandbox({
    settings,
    log,
    variables,
    dependencies: createDependencyFolders({ directory: settings.directory, log }),
    openRoad,
    selfTest: async (sandbox) => selfTestProblem(await selfTest(sandbox)),
  });
  if (state.kind === "ready") log.info({ driver: state.sandbox.driver }, "the sandbox holds");
  else if (settings.driver !== "off")
    log.warn({ why: state.why, remedy: state.remedy }, "no code of a repository will be run");
  return state;
}
