// The driver of choice: bubblewrap, started by a user without rights, in control groups where there are any.
import { sandboxPaths } from "../../../core/sandbox.ts";
import type { SandboxLimits, SandboxRequest, SandboxResult } from "../../../core/sandbox.ts";
import type { ControlGroups } from "../cgroups.ts";
import { checkRequest, limitsOf } from "../check-request.ts";
import { dependencyPlaces } from "../dependency-mounts.ts";
import { programEnvironment } from "../environment.ts";
import { execute } from "../execute.ts";
import { withTroubles } from "../install-road.ts";
import type { InstallRoad, OpenInstallRoad } from "../install-road.ts";
import type { PipePool } from "../pipes.ts";
import type { Scratch } from "../scratch.ts";
import type { UserSlots } from "../slots.ts";
import { supervisorScript } from "../supervisor.ts";
import { bwrapArguments } from "./arguments.ts";
import { folderSize } from "../folder-size.ts";
import type { BwrapHost } from "./host.ts";
import { launcher } from "./launcher.ts";
import type { HardLimits } from "./launcher.ts";

export interface BwrapSetup {
  readonly host: BwrapHost;
  readonly limits: SandboxLimits;
  readonly scratch: Scratch;
  readonly pipes: PipePool;
  /** `null`: the worker is no more than an ordinary user itself. */
  readonly users: UserSlots | null;
  readonly groups: ControlGroups | null;
  readonly hard: HardLimits;
  readonly inherited: readonly number[];
  readonly openRoad: OpenInstallRoad;
}

const paths = { project: sandboxPaths.project, reports: sandboxPaths.reports, temporary: "/tmp" };
const systemPath = ["/usr/local/bin", "/usr/bin", "/bin"];
const unbounded = { memory: false, processes: false, cpu: false };

export function bwrapRun(setup: BwrapSetup): (request: SandboxRequest) => Promise<SandboxResult> {
  return async (request) => {
    checkRequest(request);
    request.signal.throwIfAborted();
    const user = setup.users?.take() ?? null;
    try {
      return request.network === "none"
        ? await runAs(setup, user, request, null)
        : await withRoad(setup, user, (road) => runAs(setup, user, request, road));
    } finally {
      if (user !== null) setup.users?.giveBack(user);
    }
  };
}

async function withRoad(
  setup: BwrapSetup,
  user: number | null,
  run: (road: InstallRoad) => Promise<SandboxResult>,
): Promise<SandboxResult> {
  const { folder, remove } = await setup.scratch.make();
  try {
    const road = await setup.openRoad({ folder, user });
    return withTroubles(await run(road).finally(() => road.close()), road);
  } finally {
    await remove();
  }
}

async function runAs(
  setup: BwrapSetup,
  user: number | null,
  request: SandboxRequest,
  road: InstallRoad | null,
): Promise<SandboxResult> {
  const limits = limitsOf(request, setup.limits);
  const inner = await insideOf(setup, user, { ...request, limits }, road);
  const group = (await setup.groups?.create(limits)) ?? null;
  const outer = launcher({ ...setup, programs: setup.host.programs, limits, user, group });
  try {
    return await execute(
      {
        argv: [...outer, ...inner],
        filter: setup.host.filter,
        tellsRoot: true,
        pipes: setup.pipes,
        limits,
        group,
        bounds: setup.groups?.bounds ?? unbounded,
        disk: request.cache?.mode === "fill" ? folderSize(request.cache.directory, limits.diskBytes) : null,
      },
      request,
    );
  } finally {
    await group?.remove();
  }
}

async function insideOf(
  { host }: BwrapSetup,
  user: number | null,
  request: SandboxRequest & { readonly limits: SandboxLimits },
  road: InstallRoad | null,
): Promise<string[]> {
  const dependencies = await dependencyPlaces(request.cache, user);
  return bwrapArguments({
    host,
    limits: request.limits,
    environment: programEnvironment(
      { path: [...host.path, ...systemPath], temporary: paths.temporary },
      { ...road?.environment, ...request.environment },
    ),
    dependencies,
    binds: road?.binds ?? [],
    script: supervisorScript(paths, request, dependencies.mounted),
    argv: road?.argv(request.argv) ?? request.argv,
  });
}
