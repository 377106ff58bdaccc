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

/** A program's path, and the folder that the sandbox's setting `tools` needs to have it; `null` where the sandbox cannot be given it. */
export function sandboxTool(program: string): { readonly program: string; readonly tool: string } | null {
  const place = places.find(({ programs }) => isProgram(path.join(programs, program)));
  return place === undefined ? null : { program: path.join(place.programs, program), tool: place.tool };
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
  return [...new Set(programs.flatMap((program) => sandboxTool(program)?.tool ?? []))];
}

/** `describe`, where the sandbox can be given all of the programs; elsewhere the suite is skipped under a title that says why. */
export function describeWithTools(programs: readonly string[], title: string, suite: () => void): void {
  const missing = programs.filter((program) => sandboxTool(program) === null);
  if (missing.length === 0) describeSandboxed(title, suite);
  else
    describe.skip(
      `${title}: ${missing.join(" and ")} is neither under /usr nor in ERRAND_SANDBOX_TOOLS`,
      suite,
    );
}
