// One command on one pull request: who may, what for, and an ending in words whatever happens.
import { Command, hashBody } from "../core/command.ts";
import { AppError, messageOf } from "../core/errors.ts";
import { mayPush } from "../core/pull.ts";
import { runIdOf } from "../core/run.ts";
import type { Run } from "../core/run.ts";
import { answer, closePull, refreshPull, stopPull } from "./answer.ts";
import type { Report } from "../core/report.ts";
import { endRun } from "./end-run.ts";
import { holdTurn } from "./hold-turn.ts";
import { emptyReport } from "./reports.ts";
import { runErrand } from "./run-errand.ts";
import type { Turn } from "./process-mailbox.ts";
import type { Services } from "./services.ts";

/** Carries out a command to its end. Throws only what is worth a retry; everything else ends in the report. */
export async function processCommand(command: Command, turn: Turn, services: Services): Promise<void> {
  if (command.verb === "refresh") return refreshPull(command, turn, services);
  if (command.verb === "close") return closePull(command, turn, services);

  const refusal = await authorise(command, services);
  await services.reached("authorised");
  if (refusal !== null) {
    const reply = { kind: "declined" as const, actor: command.actor.login, text: refusal };
    return answer(command, { reply, reaction: "confused" }, turn, services);
  }
  switch (command.verb) {
    case "help": {
      const [asked = null, nearest = null] = command.args;
      return answer(
        command,
        { reply: { kind: "help", asked, nearest: verbOf(nearest) }, reaction: null },
        turn,
        services,
      );
    }
    case "status":
      return answer(
        command,
        { reply: await statusOf(command, turn, services), reaction: null },
        turn,
        services,
      );
    case "stop":
      return stopPull(command, turn, services);
    case "fix-conflicts":
    case "apply":
      return runToItsEnd(command, turn, services);
  }
}

const verbOf = (text: string | null): Command["verb"] | null =>
  Command.shape.verb.safeParse(text).data ?? null;

/** Why this command may not be carried out; `null` when it may. Asked live: payloads and stored roles can be stale. */
async function authorise(command: Command, { githubFor }: Services): Promise<string | null> {
  const github = githubFor(command.pull.installationId);
  if (command.source.kind === "comment") {
    const body = await github.commentBody(command.pull, command.source);
    if (body === null || hashBody(body) !== command.source.bodyHash) {
      return "The comment was edited or deleted before it was read. Errand acts only on a comment as it was first written: please write it again.";
    }
  }
  const permission = await github.permission(command.pull, command.actor.login);
  if (mayPush(permission)) return null;
  return `This needs write access to the repository; ${command.actor.login} has "${permission}". Ask a maintainer to write the comment.`;
}

async function statusOf(command: Command, turn: Turn, { store }: Services) {
  const state = await store.loadPull(command.pull);
  const waiting = await store.listWaiting(turn.mailbox);
  return { kind: "status" as const, phase: state?.phase ?? ("idle" as const), waiting: waiting.length - 1 };
}

/** Begins or resumes the command's run. A run that keeps failing is ended with what is known, never left silent. */
async function runToItsEnd(command: Command, turn: Turn, services: Services): Promise<void> {
  const run = await beginRun(command, turn, services);
  if (run.endedAt !== null) return;
  await services.reached("run-begun");
  try {
    if (run.attempts > services.limits.maxAttempts) {
      throw new AppError("bug", `This run was begun ${run.attempts - 1} times and never came to its end.`, {
        retryable: false,
        remedy: "Look at the worker's log for this run, then comment the command again.",
      });
    }
    await runErrand(run, turn, services);
  } catch (error) {
    if (turn.signal.aborted || turnLost(error) || mayRetry(error, run, services)) throw error;
    services.log.error({ runId: run.id, error: messageOf(error) }, "run failed");
    await endRun(run, { report: failure(run, error), details: null }, turn, services);
  }
}

async function beginRun(command: Command, turn: Turn, { store, now }: Services): Promise<Run> {
  const id = runIdOf(command);
  const known = await store.loadRun(id);
  const run: Run = known
    ? { ...known, attempts: known.attempts + 1 }
    : {
        id,
        command,
        startedAt: now(),
        endedAt: null,
        attempts: 1,
        headSha: null,
        baseSha: null,
        report: null,
      };
  if (run.endedAt === null) holdTurn(await store.saveRun(turn.mailbox, turn.token, run));
  return run;
}

export function turnLost(error: unknown): boolean {
  return error instanceof AppError && error.code === "turn-lost";
}

/** An unknown error counts as retryable: it is more often a passing fault than a bug, and attempts are counted. */
function mayRetry(error: unknown, run: Run, { limits }: Services): boolean {
  const retryable = error instanceof AppError ? error.retryable : true;
  return retryable && run.attempts < limits.maxAttempts;
}

function failure(run: Run, error: unknown): Report {
  const ending = error instanceof AppError && error.code === "stale-head" ? "stale" : "failed";
  const what = error instanceof AppError ? error.message : "Something unexpected stopped this run.";
  const remedy =
    error instanceof AppError
      ? error.remedy
      : "Comment the command again; if it fails again, report it with the run's id.";
  return emptyReport(run, ending, `${what} ${remedy}`);
}
