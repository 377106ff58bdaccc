// How much an install has written so far.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Files in one folder of dependencies; the largest of real projects have some 200,000. */
const mostFiles = 500_000;

/** For `watchLimits`. `du` follows no links and tells of each file once. */
export function folderSize(directory: string, mostBytes: number) {
  const count = async (...options: string[]): Promise<number> => {
    // Files come and go while it counts, which it reports as a failure; what it counted is there all the same.
    const found = await promisify(execFile)("/usr/bin/du", ["-s", ...options, "--", directory], {
      env: {},
      timeout: 10_000,
    }).catch((error: unknown) => (hasOutput(error) ? error : { stdout: "0" }));
    return Number.parseInt(found.stdout, 10) || 0;
  };
  return async () => {
    const [bytes, files] = [await count("--block-size=1"), await count("--inodes")];
    return { bytes, full: bytes > mostBytes || files > mostFiles };
  };
}

function hasOutput(error: unknown): error is { stdout: string } {
  return typeof error === "object" && error !== null && "stdout" in error && typeof error.stdout === "string";
}
