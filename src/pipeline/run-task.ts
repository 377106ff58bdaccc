// One task: run its agent, let every verifier judge, keep the edits only if all pass.
import type { AgentContext, Agent } from "../core/agent.ts";
import { AppError } from "../core/errors.ts";
import type { TaskReport } from "../core/report.ts";
import type { Task, Verdict } from "../core/task.ts";

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
  const reason = failed.map(reasonOf).join(" ");
  const { hunks, work, proof } = outcome;
  return {
    task,
    verdicts,
    outcome: { status: "gave-up", reason, hunks, ...(work && { work }), ...(proof && { proof }) },
  };
}

/** Findings of one verifier that the summary names; the list of checks has more. */
const namedFindings = 3;

function reasonOf({ verifier, evidence }: Verdict): string {
  const more = evidence.length - namedFindings;
  const found = evidence.slice(0, namedFindings).join("; ") + (more > 0 ? `; and ${more} more` : "");
  return `\`${verifier}\` found: ${found}.`;
}
