// The driver `container`, experimental: each run in a container of docker or podman, under gVisor where that is there.
import { randomUUID } from "node:crypto";
import { AppError } from "../../../core/errors.ts";
import type { DependencyFolders, Sandbox, SandboxRequest } from "../../../core/sandbox.ts";
import type { SandboxSettings } from "../../../core/sandbox-settings.ts";
import { checkRequest, limitsOf } from "../check-request.ts";
import { dependencyPlaces } from "../dependency-mounts.ts";
import type { DependencyPlaces } from "../dependency-mounts.ts";
import { programEnvironment } from "../environment.ts";
import { containerArguments } from "./arguments.ts";
import { runContainer } from "./run.ts";
import { findRuntime } from "./runtime.ts";
import { containerScript } from "./script.ts";

/** Nobody, where the settings name no user: never root, though root in a container without capabilities can do little. */
const NOBODY = 65_534;
/** Seconds after the clock's limit at which a run ends by itself, for a worker that has died. */
const GRACE = 60;
/** Processors of one run. */
const MOST_PROCESSORS = 2;

/** `variables` are the process's own, of which the runtime's program gets those that it needs. Throws `AppError("sandbox")` with what is missing here. */
export async function openContainerSandbox(
  settings: SandboxSettings,
  variables: Readonly<Record<string, string | undefined>>,
  dependencies: DependencyFolders,
): Promise<Sandbox> {
  const runtime = await findRuntime(settings.container, variables);
  return {
    driver: "container",
    dependencies,
    run: async (request) => {
      checkRequest(request);
      if (request.network === "install" || request.cache?.mode === "fill") throw noInstall();
      const limits = limitsOf(request, settings.limits);
      const dependencies = await placesOf(request);
      const own = { path: [], temporary: "/tmp" };
      // The tools are the image's, and so is the PATH to them.
      const { PATH: pathFront = "", ...environment } = programEnvironment(own, request.environment ?? {});
      const id = randomUUID();
      const [name, mark] = [`errand-${id}`, `errand-end-${id}`];
      const words = containerArguments({
        name,
        image: settings.container.image,
        gvisor: runtime.gvisor,
        user: settings.user ?? NOBODY,
        processors: Math.min(MOST_PROCESSORS, runtime.processors),
        limits,
        files: { returns: request.returns.length, reports: request.reports.length },
        dependencies,
        environment,
        script: containerScript(request, { mark, mounted: dependencies.mounted, pathFront }),
        argv: ["timeout", "-s", "KILL", String(Math.ceil(limits.wallMs / 1000) + GRACE), ...request.argv],
      });
      return await runContainer({ runtime, name, mark, words, limits }, request);
    },
  };
}

/** Folders that the runtime makes on the way to a mount are root's: no file of the project could be put beside it. */
async function placesOf({ cache }: SandboxRequest): Promise<DependencyPlaces> {
  const places = await dependencyPlaces(cache, null);
  if (places.mounted.some((path) => path.includes("/"))) throw noInstall();
  return places;
}

const noInstall = (): AppError =>
  new AppError(
    "sandbox",
    "The driver container installs nothing, and mounts nothing into folders below the top one.",
    {
      retryable: false,
      remedy: "Put the dependencies into ERRAND_SANDBOX_IMAGE, or use ERRAND_SANDBOX=bwrap.",
    },
  );
