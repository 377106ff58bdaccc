// A run, from the words of a person to a pushed commit or a comment: authorise → facts → plan → tasks → publish → report.
import type { AgentContext, RepositoryMemory } from "../core/agent.ts";
import type { GitHub } from "../core/github.ts";
import { sumCounts } from "../core/memory.ts";
import type { LoadedPolicy } from "../core/policy.ts";
import type { PullDetails, PullRef } from "../core/pull.ts";
import type { Report } from "../core/report.ts";
import type { Store } from "../core/store.ts";
import type { ModelSettlement } from "../core/task.ts";
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

/** The run with what models settled in it, and its report. */
interface Worked {
  readonly run: BoundRun;
  readonly report: Report;
}

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
    const worked = await work({ run: bound, pull, github, workspace, loaded }, turn, services);
    await endRun(worked.run, { report: worked.report, details: pull }, turn, services);
    services.offerReplay({ pull: command.pull, cloneUrl: pull.cloneUrl, tip: baseSha });
  } finally {
    await workspace.dispose();
  }
}

/** Everything between reading the branch and telling people: the report says how it ended. */
async function work(job: Work, turn: Turn, services: Services): Promise<Worked> {
  const { pull, workspace, loaded } = job;
  if (pull.head?.sha !== job.run.headSha) return { run: job.run, report: await recover(job) };

  const refusal = await refuseMerge(job, services.limits);
  if (refusal) return { run: job.run, report: { ...refusal, problems: [...loaded.problems] } };

  const { run, report } = await runTasks(job, turn, services);
  await services.reached("verified");
  const stop = await stopRequested(run.command, turn, services);
  if (stop !== null) return { run, report: { ...report, ending: "stopped", summary: stop } };
  const told =
    report.ending === "pushed"
      ? await publishReport({ ...job, run, report }, turn, services)
      : await withPatch(report, workspace);
  return { run, report: told };
}

/** plan → run and verify each task → the push rule. The workspace then holds what may be published. */
async function runTasks(
  { run, pull, workspace, loaded }: Work,
  turn: Turn,
  services: Services,
): Promise<Worked> {
  const { headSha, baseSha } = run;
  const asked = run.command.verb === "apply" ? applied(loaded) : loaded;
  const { policy } = asked;
  const facts = { verb: run.command.verb, headSha, baseSha, conflicts: workspace.conflicts, policy };
  const record = ({ step, detail }: { step: string; detail: string }) => {
    services.log.info({ runId: run.id, step, detail }, "step");
  };
  const memory = await memoryOf(run.command.pull, services);
  const { models, use } = services.modelsFor({
    runId: run.id,
    pull: run.command.pull,
    fromFork: pull.fromFork,
    policy,
    signal: turn.signal,
  });
  const settled = await settledByModels(run, turn, services);
  const context = {
    workspace,
    merge: services.merge,
    memory,
    models,
    settlements: settled.known,
    keepSettlement: settled.keep,
    approved: run.command.verb === "apply",
    policy,
    signal: turn.signal,
    record,
  };
  const tasks = [];
  for (const task of plan(facts, services.agents)) {
    tasks.push(await runTask(task, services.agents, context));
  }
  const tree = await workspace.tree();
  const { ending, summary } = decide(tasks, policy, tree !== null);
  const outcomes = tasks.map(({ outcome }) => outcome);
  const used = await use(
    outcomes.flatMap(({ work }) => work ?? []),
    outcomes.flatMap(({ hunks }) => hunks),
  );
  const report = emptyReport(run, ending, summary);
  return {
    run: { ...run, settlements: [...settled.all()] },
    report: { ...report, tree, tasks, problems: [...loaded.problems], models: used },
  };
}

/** What models settled in earlier attempts at this run, or in the run whose proposal is to be applied; new ones are kept with this run. */
async function settledByModels(run: BoundRun, turn: Turn, { store }: Services): Promise<ModelSettlements> {
  const known = (await store.loadRun(await settledIn(run, store)))?.settlements ?? [];
  const all = [...known];
  const keep = async (settlement: ModelSettlement): Promise<void> => {
    all.push(settlement);
    holdTurn(await store.saveRun(turn.mailbox, turn.token, { ...run, settlements: [...all] }));
  };
  return { known, keep, all: () => all };
}

interface ModelSettlements {
  readonly known: readonly ModelSettlement[];
  readonly keep: AgentContext["keepSettlement"];
  readonly all: () => readonly ModelSettlement[];
}

/** The run whose settlements count. */
async function settledIn({ id, command }: BoundRun, store: Store): Promise<string> {
  if (command.verb !== "apply") return id;
  return (await store.loadPull(command.pull))?.proposal?.runId ?? id;
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

/** The head moved since the run was bound: by our own push just before a crash, or by somebody else's. */
async function recover({ run, pull, workspace }: Work): Promise<Report> {
  const tip = pull.head?.sha ?? run.headSha;
  const commitSha = await ownCommit(tip, run, run.report, workspace);
  if (run.report && commitSha !== null) return { ...run.report, ending: "pushed", commitSha, patch: null };
  return staleReport(run);
}
