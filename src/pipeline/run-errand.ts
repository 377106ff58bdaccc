// A run, from the words of a person to a pushed commit or a comment: authorise → facts → plan → tasks → publish → report.
import type { Report } from "../core/report.ts";
import { idlePull } from "../core/run.ts";
import type { Run } from "../core/run.ts";
import { stopRequested } from "./answer.ts";
import { bindRun } from "./bind-run.ts";
import { endRun } from "./end-run.ts";
import type { Turn } from "./process-mailbox.ts";
import { holdTurn } from "./hold-turn.ts";
import { permanentFailure } from "./permanent-failure.ts";
import { withPatch } from "./patch.ts";
import { publishReport } from "./publish-report.ts";
import { refuseMerge, refusePull } from "./refusals.ts";
import { ownCommit } from "./own-commit.ts";
import { emptyReport, staleReport } from "./reports.ts";
import { runTasks } from "./run-tasks.ts";
import type { Work, Worked } from "./run-tasks.ts";
import type { Services } from "./services.ts";
import { updateComment } from "./sticky-comment.ts";

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
    start: bound.errand === "fix-conflicts" ? "merge" : "head",
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

  const refusal = job.run.errand === "fix-conflicts" ? await refuseMerge(job, services.limits) : null;
  if (refusal) return { run: job.run, report: { ...refusal, problems: [...loaded.problems] } };

  const { run, report } = await runTasks(job, turn, services);
  await services.reached("verified");
  if (report.ending === "stopped") return { run, report };
  const stop = await stopRequested(run.command, turn, services);
  if (stop !== null) return { run, report: { ...report, ending: "stopped", summary: stop } };
  const told =
    report.ending === "pushed"
      ? await publishReport({ ...job, run, report }, turn, services)
      : await withPatch(report, workspace);
  return { run, report: told };
}

/** The head moved since the run was bound: by our own push just before a crash, or by somebody else's. */
async function recover({ run, pull, workspace }: Work): Promise<Report> {
  const tip = pull.head?.sha ?? run.headSha;
  const commitSha = await ownCommit(tip, run, run.report, workspace);
  if (run.report && commitSha !== null) return { ...run.report, ending: "pushed", commitSha, patch: null };
  return staleReport(run);
}
