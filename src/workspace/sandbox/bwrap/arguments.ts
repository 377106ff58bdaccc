// The command line of bubblewrap. Each of these was earned by an attempt to get out or to see more: take none away.
import { sandboxPaths } from "../../../core/sandbox.ts";
import type { SandboxLimits } from "../../../core/sandbox.ts";
import type { DependencyPlaces, Mount } from "../dependency-mounts.ts";
import { filterDescriptor, infoDescriptor } from "../execute.ts";
import { supervisorShell } from "../supervisor.ts";
import type { BwrapHost } from "./host.ts";

export interface BwrapRun {
  readonly host: BwrapHost;
  readonly limits: SandboxLimits;
  readonly environment: Readonly<Record<string, string>>;
  readonly dependencies: DependencyPlaces;
  /** Beside the dependencies: what an install needs. Read-only. */
  readonly binds: readonly Mount[];
  readonly script: string;
  readonly argv: readonly string[];
}

/** User and group inside. */
const insideUser = "1000";
const mebibyte = 1024 * 1024;

export function bwrapArguments(run: BwrapRun): string[] {
  return [
    run.host.programs.bwrap,
    ...isolation,
    ...Object.entries(run.environment).flatMap(([name, value]) => ["--setenv", name, value]),
    ...system(run.host),
    ...inMemory(run),
    ...run.dependencies.writable.flatMap(({ from, to }) => ["--bind", from, to]),
    ...[...run.dependencies.readOnly, ...run.binds].flatMap(({ from, to }) => ["--ro-bind", from, to]),
    ...run.dependencies.scratch.flatMap((path) => tmpfs(path, smallBytes(run.limits))),
    // Bubblewrap's own root and /dev are writable files in memory, of half the machine's.
    ...["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"],
    ...["--", supervisorShell, "-c", run.script, "sandbox", ...run.argv],
  ];
}

const isolation = [
  "--unshare-user",
  "--unshare-ipc",
  "--unshare-pid",
  "--unshare-net",
  "--unshare-uts",
  "--unshare-cgroup-try",
  "--disable-userns",
  "--die-with-parent",
  "--new-session",
  // The supervisor is process 1: nothing inside can kill it, and when it ends all else does.
  "--as-pid-1",
  ...["--cap-drop", "ALL"],
  ...["--seccomp", String(filterDescriptor)],
  ...["--info-fd", String(infoDescriptor)],
  ...["--uid", insideUser, "--gid", insideUser],
  ...["--hostname", "sandbox"],
  "--clearenv",
];

function system(host: BwrapHost): string[] {
  return [
    ...["--ro-bind", "/usr", "/usr"],
    ...["--symlink", "usr/bin", "/bin", "--symlink", "usr/sbin", "/sbin"],
    ...["--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64"],
    ...["--dir", "/etc"],
    ...["/etc/alternatives", "/etc/ld.so.cache", "/etc/ssl/certs"].flatMap((path) => [
      "--ro-bind-try",
      path,
      path,
    ]),
    ...host.identity.flatMap(({ from, to }) => ["--ro-bind", from, to]),
    ...host.readOnly.flatMap((path) => ["--ro-bind", path, path]),
    ...host.links.flatMap(({ from, to }) => ["--symlink", from, to]),
    // Where the worker is root, files of /proc/sys would be the machine's own and writable.
    ...["--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys"],
    ...["--dev", "/dev"],
  ];
}

/** What can be written. All of it together is what the limit allows; /dev/shm and /reports are small parts of that. */
function inMemory({ limits, dependencies }: BwrapRun): string[] {
  const small = smallBytes(limits);
  const temporary = Math.floor(limits.diskBytes / 4);
  const project = limits.diskBytes - temporary - 2 * small;
  return [
    ...tmpfs("/dev/shm", small),
    ...["--perms", "1777", ...tmpfs("/tmp", temporary), "--dir", "/tmp/home"],
    ...tmpfs(sandboxPaths.reports, small),
    ...(dependencies.writable.length > 0 ? [] : tmpfs(sandboxPaths.project, project)),
  ];
}

function smallBytes(limits: SandboxLimits): number {
  return Math.min(64 * mebibyte, Math.floor(limits.diskBytes / 16));
}

function tmpfs(path: string, bytes: number): string[] {
  return ["--size", String(bytes), "--tmpfs", path];
}
