// The work of a run in its workspace: plan → run and verify each task → the push rule.
import type { AgentContext, PullFacts, RepositoryMemory } from "../core/agent.ts";
import { isAutomatic } from "../core/command.ts";
import type { FailedCheck } from "../core/failed-check.ts";
import type { GitHub } from "../core/github.ts";
import { sumCounts } from "../core/memory.ts";
import type { LoadedPolicy, Policy } from "../core/policy.ts";
import type { PullDetails, PullRef } from "../core/pull.ts";
import type { Report, TaskReport } from "../core/report.ts";
import type { Workspace } from "../core/workspace.ts";
import { plan } from "../planner/plan.ts";
import type { BoundRun } from "./bind-run.ts";
import { decide } from "./decide.ts";
import { decideEdits } from "./decide-edits.ts";
import { keepInRun } from "./keep-in-run.ts";
import { keptEdits } from "./kept-edits.ts";
import type { Turn } from "./process-mailbox.ts";
import { emptyReport } from "./reports.ts";
import { runTask } from "./run-task.ts";
import type { Services } from "./services.ts";
import { withoutSecrets } from "./without-secrets.ts";
import { showProgress } from "./show-progress.ts";
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
  const { command, errand } = run;
  const { policy } = command.verb === "apply" ? applied(loaded) : loaded;
  const { signal, during } = watchForStop(command, turn, services);
  const askingMs = errand === "fix-conflicts" ? {} : { askingMs: checkErrandMs };
  const askedFor = {
    runId: run.id,
    pull: command.pull,
    fromFork: pull.fromFork,
    policy,
    signal,
    ...askingMs,
  };
  const { models, use } = services.modelsFor(askedFor);
  const keeping = { store: services.store, keep: keepInRun(run, turn, services) };
  const settled = await keptSettlements(run, policy, turn, keeping);
  const edits = await keptEdits(run, keeping);
  const progress = showProgress(job, turn, services);
  const tasks: TaskReport[] = [];
  const notes: string[] = [];
  let failedChecks: readonly FailedCheck[] = [];
  const stopped = await during(() =>
    progress.during(async () => {
      failedChecks = await failedChecksOf(job, signal, {
        record: progress.record,
        redact: services.redact,
      });
      notes.push(...unreadInWords(failedChecks));
      const context: AgentContext = {
        ...{ workspace, merge: services.merge, models, policy, sandbox: services.sandbox, signal },
        memory: await memoryOf(command.pull, services),
        settlements: settled.known,
        keepSettlement: settled.keep,
        keptEdits: edits.known,
        keepEdits: edits.keep,
        failedChecks,
        rerunJob: (jobId) => job.github.rerunJob(command.pull, jobId),
        approved: command.verb === "apply",
        repository: `${command.pull.owner}/${command.pull.repo}`,
        record: progress.record,
      };
      for (const task of plan(factsOf(job, policy), services.agents))
        tasks.push(await runTask(task, services.agents, context));
    }),
  );
  const tree = await workspace.tree();
  const { ending, summary } = decided(run, policy, { tasks, tree, checksFailed: failedChecks.length });
  const outcomes = tasks.map(({ outcome }) => outcome);
  const used = await use(
    outcomes.flatMap(({ work }) => work ?? []),
    outcomes.flatMap(({ hunks }) => hunks),
  );
  const report = stopped === null ? emptyReport(run, ending, summary) : emptyReport(run, "stopped", stopped);
  return {
    run: { ...run, settlements: [...settled.all()], edits: edits.newest() },
    report: { ...report, tree, tasks, notes, problems: [...loaded.problems], models: used },
  };
}

/** Milliseconds in which models may be asked where tests run in between: the loop's own ten minutes, and some for what was begun. */
const checkErrandMs = 15 * 60_000;

function factsOf({ run, workspace }: Work, policy: Policy): PullFacts {
  const { errand, headSha, baseSha, command } = run;
  const args = command.verb === "apply" ? [] : command.args;
  return { errand, args, headSha, baseSha, conflicts: workspace.conflicts, policy };
}

function decided(
  { errand, command }: BoundRun,
  policy: Policy,
  {
    tasks,
    tree,
    checksFailed,
  }: { readonly tasks: readonly TaskReport[]; readonly tree: string | null; readonly checksFailed: number },
): Pick<Report, "ending" | "summary"> {
  const automatic = isAutomatic(command);
  if (errand === "fix-conflicts") return decide(tasks, policy, tree, automatic);
  const asking = { automatic, approved: command.verb === "apply", checksFailed };
  return decideEdits(tasks, policy, tree, asking);
}

/** What GitHub knows of the checks that failed; nothing for errands that are not about them. */
async function failedChecksOf(
  { run, github }: Work,
  signal: AbortSignal,
  { record, redact }: Pick<AgentContext, "record"> & Pick<Services, "redact">,
): Promise<readonly FailedCheck[]> {
  if (run.errand !== "fix-tests" || run.command.verb === "apply") return [];
  const checks = await github.failedCheckDetails(run.command.pull, run.headSha, signal);
  const names = checks.map(({ name }) => name).join(", ");
  record({
    step: "collect",
    detail: checks.length === 0 ? "no check has failed" : `failed checks: ${names}`,
  });
  return checks.map((check) => withoutSecrets(check, redact));
}

/** Sentences on checks that are told in a report. */
const mostUnread = 3;

/** What could not be read of the checks, each sentence once: a missing permission is the same for all of them. */
function unreadInWords(checks: readonly FailedCheck[]): readonly string[] {
  return [...new Set(checks.map(({ trouble }) => trouble).filter((trouble) => trouble !== ""))].slice(
    0,
    mostUnread,
  );
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
