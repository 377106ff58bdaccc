// Starting a run that nobody asked for: into the inbox, so that it takes its turn and survives a crash like every other.
import { automaticPrefix, isAutomatic } from "../../core/command.ts";
import type { Command } from "../../core/command.ts";
import { pullKey } from "../../core/pull.ts";
import type { PullRef } from "../../core/pull.ts";
import { idlePull, runIdOf } from "../../core/run.ts";
import { holdTurn } from "../hold-turn.ts";
import type { Turn } from "../process-mailbox.ts";
import type { Services } from "../services.ts";
import { pullAllows } from "./may-start.ts";

interface AutomaticRun {
  readonly verb: "fix-tests" | "fix-conflicts";
  readonly pull: PullRef;
  readonly headSha: string;
  /** The base's commit for conflicts; `null` where the head alone is what it is about. */
  readonly baseSha: string | null;
  /** GitHub's news that started it: "check_suite.completed". */
  readonly event: string;
  /** In whose name it runs: our own. */
  readonly botLogin: string;
}

function commandOf({ verb, pull, headSha, baseSha, event, botLogin }: AutomaticRun): Command {
  const parts = [verb, pullKey(pull), headSha, ...(baseSha === null ? [] : [baseSha])];
  return {
    id: `${automaticPrefix}${parts.join("/")}`,
    pull,
    actor: { login: botLogin, type: "Bot" },
    verb,
    args: [],
    headSha,
    source: { kind: "event", event },
  };
}

/**
 * Puts the run into the pull request's inbox and counts it. The inbox takes each id once, so however often this is repeated, and wherever it was cut off,
 * there is one run for each head (and base). Whoever calls it holds the turn, so nothing of it is carried out before it is counted.
 */
export async function startAutomatic(
  run: AutomaticRun,
  { mailbox, token }: Turn,
  { store, wakeUps, log }: Pick<Services, "store" | "wakeUps" | "log">,
): Promise<void> {
  const command = commandOf(run);
  const outcome = await store.accept(command.id, { kind: "command", command });
  const state = (await store.loadPull(run.pull)) ?? idlePull(run.pull);
  const { automatic } = state;
  if (outcome === "accepted" || !automatic.heads.includes(run.headSha)) {
    const heads = [...automatic.heads, run.headSha];
    holdTurn(await store.savePull(mailbox, token, { ...state, automatic: { ...automatic, heads } }));
  }
  await wakeUps.wake(mailbox);
  log.info({ command: command.id, outcome }, "automatic run asked for");
}

/**
 * The authority of an automatic run, which has no asker: why it is not to be begun, by what the pull request and the policy are now; `null`: go on. Only
 * commands that we made ourselves are trusted. A run that was begun is carried to its end, whose push rule reads the policy again.
 */
export async function whyNotAutomatic(
  command: Command,
  { store, githubFor, loadPolicy }: Pick<Services, "store" | "githubFor" | "loadPolicy">,
): Promise<string | null> {
  const { verb, headSha } = command;
  if (!isAutomatic(command) || (verb !== "fix-tests" && verb !== "fix-conflicts"))
    return "It is no automatic run of ours.";
  if ((await store.loadRun(runIdOf(command))) !== null) return null;
  const github = githubFor(command.pull.installationId);
  const pull = await github.pull(command.pull);
  if (pull === null || pull.head?.sha !== headSha)
    return "The branch has moved, or the pull request is gone.";
  const { auto } = (await loadPolicy(github, pull)).policy;
  const setting = verb === "fix-tests" ? "checks" : "conflicts";
  if (auto[setting] === "off") return `This repository's settings say "auto.${setting}: off".`;
  if (!pullAllows(pull, auto, await github.botLogin()).start)
    return "The pull request is closed, or its author, branch, labels or settings keep it from automatic runs.";
  return null;
}
