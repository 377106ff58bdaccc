// A run, from the words of a person to a pushed commit or a comment: authorise → facts → plan → tasks → publish → report.
import type { RepositoryMemory } from "../core/agent.ts";
import type { GitHub } from "../core/github.ts";
import type { LoadedPolicy } from "../core/policy.ts";
import type { PullDetails, PullRef } from "../core/pull.ts";
import type { Report } from "../core/report.ts";
import { idlePull } from "../core/run.ts";
import type { Run } from "../core/run.ts";
import type { Workspace } from "../core/workspace.ts";
import { plan } from "../planner/plan.ts";
import { stopRequested } from "./answer.ts";
import { bindRun } from "./bind-run.ts";
import type { BoundRun } from "./bind-run.ts";
import { decide } from "./decide.ts";
import { endRun } from "./end-run.ts";
import type { Turn } from "./process-mailbox.ts";
import { holdTurn } from "./hold-turn.ts";
import { permanentFailure } from "./permanent-failure.ts";
import { withPatch } from "./patch.ts";
import { publishReport } from "./publish-report.ts";
import { refuseMerge, refusePull } from "./refusals.ts";
import { ownCommit } from "./own-commit.ts";
import { emptyReport, staleReport } from "./reports.ts";
import { runTask } from "./run-task.ts";
import type { Services } from "./services.ts";
import { updateComment } from "./sticky-comment.ts";

interface Work {
  readonly run: BoundRun;
  readonly pull: PullDetails;
  readonly github: GitHub;
  readonly workspace: Workspace;
  readonly loaded: LoadedPolicy;
}

/** Carries the run to its end in words. Throws what the queue may retry; every effect on the way can be repeated. */
export async function runErrand(run: Run, turn: Turn, services: Services): Promise<void> {
  const { command } = run;
  const github = services.githubFor(command.pull.installationId);
  await permanentFailure(() => github.react(command.pull, command.source, "eyes"));

  const pull = await github.pull(command.pull);
  // Pushed by an attempt that ended before people were told.
  if (run.report?.commitSha != null)
    return endRun(run, { report: run.report, details: pull }, turn, services);
  const stop = run.headSha === null ? await stopRequested(command, turn, services) : null;
  if (stop !== null) {
    return endRun(run, { report: emptyReport(run, "stopped", stop), details: pull }, turn, services);
  }
  const refusal = refusePull(pull);
  if (pull === null || refusal !== null) {
    const report = emptyReport(run, "declined", refusal ?? "There is no such pull request.");
    return endRun(run, { report, details: pull }, turn, services);
  }
  const bound = await bindRun(run, pull, turn, services);
  if ("ending" in bound) return endRun(run, { report: bound, details: pull }, turn, services);

  const state = (await services.store.loadPull(command.pull)) ?? idlePull(command.pull);
  holdTurn(await services.store.savePull(turn.mailbox, turn.token, { ...state, phase: "running" }));
  const running = { runId: run.id, actor: command.actor.login, verb: command.verb, steps: [] };
  await permanentFailure(() =>
    updateComment(command.pull, { reply: null, running, details: pull }, turn, services),
  );
  await services.reached("acknowledged");

  const { headSha, baseSha } = bound;
  const token = await github.readToken(command.pull);
  const { signal } = turn;
  const workspace = await services.openWorkspace({
    cloneUrl: pull.cloneUrl,
    token,
    headSha,
    baseSha,
    signal,
  });
  try {
    await services.reached("workspace-open");
    const loaded = await services.loadPolicy(github, pull);
    const report = await work({ run: bound, pull, github, workspace, loaded }, turn, services);
    await endRun(bound, { report, details: pull }, turn, services);
    services.offerReplay({ pull: command.pull, cloneUrl: pull.cloneUrl, tip: baseSha });
  } finally {
    await workspace.dispose();
  }
}

/** Everything between reading the branch and telling people: the report says how it ended. */
async function work(job: Work, turn: Turn, services: Services): Promise<Report> {
  const { run, pull, workspace, loaded } = job;
  if (pull.head?.sha !== run.headSha) return recover(job);

  const refusal = await refuseMerge(job, services.limits);
  if (refusal) return { ...refusal, problems: [...loaded.problems] };

  const report = await runTasks(job, turn, services);
  await services.reached("verified");
  const stop = await stopRequested(run.command, turn, services);
  if (stop !== null) return { ...report, ending: "stopped", summary: stop };
  return report.ending === "pushed"
    ? publishReport({ ...job, report }, turn, services)
    : withPatch(report, workspace);
}

/** plan → run and verify each task → the push rule. The workspace then holds what may be published. */
async function runTasks({ run, workspace, loaded }: Work, turn: Turn, services: Services): Promise<Report> {
  const { headSha, baseSha } = run;
  const asked = run.command.verb === "apply" ? applied(loaded) : loaded;
  const { policy } = asked;
  const facts = { verb: run.command.verb, headSha, baseSha, conflicts: workspace.conflicts, policy };
  const record = ({ step, detail }: { step: string; detail: string }) => {
    services.log.info({ runId: run.id, step, detail }, "step");
  };
  const memory = await memoryOf(run.command.pull, services);
  const context = { workspace, merge: services.merge, memory, policy, signal: turn.signal, record };
  const tasks = [];
  for (const task of plan(facts, services.agents)) {
    tasks.push(await runTask(task, services.agents, context));
  }
  const tree = await workspace.tree();
  const { ending, summary } = decide(tasks, policy, tree !== null);
  const report = emptyReport(run, ending, summary);
  return { ...report, tree, tasks, problems: [...loaded.problems] };
}

/** What the repository's past merges have taught; nothing before they were replayed. */
async function memoryOf(pull: PullRef, { store }: Services): Promise<RepositoryMemory> {
  const replay = await store.loadReplay(pull);
  return { counts: replay?.counts ?? {}, recall: (keys) => store.recall(pull, keys) };
}

/** `/agent apply` is a person's own yes to what was shown: neither the bar nor the push mode, which are for results nobody looked at, stand against it. */
function applied(loaded: LoadedPolicy): LoadedPolicy {
  return { ...loaded, policy: { ...loaded.policy, push: { mode: "asked", bar: 0 } } };
}

/** The head moved since the run was bound: by our own push just before a crash, or by somebody else's. */
async function recover({ run, pull, workspace }: Work): Promise<Report> {
  const tip = pull.head?.sha ?? run.headSha;
  const commitSha = await ownCommit(tip, run, run.report, workspace);
  if (run.report && commitSha !== null) return { ...run.report, ending: "pushed", commitSha, patch: null };
  return staleReport(run);
}
