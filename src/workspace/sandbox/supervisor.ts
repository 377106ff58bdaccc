// The little shell program that runs beside a repository's code: unpacks the tree, starts the program, and sends declared files back when all else is dead.
import type { SandboxRequest } from "../../core/sandbox.ts";
import { mostReportBytes, mostReturnedBytes } from "../../core/sandbox.ts";

/** Where things are, for the program that is run. The driver `none` has no paths of its own and puts them into a temporary folder. */
export interface SupervisedPaths {
  readonly project: string;
  readonly reports: string;
  /** Folder for temporary files; holds the folder `home`. All of these exist. */
  readonly temporary: string;
}

/** What it is written for: the program that runs it. */
export const supervisorShell = "/bin/sh";

/** Descriptor that frames are written to (`frames.ts`); the program itself does not get it. */
export const controlDescriptor = 3;

/**
 * A POSIX shell script; the program and its arguments are its parameters, the tree comes as tar on standard input. Where it is process 1 of a pid
 * namespace it kills all other processes before it reads what they wrote; being process 1 it cannot be killed by them. `mounted` are folders of the
 * project that others were mounted on: what the tree has there is left out.
 */
export function supervisorScript(
  paths: SupervisedPaths,
  request: Pick<SandboxRequest, "folder" | "returns" | "reports">,
  mounted: readonly string[],
): string {
  const folder = request.folder === undefined || request.folder === "" ? "" : `/${request.folder}`;
  const mounts = mounted.flatMap((path) => [`--exclude=${path}`, `--exclude=./${path}`]);
  const unpack = ["tar", "-x", "-f", "-", "-C", paths.project, "--no-same-owner", "--exclude=.git"];
  if (mounts.length > 0) unpack.push("--anchored", "--no-wildcards", ...mounts);
  return [
    functions,
    "umask 022",
    `${unpack.map(quote).join(" ")} || fail unpack ${places(paths)}`,
    "exec </dev/null",
    `cd -- ${quote(paths.project + folder)} || fail folder ${places(paths)}`,
    `printf 'begin\\n' >&${controlDescriptor}`,
    // In a subshell of the foreground: one in the background would hand on ignored interrupts.
    `(exec "$@" ${controlDescriptor}>&-)`,
    "code=$?",
    "[ $$ -eq 1 ] && kill -9 -1 2>/dev/null",
    `[ "$code" -eq 0 ] || full ${places(paths)}`,
    `printf 'end %s\\n' "$code" >&${controlDescriptor}`,
    ...request.returns.map((path, at) => item(`project ${at}`, paths.project, path, mostReturnedBytes)),
    ...request.reports.map((path, at) => item(`report ${at}`, paths.reports, path, mostReportBytes)),
    `printf 'done\\n' >&${controlDescriptor}`,
    'exit "$code"',
  ].join("\n");
}

/** `item` looks at each step of a path, so that nothing is read through a link. `full` says so when a file system has less than 64 KB left. */
const functions = `full() {
  df -Pk "$@" 2>/dev/null | while read -r _ _ _ left _; do
    [ "$left" -lt 64 ] 2>/dev/null && printf 'full\\n' >&${controlDescriptor} && break
  done
}
fail() {
  reason=$1; shift; full "$@"; printf 'failed %s\\n' "$reason" >&${controlDescriptor}; exit 1
}
missing() { printf 'missing %s %s\\n' "$1" "$2" >&${controlDescriptor}; }
item() {
  at=$2; rest=$3/
  while [ -n "$rest" ]; do
    at=$at/\${rest%%/*}; rest=\${rest#*/}
    [ -L "$at" ] && { missing "$1" link; return; }
  done
  [ -e "$at" ] || { missing "$1" absent; return; }
  [ -f "$at" ] || { missing "$1" special; return; }
  size=$(wc -c 2>/dev/null <"$at") || { missing "$1" unreadable; return; }
  size=$((size))
  [ "$size" -le "$4" ] || { missing "$1" large; return; }
  printf 'file %s %s\\n' "$1" "$size" >&${controlDescriptor}
  head -c "$size" <"$at" >&${controlDescriptor}
}`;

function item(name: string, base: string, path: string, mostBytes: number): string {
  return `item ${quote(name)} ${quote(base)} ${quote(path)} ${mostBytes}`;
}

function places(paths: SupervisedPaths): string {
  return [paths.project, paths.temporary, paths.reports].map(quote).join(" ");
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
