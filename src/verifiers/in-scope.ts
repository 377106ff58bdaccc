// An agent writes only the paths of its task.
import type { Verifier } from "../core/agent.ts";

export const inScope: Verifier = {
  name: "in-scope",
  verify(task, _outcome, { workspace }) {
    const evidence = workspace.written().filter((path) => !task.paths.includes(path));
    return Promise.resolve({ verifier: "in-scope", passed: evidence.length === 0, evidence });
  },
};
