// Programs that the sandbox can be given on the machine that tests: under /usr, or in a folder that ERRAND_SANDBOX_TOOLS names.
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { describe } from "@jest/globals";
import { describeSandboxed } from "./sandbox.ts";

const folders = (name: string) => (process.env[name] ?? "").split(path.delimiter).filter(Boolean);

/** The operator's folders first, as in the sandbox; of the PATH what the sandbox has anyway. */
const places = [
  ...folders("ERRAND_SANDBOX_TOOLS").flatMap((tool) => [
    { tool, programs: path.join(tool, "bin") },
    { tool, programs: tool },
  ]),
  ...folders("PATH")
    .filter((folder) => folder.startsWith("/usr/"))
    .map((folder) => ({ tool: folder, programs: folder })),
];

/** The folder that the sandbox's setting `tools` needs to have a program; `null` where the sandbox cannot be given it. */
function toolOf(program: string): string | null {
  return places.find(({ programs }) => isProgram(path.join(programs, program)))?.tool ?? null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The setting `tools` for these programs. */
export function toolsFor(programs: readonly string[]): readonly string[] {
  return [...new Set(programs.flatMap((program) => toolOf(program) ?? []))];
}

/** `describe`, where the sandbox can be given all of the programs; elsewhere the suite is skipped under a title that says why. */
export function describeWithTools(programs: readonly string[], title: string, suite: () => void): void {
  const missing = programs.filter((program) => toolOf(program) === null);
  if (missing.length === 0) describeSandboxed(title, suite);
  else
    describe.skip(`${title}: neither under /usr nor in ERRAND_SANDBOX_TOOLS: ${missing.join(", ")}`, suite);
}
