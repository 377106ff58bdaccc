// Asks docker or podman what it can do here.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import { AppError, messageOf } from "../../../core/errors.ts";
import type { SandboxSettings } from "../../../core/sandbox-settings.ts";

export interface Runtime {
  readonly program: "docker" | "podman";
  readonly environment: Readonly<Record<string, string>>;
  readonly gvisor: boolean;
  /** Processors of the machine that containers run on. */
  readonly processors: number;
}

type Settings = SandboxSettings["container"];

/** Milliseconds for a question to the runtime, and to remove a container. */
const PATIENCE = 30_000;

/** What the runtime's own program needs to find its service. None of it gets into a container. */
const passed = ["PATH", "HOME", "DOCKER_HOST", "DOCKER_CONTEXT", "CONTAINER_HOST", "XDG_RUNTIME_DIR"];

const DockerInfo = z.object({
  NCPU: z.number().int().positive(),
  MemoryLimit: z.boolean(),
  PidsLimit: z.boolean(),
  Runtimes: z.record(z.string(), z.unknown()),
});

const PodmanInfo = z.object({
  host: z.object({
    cpus: z.number().int().positive(),
    cgroupControllers: z.array(z.string()).nullable(),
    ociRuntime: z.object({ name: z.string() }),
  }),
});

/** `variables` are the process's own. Throws `AppError("sandbox")` when the runtime, its service, a bound that is needed, or the image is not there. */
export async function findRuntime(
  { runtime: program, image }: Settings,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<Runtime> {
  const environment = Object.fromEntries(
    passed.flatMap((name) => (variables[name] === undefined ? [] : [[name, variables[name]]])),
  );
  const text = await ask({ program, environment }, [
    "info",
    "--format",
    program === "docker" ? "{{json .}}" : "json",
  ]);
  const info = abilitiesIn(program, text);
  if (!info.bounds) throw noBounds(program);
  await ask({ program, environment }, ["image", "inspect", "--format", "{{.Id}}", image]).catch(
    (cause: unknown) => {
      throw new AppError("sandbox", `The image ${image} is not on this machine: ${messageOf(cause)}`, {
        retryable: false,
        remedy: `Run \`${program} pull ${image}\`, or set ERRAND_SANDBOX_IMAGE to an image that is there.`,
        cause,
      });
    },
  );
  return { program, environment, gvisor: info.gvisor, processors: info.processors };
}

/** Kills and removes a container; one that is gone already is no failure. */
export async function removeContainer(
  runtime: Pick<Runtime, "program" | "environment">,
  name: string,
): Promise<void> {
  try {
    await ask(runtime, ["rm", "--force", name]);
  } catch (cause) {
    if (/no such container|no container with/i.test(messageOf(cause))) return;
    throw new AppError("sandbox", `The container ${name} could not be removed: ${messageOf(cause)}`, {
      retryable: false,
      remedy: `Run \`${runtime.program} rm --force ${name}\` on the worker's machine, and see what ails its service.`,
      cause,
    });
  }
}

interface Abilities {
  readonly gvisor: boolean;
  readonly processors: number;
  readonly bounds: boolean;
}

function abilitiesIn(program: Runtime["program"], text: string): Abilities {
  try {
    const data: unknown = JSON.parse(text);
    if (program === "docker") {
      const info = DockerInfo.parse(data);
      const bounds = info.MemoryLimit && info.PidsLimit;
      return { gvisor: Object.hasOwn(info.Runtimes, "runsc"), processors: info.NCPU, bounds };
    }
    const { host } = PodmanInfo.parse(data);
    const bounds = ["memory", "pids"].every((name) => host.cgroupControllers?.includes(name));
    // Podman lists no runtimes beside the one that it is set to.
    return { gvisor: host.ociRuntime.name === "runsc", processors: host.cpus, bounds };
  } catch (cause) {
    throw new AppError("sandbox", `What \`${program} info\` answered was not understood.`, {
      retryable: false,
      remedy: "Use a version of it of the last five years, or ERRAND_SANDBOX=bwrap.",
      cause,
    });
  }
}

const noBounds = (program: string): AppError =>
  new AppError(
    "sandbox",
    `${program} cannot bound the memory and the number of processes of a container here.`,
    {
      retryable: false,
      remedy: "Give it control groups (rootless: systemd with Delegate=yes), or use ERRAND_SANDBOX=bwrap.",
    },
  );

async function ask(
  { program, environment }: Pick<Runtime, "program" | "environment">,
  words: readonly string[],
): Promise<string> {
  try {
    const options = { env: environment, timeout: PATIENCE, maxBuffer: 4 * 1024 * 1024 };
    const { stdout } = await promisify(execFile)(program, words, options);
    return stdout;
  } catch (cause) {
    throw failureOf(program, words[0] ?? "", cause);
  }
}

const Failed = z.object({ code: z.unknown(), stderr: z.string().optional() });

function failureOf(program: string, verb: string, cause: unknown): AppError {
  const { data } = Failed.safeParse(cause);
  if (data?.code === "ENOENT") {
    return new AppError("sandbox", `${program} is not on the worker's PATH.`, {
      retryable: false,
      remedy: "Install it, set ERRAND_SANDBOX_RUNTIME to the other one, or use ERRAND_SANDBOX=bwrap.",
      cause,
    });
  }
  const said = data?.stderr?.trim().split("\n")[0] ?? "";
  return new AppError("sandbox", `${program} ${verb} failed: ${said === "" ? messageOf(cause) : said}`, {
    retryable: true,
    remedy: `Start ${program}'s service, and let the worker's user use it: \`${program} info\` has to answer.`,
    cause,
  });
}
