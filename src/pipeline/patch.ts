// What was settled, as a patch that a person can take over when nothing was pushed.
import type { Report } from "../core/report.ts";
import type { Workspace } from "../core/workspace.ts";

/** Comments hold 65,536 characters; the rest of the report needs room beside the patch. */
const maxPatchBytes = 30_000;

/** Adds the patch, and names what did not fit. */
export async function withPatch(report: Report, workspace: Workspace): Promise<Report> {
  const { text, omitted } = await workspace.patch(maxPatchBytes);
  const notes = omitted.length === 0 ? [] : [`Not in the patch, too large or binary: ${omitted.join(", ")}.`];
  return { ...report, patch: text === "" ? null : text, notes: [...report.notes, ...notes] };
}
