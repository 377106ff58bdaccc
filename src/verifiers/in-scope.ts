// An agent writes only the paths of its task, and what a rule of the repository's own settings writes.
import type { Verifier } from "../core/agent.ts";

export const inScope: Verifier = {
  name: "in-scope",
  verify(task, _outcome, { workspace, policy }) {
    const byRule = policy.regenerate.flatMap(({ owns }) => owns);
    const evidence = workspace
      .written()
      .filter((path) => !task.paths.includes(path) && !byRule.includes(path));
    return Promise.resolve({ verifier: "in-scope", passed: evidence.length === 0, evidence });
  },
};
