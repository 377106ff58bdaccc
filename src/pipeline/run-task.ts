// One task: run its agent, let every verifier judge, keep the edits only if all pass.
import type { AgentContext, Agent } from "../core/agent.ts";
import { AppError } from "../core/errors.ts";
import type { TaskReport } from "../core/report.ts";
import type { Task } from "../core/task.ts";

/** Runs a task to its report. The workspace holds the agent's edits afterwards only if every verifier passed. */
export async function runTask(
  task: Task,
  agents: readonly Agent[],
  context: AgentContext,
): Promise<TaskReport> {
  const agent = agents.find(({ name }) => name === task.agent);
  if (!agent) {
    throw new AppError("bug", `The plan names an agent that is not registered: ${task.agent}.`, {
      retryable: false,
      remedy: "Report this at the project's issue tracker.",
    });
  }
  const outcome = await agent.run(task, context);
  const verdicts = await Promise.all(
    agent.verifiers.map((verifier) => verifier.verify(task, outcome, context)),
  );
  const failed = verdicts.filter(({ passed }) => !passed);
  if (failed.length === 0) {
    context.workspace.keep();
    return { task, outcome, verdicts };
  }
  context.workspace.discard();
  const reason = `Not accepted by ${failed.map(({ verifier }) => verifier).join(", ")}.`;
  return { task, verdicts, outcome: { status: "gave-up", reason, hunks: outcome.hunks } };
}
