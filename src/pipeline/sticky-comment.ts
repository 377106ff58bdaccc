// The one comment of a pull request: what is running, what was answered, and the last report, always shown together.
import type { PullDetails, PullRef } from "../core/pull.ts";
import type { CommentView } from "../core/render.ts";
import { idlePull } from "../core/run.ts";
import type { Run } from "../core/run.ts";
import { holdTurn } from "./hold-turn.ts";
import type { Turn } from "./process-mailbox.ts";
import type { Services } from "./services.ts";

/** How many ended runs are listed under the newest report. */
const historyLength = 10;

/**
 * Writes the comment anew from what is stored plus `change`. Its id is remembered before anything else happens,
 * so that a second worker edits instead of adding.
 */
export async function updateComment(
  pull: PullRef,
  change: Pick<CommentView, "reply" | "running"> & { ended?: Run; details?: PullDetails },
  turn: Turn,
  { store, githubFor, render }: Pick<Services, "store" | "githubFor" | "render">,
): Promise<{ id: number; url: string }> {
  const state = (await store.loadPull(pull)) ?? idlePull(pull);
  const stored = await store.listRuns(turn.mailbox, historyLength + 1);
  const runs = change.ended ? [change.ended, ...stored.filter(({ id }) => id !== change.ended?.id)] : stored;
  const ended = runs.filter(({ endedAt }) => endedAt !== null);
  const body = render.comment({
    pull: change.details ?? null,
    running: change.running,
    reply: change.reply,
    report: ended[0]?.report ?? null,
    history: ended.slice(1, historyLength + 1),
  });
  const comment = await githubFor(pull.installationId).upsertComment(pull, body, state.commentId);
  if (comment.id !== state.commentId)
    holdTurn(await store.savePull(turn.mailbox, turn.token, { ...state, commentId: comment.id }));
  return comment;
}
