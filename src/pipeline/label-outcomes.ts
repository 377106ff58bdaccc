// Labels what became of models' answers, after the commands that bring the news. Where no model was asked nothing is done.
import type { Command } from "../core/command.ts";
import { messageOf } from "../core/errors.ts";
import type { CallNote, ModelCall } from "../core/ledger.ts";
import type { PullDetails } from "../core/pull.ts";
import { pullKey } from "../core/pull.ts";
import type { Run } from "../core/run.ts";
import type { PastFile } from "../core/memory.ts";
import type { ResolutionsOptions } from "../core/workspace.ts";
import { holdTurn, turnLost } from "./hold-turn.ts";
import {
  abstentions,
  acceptances,
  comparisons,
  isAboutHunks,
  isRed,
  labelled,
  pushesOf,
  settling,
  wantsTarget,
} from "./outcomes.ts";
import type { AskedRun, Label } from "./outcomes.ts";
import type { Turn } from "./process-mailbox.ts";
import type { Services } from "./services.ts";

export type OutcomeServices = Pick<
  Services,
  "store" | "githubFor" | "findResolutions" | "loadPolicy" | "redact" | "log" | "now"
>;

/** Runs of a pull request that are looked at, newest first, and calls of each. */
const mostRuns = 20;
const mostCalls = 1_000;

/** Milliseconds for what is read of the repository: commands of the pull request may come meanwhile. */
const readingMs = 60_000;

/**
 * Labels what a command that was carried out says of earlier answers. Rejects only when this worker is to stop, or has lost its turn; what else fails is
 * logged, and the next news of the pull request makes up for it.
 */
export async function labelOutcomes(command: Command, turn: Turn, services: OutcomeServices): Promise<void> {
  try {
    const runs = await services.store.listRuns(turn.mailbox, mostRuns);
    // Most checks that end are of commits that others made.
    if (command.verb === "checks-ended" && !isOurs(command.headSha, runs)) return;
    const asked = await askedRuns(runs, services);
    if (asked.length === 0) return;
    const ended: AskedRun[] = [];
    for (const one of asked)
      ended.push(await keep(one, [...abstentions(one), ...acceptances(one, runs)], services));
    await labelFromNews({ command, runs, asked: ended }, turn, services);
  } catch (error) {
    turn.signal.throwIfAborted();
    if (turnLost(error)) throw error;
    tellFailure(pullKey(command.pull), error, services);
  }
}

/** What fails here costs a label, and nothing else. */
export function tellFailure(where: string, error: unknown, { log }: Pick<OutcomeServices, "log">): void {
  log.warn({ where, error: messageOf(error) }, "outcomes of models' answers could not be labelled");
}

/** What the command alone says is labelled by now: this is what GitHub and the branch say since. */
async function labelFromNews(news: News, turn: Turn, services: OutcomeServices): Promise<void> {
  const { command, runs, asked } = news;
  if (command.verb === "checks-ended") return labelFromChecks(news, services);
  if (command.verb !== "refresh" && command.verb !== "close") return;
  if (command.verb === "refresh") {
    if (!asked.some((one) => isOpen(one) || mayBeRed(one, runs))) return;
    // Somebody waits: a later push, or the end of the pull request, tells the same.
    if ((await services.store.listWaiting(turn.mailbox)).length > 1) return;
  }
  await labelFromBranch(news, turn, services);
}

function isOurs(sha: string | null, runs: readonly Run[]): boolean {
  return sha !== null && runs.some(({ report }) => report?.commitSha === sha);
}

/** Of the runs whose result is the commit of which checks have ended. */
async function labelFromChecks(news: News, services: OutcomeServices): Promise<void> {
  const { command, runs, asked } = news;
  for (const one of asked) {
    const pushed = pushesOf(one.run, runs).some(({ commitSha }) => commitSha === command.headSha);
    if (pushed) await keep(one, await redChecks(one, news, services), services);
  }
}

async function askedRuns(runs: readonly Run[], { store }: OutcomeServices): Promise<AskedRun[]> {
  const asked: AskedRun[] = [];
  for (const run of runs) {
    const calls = await store.listCalls({ runId: run.id, limit: mostCalls });
    if (calls.length > 0) asked.push({ run, calls });
  }
  return asked;
}

/** Writes labels, and returns the run with its calls as they are now. */
async function keep(
  { run, calls }: AskedRun,
  labels: readonly Label[],
  { store, now, redact }: Pick<OutcomeServices, "store" | "now" | "redact">,
): Promise<AskedRun> {
  let known = calls;
  for (const { ids, note } of labels) {
    const dated: CallNote = note.outcome === undefined ? note : { ...note, outcomeAt: now() };
    // A person's hunk is kept like every other text: without what looks like a secret.
    const kept = dated.target === undefined ? dated : { ...dated, target: redact(dated.target) };
    await store.noteCalls(ids, kept);
    known = known.map((call) => (ids.includes(call.id) ? noted(call, note) : call));
  }
  return { run, calls: known };
}

function noted(call: ModelCall, { outcome, target }: Label["note"]): ModelCall {
  const contents = call.contents && { ...call.contents, target: target ?? call.contents.target };
  return { ...call, outcome: outcome ?? call.outcome, contents };
}

interface News {
  readonly command: Command;
  readonly runs: readonly Run[];
  readonly asked: readonly AskedRun[];
}

/** Reads checks and commits of the pull request, as far as there is anything left to know. */
async function labelFromBranch({ command, runs, asked }: News, turn: Turn, services: OutcomeServices) {
  const github = services.githubFor(command.pull.installationId);
  const pull = await github.pull(command.pull);
  if (pull === null) return;
  if (pull.mergeCommitSha !== null) await keepMerge(pull, pull.mergeCommitSha, turn, services);
  const signal = AbortSignal.any([turn.signal, AbortSignal.timeout(readingMs)]);
  let token: Promise<string> | null = null;
  const find: Find = async (merge) => {
    token ??= github.readToken(command.pull);
    const { cloneUrl } = pull;
    const found = await services.findResolutions({ cloneUrl, token: await token, signal, ...merge });
    // Our own merge is nobody's word on our answers.
    const isOurs = runs.some(({ report }) => report?.commitSha === found?.sha);
    return found === null || (merge.where === "merge" && isOurs) ? [] : found.files;
  };
  // Consent that was taken back ends the keeping: what people wrote later is then not theirs to train on.
  const withHunks = asked.filter(isAboutHunks);
  const mayKeep = withHunks.some(({ calls }) => calls.some(({ contents }) => contents !== null))
    ? (await services.loadPolicy(github, pull)).policy.ledger.contents
    : false;
  for (const one of asked) {
    try {
      const checked = await keep(one, await redChecks(one, { command, runs, asked }, services), services);
      if (isAboutHunks(one)) await labelFromCommits(checked, pull, { find, mayKeep }, services);
    } catch (error) {
      turn.signal.throwIfAborted();
      tellFailure(pullKey(command.pull), error, services);
    }
  }
}

/** A revert of the merge commit comes when the pull request itself has no more news. */
async function keepMerge(
  { pull }: PullDetails,
  mergeCommitSha: string,
  { mailbox, token }: Turn,
  { store }: OutcomeServices,
): Promise<void> {
  const state = await store.loadPull(pull);
  if (state === null || state.mergeCommitSha === mergeCommitSha) return;
  holdTurn(await store.savePull(mailbox, token, { ...state, mergeCommitSha }));
}

function redLabel(asked: AskedRun): Label[] {
  return labelled(
    settling(asked).filter(({ outcome }) => outcome !== null),
    "ci-red",
  );
}

function mayBeRed(asked: AskedRun, runs: readonly Run[]): boolean {
  return redLabel(asked).length > 0 && pushesOf(asked.run, runs).length > 0;
}

/** Checks that fail on the head without our commit say nothing of the commit, unless it was made to mend them. */
async function redChecks(
  asked: AskedRun,
  { command, runs }: News,
  { githubFor }: OutcomeServices,
): Promise<Label[]> {
  const label = redLabel(asked);
  if (label.length === 0) return [];
  const github = githubFor(command.pull.installationId);
  for (const { commitSha, headSha } of pushesOf(asked.run, runs)) {
    const red = await github.failedChecks(command.pull, commitSha);
    if (red.length === 0) continue;
    const before = headSha === null ? [] : await github.failedChecks(command.pull, headSha);
    if (isRed(asked.run, before, red)) return label;
  }
  return [];
}

type Find = (
  merge: Pick<ResolutionsOptions, "headSha" | "baseSha" | "tip" | "where">,
) => Promise<readonly PastFile[]>;

/** First how a person merged the same two commits, then how the hunks stand in what came into the base. */
async function labelFromCommits(
  asked: AskedRun,
  pull: PullDetails,
  { find, mayKeep }: { readonly find: Find; readonly mayKeep: boolean },
  services: OutcomeServices,
): Promise<void> {
  const { headSha, baseSha } = asked.run;
  if (headSha === null || baseSha === null) return;
  const tip = pull.head?.sha ?? headSha;
  let known = asked;
  const labelsOf = (files: readonly PastFile[]): Label[] =>
    mayKeep ? comparisons(known, files) : comparisons(known, files).flatMap(withoutTarget);
  // What somebody does in their own fork is nobody's word here: it counts once it has reached the base.
  if (tip !== headSha && isOpen(known) && !pull.fromFork) {
    const files = await find({ headSha, baseSha, tip, where: "merge" });
    known = await keep(known, labelsOf(files), services);
  }
  const { mergeCommitSha } = pull;
  if (mergeCommitSha === null || !mayBeEdited(known)) return;
  const files = await find({ headSha, baseSha, tip: mergeCommitSha, where: "tip" });
  await keep(known, labelsOf(files), services);
}

function withoutTarget({ ids, note: { outcome } }: Label): Label[] {
  return outcome === undefined ? [] : [{ ids, note: { outcome } }];
}

function isOpen(asked: AskedRun): boolean {
  if (!isAboutHunks(asked)) return false;
  return settling(asked).some(({ outcome }) => outcome === null) || asked.calls.some(wantsTarget);
}

function mayBeEdited(asked: AskedRun): boolean {
  return isOpen(asked) || settling(asked).some(({ outcome }) => outcome === "accepted");
}
