// Finds out why checks fail on a pull request's head and puts right what the tests prove: the loop is in fix-tests.ts, here is its way in and out.
import type { Agent, AgentContext } from "../../core/agent.ts";
import type { FixReport, KeptEdits } from "../../core/fix.ts";
import type { Suite } from "../../core/suite.ts";
import type { Outcome } from "../../core/task.ts";
import { openSuite } from "../../checks/suite/open-suite.ts";
import { editsInScope } from "../../verifiers/edits-in-scope.ts";
import { noMarkers } from "../../verifiers/no-markers.ts";
import { noWeakenedTests } from "../../verifiers/no-weakened-tests.ts";
import { parses } from "../../verifiers/parses.ts";
import { fixTests } from "./fix-tests.ts";
import { proveAgain } from "./prove-again.ts";
import type { FixProblem, FixResult } from "./types.ts";

const name = "test-fixer";

export const testFixer: Agent = {
  name,
  order: 20,
  verifiers: [editsInScope, noMarkers, parses, noWeakenedTests],

  propose({ errand }) {
    return errand === "fix-tests" ? [{ agent: name, goal: "Put failing checks right", paths: [] }] : [];
  },

  async run(_task, context) {
    context.signal.throwIfAborted();
    const problem = await problemOf(context);
    const suite = await suiteOf(problem, context);
    const kept = keptOf(context);
    const { workspace, models, rerunJob, signal, record } = context;
    const result =
      kept === null
        ? await fixTests(problem, { trees: workspace, suite, models, rerunJob, signal, record, now: Date.now })
        : await proveAgain(kept, problem, { trees: workspace, suite, record });
    return outcomeOf(result, context);
  },
};

/** The base is what the head was made from: the branch may have gone on since. */
async function problemOf({ workspace, failedChecks, policy }: AgentContext): Promise<FixProblem> {
  const head = await workspace.parentTree("head");
  const base = (await workspace.mergeBaseTree()) ?? (await workspace.parentTree("base"));
  return {
    head,
    base,
    changed: await changedPaths(head, base, workspace),
    checks: failedChecks,
    protectedPaths: policy.protectedPaths,
    seed: workspace.headSha,
  };
}
