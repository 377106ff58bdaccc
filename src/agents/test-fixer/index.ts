// Finds out why checks fail on a pull request's head and puts right what the tests prove: the loop is in fix-tests.ts, here is its way in and out.
import type { Agent, AgentContext } from "../../core/agent.ts";
import type { Suite } from "../../core/suite.ts";
import type { Outcome } from "../../core/task.ts";
import type { Workspace } from "../../core/workspace.ts";
import { judgedAs, watched } from "../../checks/judged-trees.ts";
import { openSuite } from "../../checks/suite/open-suite.ts";
import { editsInScope } from "../../verifiers/edits-in-scope.ts";
import { noMarkers } from "../../verifiers/no-markers.ts";
import { noWeakenedTests } from "../../verifiers/no-weakened-tests.ts";
import { parses } from "../../verifiers/parses.ts";
import { fixTests } from "./fix-tests.ts";
import { proveAgain } from "./prove-again.ts";
import type { ProvenBefore } from "./prove-again.ts";
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
    const { suite, judged } = watched(await suiteOf(problem, context));
    const kept = keptOf(context);
    const { workspace, models, rerunJob, signal, record } = context;
    const result =
      kept === null
        ? await fixTests(problem, {
            trees: workspace,
            suite,
            models,
            rerunJob,
            signal,
            record,
            now: Date.now,
          })
        : await proveAgain(kept, problem, { trees: workspace, suite, record });
    return outcomeOf(result, { head: problem.head, judged: judged() }, context);
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

/** What the head adds or changes; what it deletes is not there to be written. */
async function changedPaths(head: string, base: string, workspace: Workspace): Promise<readonly string[]> {
  const there = new Set(await workspace.listTree(head));
  const changes = await workspace.changesSince("head", base);
  return changes.map(({ path }) => path).filter((path) => there.has(path));
}

/** Commands are the base's (decision 0032): what a head says of itself is not trusted. */
function suiteOf({ base, head }: FixProblem, context: AgentContext): Promise<Suite> {
  const { sandbox, workspace, policy, repository, signal, record } = context;
  const detectOn = base ?? head;
  return openSuite({
    sandbox,
    trees: workspace,
    detectOn,
    commands: policy.commands,
    repository,
    signal,
    record,
  });
}

/** Edits that passed their gates before, for this very head. */
function keptOf({ keptEdits, workspace }: AgentContext): ProvenBefore | null {
  if (keptEdits?.agent !== name || keptEdits.headSha !== workspace.headSha) return null;
  const { fix, edits } = keptEdits;
  return fix === null || edits.length === 0 ? null : { fix, edits };
}

async function outcomeOf(
  { report, edits }: FixResult,
  { head, judged }: { readonly head: string; readonly judged: readonly string[] },
  context: AgentContext,
): Promise<Outcome> {
  const { workspace, keepEdits } = context;
  const { words, ending } = report;
  if (edits.size === 0) {
    const status = ending === "unfixed" || ending === "not-run" ? "gave-up" : "unchanged";
    return { status, reason: words, hunks: [], fix: report };
  }
  for (const [path, text] of edits) {
    const mode = (await workspace.readTree(head, path))?.mode ?? "100644";
    await workspace.write(path, { mode, bytes: Buffer.from(text) });
  }
  const texts = [...edits].map(([path, text]) => ({ path, text }));
  await keepEdits({ agent: name, headSha: workspace.headSha, edits: texts, fix: report, written: null });
  const changed = judged.filter((tree) => tree !== head);
  const proof = judgedAs(await workspace.tree(), changed);
  return { status: "changed", summary: words, hunks: [], fix: report, ...proof };
}
