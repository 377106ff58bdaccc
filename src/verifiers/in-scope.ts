// An agent writes only the paths of its task, and what a rule of the repository's own settings writes.
import type { Verifier } from "../core/agent.ts";
import { writtenByTool } from "./written-by-tool.ts";

export const inScope: Verifier = {
  name: "in-scope",
  verify(task, outcome, { workspace, policy }) {
    const byTool = writtenByTool(outcome, policy);
    const evidence = workspace.written().filter((path) => !task.paths.includes(path) && !byTool.has(path));
    return Promise.resolve({ verifier: "in-scope", passed: evidence.length === 0, evidence });
  },
};
