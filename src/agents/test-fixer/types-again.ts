// A type check of edits that passed it before: what the pull request brought is gone, and nothing new has come.
import type { Complaint, Suite, ToolRun } from "../../core/suite.ts";
import { complaintLines, newComplaints } from "./complaints.ts";
import type { FixProblem } from "./types.ts";

/** A sentence; `null` where it is so. */
export async function whyTypesDiffer(
  tree: string,
  { head, base }: Pick<FixProblem, "head" | "base">,
  suite: Pick<Suite, "typecheck">,
): Promise<string | null> {
  const after = await suite.typecheck(tree);
  if (after?.run.status === "passed") return null;
  if (after === null) return "There is no type check any more that could show it.";
  if (after.run.status === "stopped") return `The types could not be checked with it. ${after.run.trouble}`;
  const open = await openComplaints(after, { head, base }, suite);
  // A failure that names nothing is no success.
  if (open.length === 0 && after.complaints.length > 0) return null;
  return open.length === 0
    ? "The type check fails, and what it says could not be read."
    : `The type checker complains: ${complaintLines(open, 2).replaceAll("\n", "; ")}`;
}

/** New ones, and those of the head that its base has not. */
async function openComplaints(
  after: ToolRun,
  { head, base }: Pick<FixProblem, "head" | "base">,
  { typecheck }: Pick<Suite, "typecheck">,
): Promise<readonly Complaint[]> {
  const before = (await typecheck(head))?.complaints ?? [];
  const known = base === null ? [] : ((await typecheck(base))?.complaints ?? []);
  const wanted = newComplaints(before, known);
  const left = newComplaints(wanted, newComplaints(wanted, after.complaints));
  return [...newComplaints(after.complaints, before), ...left];
}
