// Checks have ended: of our own commit, which waits for them, or of a head on which something may start by itself.
import type { Command } from "../../core/command.ts";
import type { CheckSummary } from "../../core/failed-check.ts";
import type { GitHub } from "../../core/github.ts";
import type { PullDetails, PullRef } from "../../core/pull.ts";
import { idlePull } from "../../core/run.ts";
import type { PullState } from "../../core/run.ts";
import type { Turn } from "../process-mailbox.ts";
import type { Services } from "../services.ts";
import { refusalOf } from "../permanent-failure.ts";
import { ciInWords, endWait, unreadInWords } from "./end-wait.ts";
import { mayStart, stateAllows } from "./may-start.ts";
import type { Start } from "./may-start.ts";
import { startAutomatic } from "./start.ts";

/** Ends the wait of our own commit, and starts a run where checks fail and one may start. Every step can be repeated. */
export async function onChecksEnded(command: Command, turn: Turn, services: Services): Promise<void> {
  const { headSha: sha } = command;
  const state = (await services.store.loadPull(command.pull)) ?? idlePull(command.pull);
  if (sha === null || !mayMatter(state, sha)) return;
  const github = services.githubFor(command.pull.installationId);
  const waits = state.waitingFor?.sha === sha ? state.waitingFor : null;
  const ended = await lookAt(command.pull, sha, waits !== null, github);
  if (ended === null) return;
  if (typeof ended === "string") return tellUnread(command, waits, ended, { turn, services });
  const decision = await decideOn({ state, sha, ...ended }, github, services);
  if (waits !== null) await tellEnded(waits, ended, decision, { turn, services });
  if (decision.start) await startFix({ ...command, headSha: sha }, await github.botLogin(), turn, services);
}

type Waits = NonNullable<PullState["waitingFor"]>;

interface Held {
  readonly turn: Turn;
  readonly services: Services;
}

function tellEnded(
  waits: Waits,
  { pull: details, checks }: Ended,
  decision: Start,
  { turn, services }: Held,
): Promise<void> {
  const next = decision.start ? "Errand looks into it by itself." : (decision.why ?? "");
  const note = `${ciInWords(checks)} ${next}`.trimEnd();
  return endWait({ ...waits, pull: details.pull, details, note, checks }, turn, services);
}

/** Whoever was promised CI's word is told why it does not come. Of others' commits the log alone tells: nobody waits for anything there. */
async function tellUnread(
  { id, pull }: Command,
  waits: Waits | null,
  why: string,
  { turn, services }: Held,
): Promise<void> {
  services.log.error({ command: id, why }, "the checks could not be read");
  if (waits === null) return;
  const told = { pull, details: null, note: unreadInWords(why), checks: null };
  await endWait({ ...waits, ...told }, turn, services);
}

interface Ended {
  readonly pull: PullDetails;
  readonly checks: CheckSummary;
}

/**
 * `null` where some have not ended yet, or nobody waits for a commit that the branch has left. Why they may not be read, in words, where GitHub refuses for good:
 * who waits for them is to be told. Throws what a retry may mend.
 */
async function lookAt(
  ref: PullRef,
  sha: string,
  isWaitedFor: boolean,
  github: GitHub,
): Promise<Ended | string | null> {
  try {
    return await endedAt(ref, sha, isWaitedFor, github);
  } catch (error) {
    const why = refusalOf(error);
    if (why === null) throw error;
    return why;
  }
}

async function endedAt(
  ref: PullRef,
  sha: string,
  isWaitedFor: boolean,
  github: GitHub,
): Promise<Ended | null> {
  const pull = await github.pull(ref);
  if (pull === null || (!isWaitedFor && pull.head?.sha !== sha)) return null;
  const checks = await github.checkSummary(ref, sha);
  return checks.pending > 0 ? null : { pull, checks };
}

/** Most ends of checks matter to nobody: GitHub is not asked about those. */
function mayMatter(state: PullState, sha: string): boolean {
  if (state.waitingFor?.sha === sha) return true;
  return !state.automatic.heads.includes(sha) && stateAllows(state, sha).start;
}

function startFix(
  { pull, headSha, source, verb }: Command & { readonly headSha: string },
  botLogin: string,
  turn: Turn,
  services: Services,
): Promise<void> {
  const event = source.kind === "event" ? source.event : verb;
  return startAutomatic({ verb: "fix-tests", pull, headSha, baseSha: null, event, botLogin }, turn, services);
}

/** The policy is read only where something has failed. */
async function decideOn(
  found: Ended & { readonly state: PullState; readonly sha: string },
  github: GitHub,
  { store, loadPolicy, sandbox }: Pick<Services, "store" | "loadPolicy" | "sandbox">,
): Promise<Start> {
  // Without a sandbox every red pull request would get a comment that says so.
  if (found.checks.failed.length === 0 || sandbox.kind === "unavailable") return { start: false, why: null };
  const { lastRunId } = found.state;
  const last = lastRunId === null ? null : await store.loadRun(lastRunId);
  // Whoever asked for just this has its answer: checks that were started again are no news.
  if (last?.report?.errand === "fix-tests" && last.headSha === found.sha && last.report.commitSha === null)
    return { start: false, why: null };
  const { policy } = await loadPolicy(github, found.pull);
  return mayStart({ ...found, policy, botLogin: await github.botLogin() });
}
