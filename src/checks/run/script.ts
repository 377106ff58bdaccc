// What the sandbox's shell is given: the setup, the folder, the programs of installed packages, and then the command.
import { sandboxPaths } from "../../core/sandbox.ts";
import { quoteWord } from "../shell/quote.ts";

/** Left in the folder for reports where the setup failed: then nothing else was run. */
export const setupFailed = "setup-failed";

export function shellScript(
  line: string,
  options: { readonly folder: string; readonly setup: string; readonly idsSpent?: number },
): string {
  const { folder, setup, idsSpent = 0 } = options;
  const programs = folder === "" ? "node_modules/.bin" : `${folder}/node_modules/.bin`;
  const prepared =
    setup === "" ? [] : ["(", setup, `) || { echo > ${sandboxPaths.reports}/${setupFailed}; exit 1; }`];
  return [
    `PATH=${[...new Set([programs, "node_modules/.bin"])].map((name) => quoteWord(`${sandboxPaths.project}/${name}`)).join(":")}:$PATH`,
    "export PATH",
    // Each subshell takes a process id: in a fresh namespace every run would else have the same ones.
    ...Array.from({ length: idsSpent }, () => "(:)"),
    ...prepared,
    ...(folder === "" ? [] : [`cd ${quoteWord(`${sandboxPaths.project}/${folder}`)} || exit 1`]),
    line,
  ].join("\n");
}
