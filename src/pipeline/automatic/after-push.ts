// What people do to a pull request decides whether anything goes on by itself there.
import type { Actor, Command } from "../../core/command.ts";
import { idlePull } from "../../core/run.ts";
import type { AutomaticState, PullState, Run } from "../../core/run.ts";
import { holdTurn } from "../hold-turn.ts";
import type { Turn } from "../process-mailbox.ts";
import type { Services } from "../services.ts";

const pausedBy =
  "A person has pushed since Errand's own commit, so nothing starts here by itself until somebody asks for something.";

/**
 * A person's push on top of our commit, or in its place, is somebody at work: nothing starts by itself until somebody asks. Our own push, and one of another
 * program, changes nothing. `ownSha`: the commit of ours that the branch had last; `null` where it had none.
 */
export function afterPush(
  { automatic }: Pick<PullState, "automatic">,
  push: {
    readonly sender: Actor;
    readonly headSha: string;
    readonly ownSha: string | null;
    readonly botLogin: string;
  },
): AutomaticState {
  const { sender, headSha, ownSha, botLogin } = push;
  const isPerson = sender.type === "User" && sender.login.toLowerCase() !== botLogin.toLowerCase();
  if (!isPerson || ownSha === null || headSha === ownSha || automatic.paused !== null) return automatic;
  return { ...automatic, paused: pausedBy };
}

/** The commit of ours that the last run left the branch with, or found it with. */
function ownShaOf({ waitingFor, lastRunId }: PullState, runs: readonly Run[]): string | null {
  if (waitingFor !== null) return waitingFor.sha;
  const last = runs.find(({ id }) => id === lastRunId);
  if (last?.report?.commitSha != null) return last.report.commitSha;
  const isOurs = runs.some(({ report }) => report?.commitSha != null && report.commitSha === last?.headSha);
  return isOurs ? (last?.headSha ?? null) : null;
}

/** Runs among which the one that pushed is looked for. */
const mostRuns = 10;

/** For every `refresh`: takes note of a person's push. Nothing is asked of GitHub but where we have pushed before. */
export async function notePush(
  { pull, actor, headSha, source }: Command,
  { mailbox, token }: Turn,
  { store, githubFor }: Pick<Services, "store" | "githubFor">,
): Promise<void> {
  if (source.kind !== "event" || source.event !== "pull_request.synchronize" || headSha === null) return;
  const state = await store.loadPull(pull);
  if (state === null) return;
  const ownSha = ownShaOf(state, await store.listRuns(mailbox, mostRuns));
  if (ownSha === null) return;
  const botLogin = await githubFor(pull.installationId).botLogin();
  const automatic = afterPush(state, { sender: actor, headSha, ownSha, botLogin });
  if (automatic !== state.automatic) holdTurn(await store.savePull(mailbox, token, { ...state, automatic }));
}

/** Once somebody who may has asked for something, counting begins anew. */
export async function noteAsked(
  { pull }: Command,
  { mailbox, token }: Turn,
  { store }: Pick<Services, "store">,
): Promise<void> {
  const state = (await store.loadPull(pull)) ?? idlePull(pull);
  const { heads, paused } = state.automatic;
  if (heads.length === 0 && paused === null) return;
  holdTurn(await store.savePull(mailbox, token, { ...state, automatic: { heads: [], paused: null } }));
}
