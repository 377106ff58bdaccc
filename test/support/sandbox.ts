// What a test needs to have repository code run: the sandbox's program, and a folder that its user can reach.
import { accessSync, constants } from "node:fs";
import { chmod, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe } from "@jest/globals";

const hasBwrap = (process.env["PATH"] ?? "").split(path.delimiter).some((folder) => {
  try {
    accessSync(path.join(folder, "bwrap"), constants.X_OK);
    return true;
  } catch {
    return false;
  }
});

/** Why no sandbox can be tried here; `null` where one can. */
export const sandboxMissing: string | null = hasBwrap
  ? null
  : "bubblewrap is not installed (apt-get install bubblewrap)";

/** `describe`, where bubblewrap is installed; elsewhere the suite is skipped under a title that says why. */
export function describeSandboxed(title: string, suite: () => void): void {
  if (sandboxMissing === null) describe(title, suite);
  else describe.skip(`${title}: ${sandboxMissing}`, suite);
}

/** An empty folder that the sandbox's own user can pass through. The caller removes it. */
export async function sandboxFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "errand-sandbox-"));
  await chmod(folder, 0o711);
  return folder;
}
