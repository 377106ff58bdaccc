// Commands that make no run: help, status, stop, refusals, and what GitHub's own events ask for.
import type { Command } from "../core/command.ts";
import type { Reaction } from "../core/github.ts";
import type { Reply } from "../core/render.ts";
import { idlePull } from "../core/run.ts";
import type { PullState } from "../core/run.ts";
import { itemId } from "../core/command.ts";
import { updateComment } from "./sticky-comment.ts";
import { holdTurn } from "./hold-turn.ts";
import type { Turn } from "./process-mailbox.ts";
import type { Services } from "./services.ts";

/** Answers in the sticky comment and, where one is due, with a reaction on the comment that asked. */
export async function answer(
  command: Command,
  { reply, reaction }: { reply: Reply; reaction: Reaction | null },
  turn: Turn,
  services: Services,
): Promise<void> {
  await updateComment(command.pull, { reply, running: null }, turn, services);
  if (reaction)
    await services.githubFor(command.pull.installationId).react(command.pull, command.source, reaction);
}

/** Nothing starts by itself on this pull request until somebody asks again; waiting commands are dropped. */
export async function stopPull(command: Command, turn: Turn, services: Services): Promise<void> {
  const cancelled = await services.store.cancelWaiting(turn.mailbox, command.id);
  await saveState(command, { phase: "paused", proposal: null }, turn, services);
  await answer(command, { reply: { kind: "stopped", cancelled }, reaction: "rocket" }, turn, services);
}

/** Drops a proposal whose head or base is no longer what it was made for. */
export async function refreshPull(command: Command, turn: Turn, services: Services): Promise<void> {
  const state = await services.store.loadPull(command.pull);
  if (!state?.proposal) return;
  const pull = await services.githubFor(command.pull.installationId).pull(command.pull);
  const { headSha, baseSha } = state.proposal;
  if (pull?.head?.sha === headSha && pull.base.sha === baseSha) return;
  await saveState(command, { phase: "idle", proposal: null }, turn, services);
}

/** A closed pull request has no work waiting. */
export async function closePull(command: Command, turn: Turn, services: Services): Promise<void> {
  const cancelled = await services.store.cancelWaiting(turn.mailbox, command.id);
  if (cancelled > 0)
    services.log.info({ mailbox: turn.mailbox, cancelled }, "pull request closed, waiting commands dropped");
  await saveState(command, { phase: "idle", proposal: null }, turn, services);
}

/** Whether somebody asked to stop while this command was being carried out; whether they may is asked when their turn comes. */
export async function stopRequested(command: Command, turn: Turn, services: Services): Promise<boolean> {
  const waiting = await services.store.listWaiting(turn.mailbox);
  return waiting.some(
    (item) =>
      itemId(item) !== command.id &&
      item.kind === "command" &&
      (item.command.verb === "stop" || item.command.verb === "close"),
  );
}

async function saveState(
  { pull }: Command,
  change: Pick<PullState, "phase" | "proposal">,
  { mailbox, token }: Turn,
  { store }: Services,
): Promise<void> {
  const state = (await store.loadPull(pull)) ?? idlePull(pull);
  holdTurn(await store.savePull(mailbox, token, { ...state, ...change }));
}
