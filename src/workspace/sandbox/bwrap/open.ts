// Looks at this machine, once, and says whether bubblewrap can be trusted with a repository's code here.
import { execFile } from "node:child_process";
import { readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { SandboxSettings } from "../../../core/sandbox-settings.ts";
import { openControlGroups } from "../cgroups.ts";
import type { OpenInstallRoad } from "../install-road.ts";
import { inheritedDescriptors } from "../inherited.ts";
import { openPipePool } from "../pipes.ts";
import { openScratch } from "../scratch.ts";
import { seccompFilter } from "../seccomp/filters.ts";
import { userSlots } from "../slots.ts";
import type { BwrapSetup } from "./driver.ts";
import { findPrograms, nodeMounts, toolMounts, writeIdentity } from "./host.ts";
import type { BwrapHost, Unavailable } from "./host.ts";
import { hardLimits } from "./launcher.ts";
import { endLeftovers } from "./leftovers.ts";

/** What is found out about the process that asks; elsewhere in tests. */
export interface Machine {
  readonly effectiveUser: number;
  readonly arch: string;
  /** Path of the running Node. */
  readonly node: string;
  readonly controlGroupRoot: string;
}

export async function openBwrap(
  settings: SandboxSettings,
  machine: Machine,
  openRoad: OpenInstallRoad,
): Promise<BwrapSetup | Unavailable> {
  const root = machine.effectiveUser === 0;
  if (root && (settings.user === null || settings.user === 0)) return rootWithoutUser;
  const filter = seccompFilter(machine.arch);
  if (filter === null) return noFilter(machine.arch);
  const programs = await findPrograms();
  if ("why" in programs) return programs;
  const scratch = await openScratch(join(settings.directory, "scratch"), process.pid);
  const host = await hostOf(settings, machine, { programs, filter });
  const user = root ? settings.user : null;
  const closed = await unreachable([...host.readOnly, ...host.identity.map(({ from }) => from)], user);
  if (closed !== null) return closed;
  await endLeftovers(programs.bwrap, join(settings.directory, "etc", "passwd"));
  const own = await readFile("/proc/self/cgroup", "utf8").catch(() => "");
  return {
    host,
    limits: settings.limits,
    scratch,
    pipes: await openPipePool(scratch.pipes),
    users: user === null ? null : userSlots(user),
    groups: await openControlGroups({ root: machine.controlGroupRoot, own, pid: process.pid }),
    hard: hardLimits(await readFile("/proc/self/limits", "utf8")),
    inherited: await inheritedDescriptors(),
    openRoad,
  };
}

async function hostOf(
  settings: SandboxSettings,
  machine: Machine,
  known: Pick<BwrapHost, "programs" | "filter">,
): Promise<BwrapHost> {
  const node = await nodeMounts(await realpath(machine.node));
  const tools = await toolMounts(settings.tools);
  return {
    ...known,
    identity: await writeIdentity(settings.directory),
    readOnly: [...node.readOnly, ...tools.readOnly],
    links: node.links,
    path: [...tools.path, ...node.path],
  };
}

/** Asked as that user: rights of folders, and lists of rights beside them, are the kernel's business. */
async function unreachable(paths: readonly string[], user: number | null): Promise<Unavailable | null> {
  const script = 'for path; do [ -x "$path" ] || [ -r "$path" ] || { printf %s "$path"; exit; }; done';
  const { stdout } = await promisify(execFile)("/bin/sh", ["-c", script, "reach", ...paths], {
    env: {},
    cwd: "/",
    ...(user === null ? {} : { uid: user, gid: user }),
  });
  if (stdout === "") return null;
  return {
    why: `The sandbox's user${user === null ? "" : ` (id ${user})`} cannot reach ${stdout}.`,
    remedy: "Let other users pass through the folders above it (chmod o+x), or put it elsewhere.",
  };
}

const rootWithoutUser: Unavailable = {
  why: "The worker is root, and no user is set for the sandbox: code of a repository is never started as root.",
  remedy:
    "Set the sandbox's user to an id that nothing else on the machine uses, or start the worker as an ordinary user.",
};

function noFilter(arch: string): Unavailable {
  return {
    why: `There is no filter of system calls for processors of the kind ${arch}.`,
    remedy: "Run the worker on an x64 or arm64 machine, or use the driver container.",
  };
}
