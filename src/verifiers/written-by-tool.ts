// Paths that a tool wrote as a whole, and not the agent line by line.
import type { Policy } from "../core/policy.ts";
import type { Outcome } from "../core/task.ts";

/** The conflicted paths that were written anew, and what else the rules of agent.yml that wrote them own. */
export function writtenByTool(
  { hunks }: Pick<Outcome, "hunks">,
  { regenerate }: Pick<Policy, "regenerate">,
): ReadonlySet<string> {
  const paths = new Set(hunks.filter(({ tier }) => tier === "regenerate").map(({ path }) => path));
  const rules = regenerate.filter(({ owns }) => owns.some((path) => paths.has(path)));
  return new Set([...paths, ...rules.flatMap(({ owns }) => owns)]);
}
