// The supervisor inside a container. A runtime hands on two streams, so what comes back is sent after the program's own output, behind a mark.
import type { SandboxRequest } from "../../../core/sandbox.ts";
import { sandboxPaths } from "../../../core/sandbox.ts";
import { controlDescriptor, supervisorScript } from "../supervisor.ts";

/** Holds the frames until the program has ended. */
export const frameFolder = "/frames";

/** Files in which the kernel counts for the container, in each of the two versions of control groups. */
const counters = [
  ["memory", "/sys/fs/cgroup/memory.events"],
  ["memory", "/sys/fs/cgroup/memory/memory.oom_control"],
  ["processes", "/sys/fs/cgroup/pids.events"],
  ["processes", "/sys/fs/cgroup/pids/pids.events"],
  ["cpu", "/sys/fs/cgroup/cpu.stat"],
  ["peak", "/sys/fs/cgroup/memory.peak"],
  ["peak", "/sys/fs/cgroup/memory/memory.max_usage_in_bytes"],
] as const;

export interface ContainerScript {
  readonly mark: string;
  /** Folders of the project that others are mounted on. */
  readonly mounted: readonly string[];
  /** What comes before the image's own PATH; "" for nothing. */
  readonly pathFront: string;
}

/**
 * A POSIX shell script, to be process 1 of its container. On its standard output: what the program writes, the mark on a line of its own, the kernel's
 * counts (a word and a line of the kernel's each), the mark again, frames. It ends the program itself, a little after the clock's limit: should the worker
 * die, nobody else would.
 */
export function containerScript(
  request: Pick<SandboxRequest, "folder" | "returns" | "reports">,
  { mark, mounted, pathFront }: ContainerScript,
): string {
  const paths = {
    project: sandboxPaths.project,
    reports: sandboxPaths.reports,
    temporary: "/tmp",
  };
  const frames = `${frameFolder}/sent`;
  return [
    "report() {",
    `  exec ${controlDescriptor}>&-`,
    `  printf '\\n%s\\n' ${mark}`,
    ...counters.map(
      ([word, file]) =>
        `  [ -r ${file} ] && while read -r line; do printf '%s %s\\n' ${word} "$line"; done <${file}`,
    ),
    `  printf '%s\\n' ${mark}`,
    `  cat ${frames}`,
    "}",
    "trap report EXIT",
    `exec ${controlDescriptor}>${frames}`,
    ...(pathFront === "" ? [] : [`PATH=${quote(pathFront)}:$PATH`, "export PATH"]),
    supervisorScript(paths, request, mounted),
  ].join("\n");
}

const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
