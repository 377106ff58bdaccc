// Programs that a bench runs as peers, each in an environment that no configuration of the machine steers.
import { execFile } from "node:child_process";
import { offlineEnvironment } from "../../src/workspace/environment.ts";

export interface Ended {
  /** Exit status; -1 where the program was not there, or was stopped. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Far above what any of them takes for one file. */
const deadlineMs = 60_000;

/** Runs a program to its end. Never rejects. */
export function run(directory: string, command: string, ...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const options = {
      cwd: directory,
      env: offlineEnvironment(directory, process.env),
      maxBuffer: 512 * 1024 * 1024,
      timeout: deadlineMs,
    };
    execFile(command, args, options, (error, stdout, stderr) => {
      const failed = typeof error?.code === "number" ? error.code : -1;
      resolve({ status: error === null ? 0 : failed, stdout, stderr: error?.message ?? stderr });
    });
  });
}
