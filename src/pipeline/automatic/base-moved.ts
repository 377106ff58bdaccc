// A base branch has moved: its open pull requests may have come into conflict with it.
import { isAutomatic } from "../../core/command.ts";
import type { Command, Notice } from "../../core/command.ts";
import { AppError } from "../../core/errors.ts";
import { pullKey } from "../../core/pull.ts";
import { idlePull } from "../../core/run.ts";
import type { Turn } from "../process-mailbox.ts";
import type { Services } from "../services.ts";
import { mayResolve, stateAllows } from "./may-start.ts";
import { startAutomatic } from "./start.ts";

/** Pull requests that are looked at after one push, the newest. */
const mostPulls = 30;
/**
 * Milliseconds before the first is looked at, and between two: GitHub needs some to find out what can be merged. All of them wait less than a minute, since
 * a wake-up that waits keeps back what people ask for on that pull request.
 */
const firstLookMs = 5_000;
const betweenLooksMs = 1_500;
/** Milliseconds between two looks at a pull request of which GitHub does not know yet, and how long it is looked at. */
const againMs = 30_000;
const patienceMs = 90_000;

type Pushed = Extract<Notice, { kind: "branch-pushed" }>;

/** Asks for a look at each open pull request into the branch, if the repository wants conflicts to be resolved unasked. */
export async function askAfterBaseMoved(
  { id, installationId, owner, repo, branch, sha }: Pushed,
  { store, wakeUps, githubFor, loadPolicy }: Pick<Services, "store" | "wakeUps" | "githubFor" | "loadPolicy">,
): Promise<void> {
  const github = githubFor(installationId);
  const pulls = await github.openPulls({ installationId, owner, repo }, branch, mostPulls);
  const [newest] = pulls;
  const details = newest === undefined ? null : await github.pull(newest);
  if (details === null) return;
  if ((await loadPolicy(github, details)).policy.auto.conflicts === "off") return;
  for (const [index, pull] of pulls.slice(0, mostPulls).entries()) {
    const command: Command = {
      id: `${id}/base-moved/${pull.number}`,
      pull,
      actor: { login: "github", type: "Bot" },
      verb: "base-moved",
      args: [sha],
      headSha: null,
      source: { kind: "event", event: "push" },
    };
    await store.accept(command.id, { kind: "command", command });
    await wakeUps.wake(pullKey(pull), { delayMs: firstLookMs + index * betweenLooksMs });
  }
}

/** Starts a run where the pull request is in conflict with its base and one may start. Every step can be repeated. */
export async function onBaseMoved(
  command: Command,
  turn: Turn,
  services: Pick<Services, "store" | "wakeUps" | "githubFor" | "loadPolicy" | "log" | "now">,
): Promise<void> {
  const state = (await services.store.loadPull(command.pull)) ?? idlePull(command.pull);
  if (!stateAllows(state, null).start || (await isForestalled(command, turn, services))) return;
  const github = services.githubFor(command.pull.installationId);
  const pull = await github.pull(command.pull);
  if (!pull?.head || pull.mergeable === true) return;
  const { policy } = await services.loadPolicy(github, pull);
  const botLogin = await github.botLogin();
  if (!mayResolve({ policy, pull, state, botLogin }).start) return;
  if (pull.mergeable === null) return lookAgain(command, turn, services);
  const { sha: headSha } = pull.head;
  const [baseSha = pull.base.sha] = command.args;
  const run = {
    verb: "fix-conflicts" as const,
    pull: command.pull,
    headSha,
    baseSha,
    event: "push",
    botLogin,
  };
  await startAutomatic(run, turn, services);
}

/** Whether a newer base is waiting to be looked at, or a run that will meet this one. The run that this very look has asked for is none. */
async function isForestalled(
  { id, args: [sha = ""] }: Command,
  { mailbox }: Turn,
  { store }: Pick<Services, "store">,
): Promise<boolean> {
  const waiting = await store.listWaiting(mailbox);
  return waiting.some((item) => {
    if (item.kind !== "command" || item.command.id === id) return false;
    const { command } = item;
    const isOwn = isAutomatic(command) && command.id.endsWith(`/${sha}`);
    return command.verb === "base-moved" || (command.verb === "fix-conflicts" && !isOwn);
  });
}

/**
 * GitHub has not found out yet. The first look puts a second one, with its last moment, behind what else waits here; that one waits in the queue, unless
 * something has come behind it meanwhile: then it steps back once more, so that nobody waits for it.
 */
async function lookAgain(
  { id, args, ...rest }: Command,
  { mailbox }: Turn,
  { store, wakeUps, now, log }: Pick<Services, "store" | "wakeUps" | "now" | "log">,
): Promise<void> {
  const [sha = "", until] = args;
  if (until !== undefined && now() >= Number(until)) {
    log.info({ command: id }, "GitHub did not find out in time whether it can be merged");
    return;
  }
  const isAlone = (await store.listWaiting(mailbox)).length <= 1;
  if (until !== undefined && isAlone)
    throw new AppError("github", "GitHub has not found out yet whether this pull request can be merged.", {
      retryable: true,
      remedy: "Nothing to do: it is asked again in half a minute, three times at most.",
      retryAfterMs: againMs,
    });
  const command = { ...rest, id: `${id}/again`, args: [sha, until ?? String(now() + patienceMs)] };
  await store.accept(command.id, { kind: "command", command });
  await wakeUps.wake(mailbox);
}
