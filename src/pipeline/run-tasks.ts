// The work of a run in its workspace: plan → run and verify each task → the push rule.
import type { RepositoryMemory } from "../core/agent.ts";
import { isAutomatic } from "../core/command.ts";
import type { FailedCheck } from "../core/failed-check.ts";
import type { GitHub } from "../core/github.ts";
import { sumCounts } from "../core/memory.ts";
import type { LoadedPolicy } from "../core/policy.ts";
import type { PullDetails, PullRef } from "../core/pull.ts";
import type { Report, TaskReport } from "../core/report.ts";
import type { Workspace } from "../core/workspace.ts";
import { plan } from "../planner/plan.ts";
import type { BoundRun } from "./bind-run.ts";
import { decide } from "./decide.ts";
import { decideEdits } from "./decide-edits.ts";
import { keptEdits } from "./kept-edits.ts";
import type { Turn } from "./process-mailbox.ts";
import { emptyReport } from "./reports.ts";
import { runTask } from "./run-task.ts";
import type { Services } from "./services.ts";
import { keptSettlements } from "./settlements.ts";
import { watchForStop } from "./watch-stop.ts";

export interface Work {
  readonly run: BoundRun;
  readonly pull: PullDetails;
  readonly github: GitHub;
  readonly workspace: Workspace;
  readonly loaded: LoadedPolicy;
}

/** The run with what models settled in it, and its report. */
export interface Worked {
  readonly run: BoundRun;
  readonly report: Report;
}

/** The workspace then holds what may be published. Stopped on the way, the report has what was done and what models used until then. */
export async function runTasks(job: Work, turn: Turn, services: Services): Promise<Worked> {
  const { run, pull, workspace, loaded } = job;
  const { headSha, baseSha, command } = run;
  const { policy } = command.verb === "apply" ? applied(loaded) : loaded;
  const { signal, during } = watchForStop(command, turn, services);
  const askedFor = { runId: run.id, pull: command.pull, fromFork: pull.fromFork, policy, signal };
  const { models, use } = services.modelsFor(askedFor);
  const settled = await keptSettlements(run, policy, turn, services);
  const edits = await keptEdits(run, turn, services);
  const context = {
    workspace,
    merge: services.merge,
    memory: await memoryOf(command.pull, services),
    models,
    settlements: settled.known,
    keepSettlement: settled.keep,
    keptEdits: edits.known,
    keepEdits: edits.keep,
    failedChecks: await failedChecksOf(job, signal),
    rerunJob: (jobId: number) => job.github.rerunJob(command.pull, jobId),
    approved: command.verb === "apply",
    policy,
    sandbox: services.sandbox,
    repository: `${command.pull.owner}/${command.pull.repo}`,
    signal,
    record: ({ step, detail }: { readonly step: string; readonly detail: string }) => {
      services.log.info({ runId: run.id, step, detail }, "step");
    },
  };
  const { errand } = run;
  const facts = { errand, args: command.args, headSha, baseSha, conflicts: workspace.conflicts, policy };
  const tasks: TaskReport[] = [];
  const stopped = await during(async () => {
    for (const task of plan(facts, services.agents))
      tasks.push(await runTask(task, services.agents, context));
  });
  const tree = await workspace.tree();
  const asking = { automatic: isAutomatic(command), approved: context.approved };
  const { ending, summary } =
    errand === "fix-conflicts" ? decide(tasks, policy, tree) : decideEdits(tasks, policy, tree, asking);
  const outcomes = tasks.map(({ outcome }) => outcome);
  const used = await use(
    outcomes.flatMap(({ work }) => work ?? []),
    outcomes.flatMap(({ hunks }) => hunks),
  );
  const report = stopped === null ? emptyReport(run, ending, summary) : emptyReport(run, "stopped", stopped);
  return {
    run: { ...run, settlements: [...settled.all()], edits: edits.newest() },
    report: { ...report, tree, tasks, problems: [...loaded.problems], models: used },
  };
}

/** What GitHub knows of the checks that failed; nothing for errands that are not about them. */
async function failedChecksOf({ run, github }: Work, signal: AbortSignal): Promise<readonly FailedCheck[]> {
  if (run.errand !== "fix-tests" || run.command.verb === "apply") return [];
  return github.failedCheckDetails(run.command.pull, run.headSha, signal);
}

/** What the repository's past merges have taught, nothing before they were replayed; and what people kept of models' answers. */
async function memoryOf(pull: PullRef, { store }: Services): Promise<RepositoryMemory> {
  const replay = await store.loadReplay(pull);
  const counts = sumCounts(replay?.counts ?? {}, await store.outcomeCounts(pull));
  return { counts, recall: (keys) => store.recall(pull, keys) };
}

/** `/agent apply` is a person's own yes to what was shown: neither the bar nor the push mode, which are for results nobody looked at, stand against it. */
function applied(loaded: LoadedPolicy): LoadedPolicy {
  return { ...loaded, policy: { ...loaded.policy, push: { mode: "asked", bar: 0 } } };
}
