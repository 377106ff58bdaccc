// The command line of a container: all that keeps a repository's code in is in these words.
import { mostReportBytes, mostReturnedBytes, sandboxPaths } from "../../../core/sandbox.ts";
import type { SandboxLimits } from "../../../core/sandbox.ts";
import type { DependencyPlaces } from "../dependency-mounts.ts";
import { frameFolder } from "./script.ts";

export interface ContainerRun {
  /** By which the container is killed. */
  readonly name: string;
  readonly image: string;
  /** gVisor: a kernel of the container's own, where the runtime has it. */
  readonly gvisor: boolean;
  /** User and group id inside. */
  readonly user: number;
  readonly processors: number;
  readonly limits: SandboxLimits;
  /** How many files come back. */
  readonly files: { readonly returns: number; readonly reports: number };
  readonly dependencies: DependencyPlaces;
  readonly environment: Readonly<Record<string, string>>;
  /** The supervisor's script, and what it runs. */
  readonly script: string;
  readonly argv: readonly [string, ...string[]];
}

/** Bytes of /dev/shm, as runtimes have it by default. */
const SHARED_MEMORY = 64 * 1024 ** 2;
/** Bytes of a frame that is no file's: a line. */
const FRAME_LINES = 64 * 1024;
/** Open files of one process. */
const OPEN_FILES = 4096;

/** What follows `docker` or `podman`. Pure; nothing in it is a secret, since every user of the machine can list it. */
export function containerArguments(run: ContainerRun): readonly string[] {
  return [
    "run",
    "--rm",
    "--interactive",
    `--name=${run.name}`,
    "--pull=never",
    ...(run.gvisor ? ["--runtime=runsc"] : []),
    ...walls(run),
    ...bounds(run),
    ...places(run),
    ...Object.entries(run.environment).map(([name, value]) => `--env=${name}=${value}`),
    "--workdir=/",
    "--entrypoint=/bin/sh",
    run.image,
    "-c",
    run.script,
    "sh",
    ...run.argv,
  ];
}

/** What the program may not do. Process 1 is the supervisor's shell and no other init: it kills the rest before it reads their files. */
const walls = ({ user }: ContainerRun): readonly string[] => [
  "--network=none",
  "--read-only",
  "--cap-drop=ALL",
  "--security-opt=no-new-privileges",
  `--user=${user}:${user}`,
  "--hostname=sandbox",
  "--ipc=private",
  "--no-healthcheck",
  // Else the runtime writes all output to a file of the machine, without an end.
  "--log-driver=none",
];

/** What the program may use. Without swap beside the memory a bound on memory is one. */
const bounds = ({ limits, processors }: ContainerRun): readonly string[] => {
  const seconds = Math.ceil(limits.cpuMs / 1000);
  return [
    `--pids-limit=${limits.processes}`,
    `--memory=${limits.memoryBytes}`,
    `--memory-swap=${limits.memoryBytes}`,
    `--cpus=${processors}`,
    `--shm-size=${SHARED_MEMORY}`,
    `--ulimit=cpu=${seconds}:${seconds}`,
    `--ulimit=fsize=${limits.diskBytes}:${limits.diskBytes}`,
    `--ulimit=nofile=${OPEN_FILES}:${OPEN_FILES}`,
    "--ulimit=core=0:0",
  ];
};

/** Where the program may write: in memory, all of it together as much as the limit on disk. Frames come on top, since the supervisor writes them. */
const places = ({ limits, files, dependencies }: ContainerRun): readonly string[] => {
  const small = Math.min(SHARED_MEMORY, Math.floor(limits.diskBytes / 16));
  const temporary = Math.floor(limits.diskBytes / 4);
  const back = files.returns * mostReturnedBytes + files.reports * mostReportBytes;
  const sizes: readonly (readonly [string, number])[] = [
    [sandboxPaths.project, limits.diskBytes - temporary - small],
    ["/tmp", temporary],
    [sandboxPaths.reports, small],
    [frameFolder, back + FRAME_LINES],
    ...dependencies.scratch.map((path) => [path, small] as const),
  ];
  return [
    ...sizes.map(([folder, size]) => `--tmpfs=${folder}:rw,exec,nosuid,nodev,mode=1777,size=${size}`),
    ...dependencies.readOnly.map(({ from, to }) => `--mount=type=bind,source=${from},target=${to},readonly`),
  ];
};
