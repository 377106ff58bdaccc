// One command on one pull request: who may, what for, and an ending in words whatever happens.
import { Command, Errand, isAutomatic } from "../core/command.ts";
import type { userVerbs } from "../core/command.ts";
import { AppError, messageOf } from "../core/errors.ts";
import { runIdOf } from "../core/run.ts";
import type { Run } from "../core/run.ts";
import { answer, closePull, refreshPull, stopPull } from "./answer.ts";
import { authorise } from "./authorise.ts";
import type { Report } from "../core/report.ts";
import { endRun } from "./end-run.ts";
import { labelOutcomes } from "./label-outcomes.ts";
import { holdTurn, turnLost } from "./hold-turn.ts";
import { emptyReport } from "./reports.ts";
import { isUnmeant } from "./rerequested.ts";
import { runErrand } from "./run-errand.ts";
import { noteAsked, notePush } from "./automatic/after-push.ts";
import { onBaseMoved } from "./automatic/base-moved.ts";
import { onChecksEnded } from "./automatic/checks-ended.ts";
import { whyNotAutomatic } from "./automatic/start.ts";
import type { Turn } from "./process-mailbox.ts";
import type { Services } from "./services.ts";

/** Carries out a command to its end. Throws only what is worth a retry; everything else ends in the report. */
export async function processCommand(command: Command, turn: Turn, services: Services): Promise<void> {
  await carryOut(command, turn, services);
  // After its effects, and before it leaves the inbox: a crash in between repeats it.
  if (bringsNews.has(command.verb)) await labelOutcomes(command, turn, services);
}

/** Commands after which more may be known of what models answered. */
const bringsNews: ReadonlySet<Command["verb"]> = new Set([
  "fix-conflicts",
  "fix-tests",
  "write-tests",
  "apply",
  "refresh",
  "close",
  "checks-ended",
]);

async function carryOut(command: Command, turn: Turn, services: Services): Promise<void> {
  const { verb } = command;
  // What GitHub's events ask for: nothing that needs anybody's word.
  if (verb === "refresh") {
    await notePush(command, turn, services);
    await refreshPull(command, turn, services);
    // Checks of a branch may have ended before there was a pull request that they could name.
    return isOpened(command) ? onChecksEnded(command, turn, services) : undefined;
  }
  if (verb === "close") return closePull(command, turn, services);
  if (verb === "checks-ended") return onChecksEnded(command, turn, services);
  if (verb === "base-moved") return onBaseMoved(command, turn, services);
  if (isAutomatic(command)) return carryOutAutomatic(command, turn, services);
  if (await isUnmeant(command, turn.mailbox, services.store)) return;
  return carryOutAsked(command, verb, turn, services);
}

/** Nobody asked, so nobody is answered where it may not begin. */
async function carryOutAutomatic(command: Command, turn: Turn, services: Services): Promise<void> {
  const why = await whyNotAutomatic(command, services);
  await services.reached("authorised");
  if (why === null) return runToItsEnd(command, turn, services);
  services.log.info({ command: command.id, why }, "automatic run not begun");
}

async function carryOutAsked(
  command: Command,
  verb: (typeof userVerbs)[number],
  turn: Turn,
  services: Services,
): Promise<void> {
  const authority = await authorise(command, services);
  await services.reached("authorised");
  if (!authority.granted) {
    const reply = { kind: "declined" as const, actor: command.actor.login, text: authority.why };
    return answer(command, { reply, reaction: "confused" }, turn, services);
  }
  if (changesBranch(verb)) await noteAsked(command, turn, services);
  switch (verb) {
    case "help":
      return answer(command, { reply: helpFor(command, authority.known), reaction: null }, turn, services);
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
    case "fix-tests":
    case "write-tests":
    case "apply":
      return runToItsEnd(command, turn, services);
  }
}

const isOpened = ({ source }: Command): boolean =>
  source.kind === "event" && ["pull_request.opened", "pull_request.reopened"].includes(source.event);

const changesBranch = (verb: Command["verb"]): boolean => verb === "apply" || Errand.safeParse(verb).success;

/** A stranger's words are not repeated: nobody can make the app say something. */
function helpFor({ args }: Command, known: boolean) {
  const [asked = null, nearest = null] = known ? args : [null, args[1]];
  return { kind: "help" as const, asked, nearest: verbOf(nearest) };
}

const verbOf = (text: string | null): Command["verb"] | null =>
  Command.shape.verb.safeParse(text).data ?? null;

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
    if (turn.signal.aborted || turnLost(error)) throw error;
    if (mayRetry(error, run, services)) {
      await forgetAttempt(run, error, turn, services);
      throw error;
    }
    services.log.error({ runId: run.id, error: messageOf(error) }, "run failed");
    const stored = (await services.store.loadRun(run.id)) ?? run;
    const report = lastWord(stored, error, await isUntouched(stored, services));
    await endRun(stored, { report, details: null }, turn, services);
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
        errand: null,
        endedAt: null,
        attempts: 1,
        headSha: null,
        baseSha: null,
        report: null,
        settlements: [],
        edits: null,
      };
  if (run.endedAt === null) holdTurn(await store.saveRun(turn.mailbox, turn.token, run));
  return run;
}

/** Waiting because GitHub said so is no failure of the run: it does not use up its attempts. */
async function forgetAttempt(run: Run, error: unknown, turn: Turn, { store }: Services): Promise<void> {
  if (!(error instanceof AppError) || error.retryAfterMs === undefined) return;
  const stored = (await store.loadRun(run.id)) ?? run;
  holdTurn(
    await store.saveRun(turn.mailbox, turn.token, { ...stored, attempts: Math.max(0, run.attempts - 1) }),
  );
}

/** An unknown error counts as retryable: it is more often a passing fault than a bug, and attempts are counted. */
function mayRetry(error: unknown, run: Run, { limits }: Services): boolean {
  const retryable = error instanceof AppError ? error.retryable : true;
  return retryable && run.attempts < limits.maxAttempts;
}

/** Whether the branch is where the run found it, so that nothing can have been pushed. `false` also where GitHub does not say. */
async function isUntouched({ command, headSha, report }: Run, { githubFor }: Services): Promise<boolean> {
  if (report === null) return true;
  try {
    const pull = await githubFor(command.pull.installationId).pull(command.pull);
    return pull?.head?.sha === headSha;
  } catch {
    return false;
  }
}

/** What is true of a run that could not go on: what was stored of it and what the branch shows decide, not the error alone. */
function lastWord(run: Run, error: unknown, untouched: boolean): Report {
  const what = error instanceof AppError ? error.message : "Something unexpected stopped this run.";
  const remedy =
    error instanceof AppError
      ? error.remedy
      : "Comment the command again; if it fails again, report it with the run's id.";
  const words = `${what} ${remedy}`;
  if (run.report?.commitSha != null) {
    return { ...run.report, notes: [...run.report.notes, `After the push something failed. ${words}`] };
  }
  const ending = error instanceof AppError && error.code === "stale-head" ? "stale" : "failed";
  const pushed = untouched
    ? "Nothing was pushed."
    : "The push was begun, and whether it arrived is not known: look at the branch first.";
  return emptyReport(run, ending, `${pushed} ${words}`);
}
