// Where test runners write in the sandbox. The folder for reports comes back; the others go with the run.
import { sandboxPaths } from "../../core/sandbox.ts";

/** Where raw material is gathered before it becomes a report, as a word of shell. */
export function scratchPath(name: string): string {
  return `"$TMPDIR"/errand-${name}`;
}

/** Coverage as runners write it: many files, or a folder of them. */
export const coverageFolder = scratchPath("coverage");

export function reportPath(name: string): string {
  return `${sandboxPaths.reports}/${name}`;
}

/** Characters of a line of shell: Linux takes 128 KiB in one argument (MAX_ARG_STRLEN), and a script around the line takes some. */
export const mostLineLength = 100_000;
