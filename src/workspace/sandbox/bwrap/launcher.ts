// What stands before bubblewrap on the command line: joining control groups, giving up rights, and limits of single processes.
import type { SandboxLimits } from "../../../core/sandbox.ts";
import type { ControlGroup } from "../cgroups.ts";
import { infoDescriptor } from "../execute.ts";
import type { BwrapHost } from "./host.ts";

export interface Launch {
  readonly programs: BwrapHost["programs"];
  readonly limits: SandboxLimits;
  /** Who to become; `null`: stay who the worker is. */
  readonly user: number | null;
  readonly group: ControlGroup | null;
  /** The most that this process may set, by limit. */
  readonly hard: HardLimits;
  /** Descriptors that are not for the sandbox. */
  readonly inherited: readonly number[];
}

export interface HardLimits {
  readonly processes: number;
  readonly files: number;
}

/** Each step replaces itself by the next: it is one process from the start, in its groups before it starts another. */
export function launcher(launch: Launch): [string, ...string[]] {
  const [program = launch.programs.prlimit, ...rest] = [
    ...closing(launch.inherited.filter((descriptor) => descriptor > infoDescriptor)),
    ...joining(launch.group),
    ...dropping(launch),
    ...limiting(launch),
  ];
  return [program, ...rest];
}

/** Only bash can close those above 9. Where there are none, which is the rule, it is not started. */
function closing(descriptors: readonly number[]): string[] {
  if (descriptors.length === 0) return [];
  const script = 'for n in $1; do exec {n}>&-; done; shift; exec "$@"';
  // Bash takes a socket on its standard input for a remote login, and would run somebody's .bashrc.
  return ["/bin/bash", "--norc", "-c", script, "close", descriptors.join(" ")];
}

function joining(group: ControlGroup | null): string[] {
  if (group === null) return [];
  const script =
    'n=$1; shift; while [ "$n" -gt 0 ]; do echo 0 >"$1" || exit 1; shift; n=$((n - 1)); done; exec "$@"';
  return ["/bin/sh", "-c", script, "join", String(group.joins.length), ...group.joins];
}

function dropping({ programs, user }: Launch): string[] {
  if (user === null) return [];
  return [
    programs.setpriv,
    `--reuid=${user}`,
    `--regid=${user}`,
    "--clear-groups",
    "--inh-caps=-all",
    "--bounding-set=-all",
    "--no-new-privs",
  ];
}

/** Open files of one process: of jest on a large repository, with room. */
const openFiles = 8192;
/** Processes of the sandbox itself, over those of the limit. */
const ownProcesses = 8;
/** The kernel counts all processes of a user; where the run has no user of its own, the worker's others are counted too. */
const othersOfUser = 4096;

function limiting({ programs, limits, user, hard }: Launch): string[] {
  const processes = limits.processes + ownProcesses + (user === null ? othersOfUser : 0);
  const cpuSeconds = Math.max(1, Math.ceil(limits.cpuMs / 1000));
  return [
    programs.prlimit,
    `--nproc=${Math.min(processes, hard.processes)}`,
    `--fsize=${limits.diskBytes}`,
    `--nofile=${Math.min(openFiles, hard.files)}`,
    "--core=0",
    // First a signal that tells of the limit, then the end.
    `--cpu=${cpuSeconds}:${cpuSeconds + 1}`,
    "--",
  ];
}

/** From the text of /proc/self/limits. */
export function hardLimits(text: string): HardLimits {
  const hard = (name: string): number => {
    const line = text.split("\n").find((candidate) => candidate.startsWith(name));
    const value = line?.slice(name.length).trim().split(/\s+/)[1];
    return value === undefined || value === "unlimited" ? Infinity : Number(value);
  };
  return { processes: hard("Max processes"), files: hard("Max open files") };
}
