// The driver that isolates nothing: for machines that are a sandbox themselves, by an explicit setting that says unsafe.
import { chmod, mkdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Log } from "../../core/log.ts";
import { sandboxPaths } from "../../core/sandbox.ts";
import type { SandboxLimits, SandboxRequest, SandboxResult } from "../../core/sandbox.ts";
import { checkRequest, limitsOf } from "./check-request.ts";
import { dependencyPlaces } from "./dependency-mounts.ts";
import type { DependencyPlaces } from "./dependency-mounts.ts";
import { programEnvironment } from "./environment.ts";
import { execute } from "./execute.ts";
import { folderSize } from "./folder-size.ts";
import { withTroubles } from "./install-road.ts";
import type { InstallRoad, OpenInstallRoad } from "./install-road.ts";
import type { PipePool } from "./pipes.ts";
import type { Scratch } from "./scratch.ts";
import { supervisorScript, supervisorShell } from "./supervisor.ts";

export interface BareSetup {
  readonly limits: SandboxLimits;
  readonly scratch: Scratch;
  readonly pipes: PipePool;
  /** Folders of PATH before the system's. */
  readonly path: readonly string[];
  readonly openRoad: OpenInstallRoad;
  readonly log: Log;
}

interface BareFolders {
  readonly project: string;
  readonly reports: string;
  readonly temporary: string;
  readonly dependencies: string;
}

const systemPath = ["/usr/local/bin", "/usr/bin", "/bin"];
const unbounded = { memory: false, processes: false, cpu: false };

export function bareRun(setup: BareSetup): (request: SandboxRequest) => Promise<SandboxResult> {
  return async (request) => {
    checkRequest(request);
    request.signal.throwIfAborted();
    setup.log.warn({ program: request.argv[0] }, "running code of a repository without a sandbox");
    const { folder, remove } = await setup.scratch.make();
    let road: InstallRoad | null = null;
    try {
      road = request.network === "install" ? await setup.openRoad("loopback") : null;
      const places = await dependencyPlaces(request.cache, null);
      const folders = await makeFolders(folder, request, places);
      const result = untranslated(await runIn(setup, { folders, road, places }, request), folders);
      return road === null ? result : withTroubles(result, road);
    } finally {
      await road?.close();
      await remove();
    }
  };
}

async function runIn(
  setup: BareSetup,
  run: {
    readonly folders: BareFolders;
    readonly road: InstallRoad | null;
    readonly places: DependencyPlaces;
  },
  request: SandboxRequest,
): Promise<SandboxResult> {
  const { folders, road, places } = run;
  const limits = limitsOf(request, setup.limits);
  const here = (text: string): string => translate(text, folders);
  const requested = Object.entries({ ...road?.environment, ...request.environment });
  const environment = programEnvironment(
    { path: [...setup.path, ...systemPath], temporary: folders.temporary },
    Object.fromEntries(requested.map(([name, value]) => [name, here(value)])),
  );
  const argv = (road?.argv(request.argv) ?? request.argv).map(here);
  return await execute(
    {
      argv: [
        "/usr/bin/env",
        "-i",
        ...Object.entries(environment).map(([name, value]) => `${name}=${value}`),
        supervisorShell,
        "-c",
        supervisorScript(folders, request, places.mounted),
        "sandbox",
        ...argv,
      ],
      filter: null,
      tellsRoot: false,
      pipes: setup.pipes,
      limits,
      group: null,
      bounds: unbounded,
      disk: folderSize(
        request.cache?.mode === "fill" ? request.cache.directory : dirname(folders.project),
        limits.diskBytes,
      ),
    },
    request,
  );
}

async function makeFolders(
  base: string,
  request: SandboxRequest,
  places: DependencyPlaces,
): Promise<BareFolders> {
  await chmod(base, 0o700);
  const filled = request.cache?.mode === "fill" ? request.cache.directory : null;
  const folders = {
    project: join(filled ?? base, "project"),
    reports: join(base, "reports"),
    temporary: join(base, "tmp"),
    dependencies: join(request.cache?.directory ?? base, "dependencies"),
  };
  for (const made of [folders.project, folders.reports, join(folders.temporary, "home")]) {
    await mkdir(made, { recursive: true });
  }
  for (const { from, to } of places.readOnly) {
    const link = translate(to, folders);
    if (!to.startsWith(`${sandboxPaths.project}/`)) continue;
    await mkdir(dirname(link), { recursive: true });
    await symlink(from, link);
  }
  return folders;
}

/** Commands name the folders as they are inside a sandbox; here there is no inside. */
function translate(text: string, folders: BareFolders): string {
  return text.replaceAll(
    /(?<=^|[=:,;<>("' ])\/(project|reports|dependencies)(?=$|[/:,;)"' ])/g,
    (_, name: string) =>
      name === "project" ? folders.project : name === "reports" ? folders.reports : folders.dependencies,
  );
}

/** What programs say of where they are, as they would say it inside a sandbox: who reads it knows no other place. Files that come back are left as they are. */
function untranslated(result: SandboxResult, { project }: BareFolders): SandboxResult {
  const inside = (text: string): string => text.replaceAll(project, sandboxPaths.project);
  const { stdout, stderr } = result;
  const reports = new Map<string, Uint8Array>();
  for (const [name, bytes] of result.reports) {
    reports.set(name, Buffer.from(inside(Buffer.from(bytes).toString("latin1")), "latin1"));
  }
  return {
    ...result,
    stdout: { ...stdout, text: inside(stdout.text) },
    stderr: { ...stderr, text: inside(stderr.text) },
    reports,
  };
}
