// A fix writes source or tests, never both, and nothing that is protected or decides how tests run.
import type { Verifier } from "../core/agent.ts";
import { matchesAnyGlob } from "../core/glob.ts";
import { decidesTests, isTestPath } from "../core/test-paths.ts";
import type { FixReport } from "../core/fix.ts";

export const editsInScope: Verifier = {
  name: "edits-in-scope",
  verify(_task, outcome, { workspace, policy }) {
    const edits = outcome.fix?.edits ?? null;
    const evidence = workspace.written().flatMap((path) => {
      const why = matchesAnyGlob(policy.protectedPaths, path) ? "is protected" : whyOutside(path, edits);
      return why === null ? [] : [`${path} ${why}`];
    });
    return Promise.resolve({ verifier: "edits-in-scope", passed: evidence.length === 0, evidence });
  },
};

function whyOutside(path: string, edits: FixReport["edits"]): string | null {
  if (decidesTests(path)) return "decides how the tests run";
  switch (edits) {
    case null:
      return "was written, though the report says that nothing is";
    case "format":
      return null;
    case "source":
      return isTestPath(path) ? "is a test, and this is a fix of the source" : null;
    case "tests":
      return isTestPath(path) ? null : "is no test, and this is a change of tests";
  }
}
