// Commands that make no run: help, status, stop, refusals, and what GitHub's own events ask for.
import type { Command } from "../core/command.ts";
import type { Reaction } from "../core/github.ts";
import type { Reply } from "../core/render.ts";
import { idlePull } from "../core/run.ts";
import type { PullState } from "../core/run.ts";
import { itemId } from "../core/command.ts";
import { authorise } from "./authorise.ts";
import { permanentFailure } from "./permanent-failure.ts";
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
  const github = services.githubFor(command.pull.installationId);
  const untold = await permanentFailure(() =>
    updateComment(command.pull, { reply, running: null }, turn, services),
  );
  if (untold !== null)
    services.log.error({ command: command.id, why: untold }, "answer could not be written");
  if (reaction) await permanentFailure(() => github.react(command.pull, command.source, reaction));
}

/**
 * Nothing starts by itself on this pull request until somebody asks again. What was asked before the stop has ended by now, stopped
 * (`stopRequested`); what was asked after it is a new wish and stays.
 */
export async function stopPull(command: Command, turn: Turn, services: Services): Promise<void> {
  await saveState(command, { phase: "paused", proposal: null }, turn, services);
  await answer(command, { reply: { kind: "stopped" }, reaction: "rocket" }, turn, services);
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

/**
 * What was proposed on a closed pull request is dropped; it may be opened again and something else asked. A stop outlasts it: whoever closes and opens it need
 * not be one who may ask.
 */
export async function closePull(command: Command, turn: Turn, services: Services): Promise<void> {
  const isStopped = (await services.store.loadPull(command.pull))?.phase === "paused";
  await saveState(command, { phase: isStopped ? "paused" : "idle", proposal: null }, turn, services);
}

/**
 * Why this command is to end without a push, in words: somebody who may said stop behind it, or the pull request was closed. `null`: go on.
 * `refused` gathers, and passes over, the stops of those who may not: for who asks again and again.
 */
export async function stopRequested(
  command: Command,
  turn: Turn,
  services: Pick<Services, "store" | "githubFor">,
  refused = new Set<string>(),
): Promise<string | null> {
  const waiting = await services.store.listWaiting(turn.mailbox);
  for (const item of waiting) {
    if (itemId(item) === command.id || item.kind !== "command") continue;
    const { verb, actor } = item.command;
    if (verb === "close") return "Stopped before anything was pushed, because the pull request was closed.";
    if (verb !== "stop" || refused.has(item.command.id)) continue;
    if ((await authorise(item.command, services)).granted)
      return `Stopped before anything was pushed, because ${actor.login} asked for it.`;
    refused.add(item.command.id);
  }
  return null;
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
