// Our own commit has been judged: what CI said of it goes into the report of the run that pushed it.
import type { CheckSummary } from "../../core/failed-check.ts";
import type { PullDetails, PullRef } from "../../core/pull.ts";
import { idlePull } from "../../core/run.ts";
import { holdTurn } from "../hold-turn.ts";
import { permanentFailure } from "../permanent-failure.ts";
import type { Turn } from "../process-mailbox.ts";
import type { Services } from "../services.ts";
import { updateComment } from "../sticky-comment.ts";

/** Failed checks that are named, and characters of each name. */
const mostNames = 5;
const mostCharacters = 80;

/** How the note begins, by which a second telling finds the first. */
const opening = "CI on our commit:";

const count = (n: number): string => `${n} check${n === 1 ? "" : "s"}`;

/** What CI said, in a sentence. Names are other people's words: cut, and in one line; the renderer escapes them. */
export function ciInWords({ failed, passed }: Pick<CheckSummary, "failed" | "passed">): string {
  if (failed.length === 0)
    return passed === 0
      ? `${opening} its checks have ended, and none of them says passed or failed.`
      : `${opening} ${count(passed)} passed.`;
  const names = failed
    .slice(0, mostNames)
    .map((name) => name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ").slice(0, mostCharacters));
  const more = failed.length > mostNames ? ` and ${failed.length - mostNames} more` : "";
  return `${opening} ${count(failed.length)} failed: ${names.join(", ")}${more}; ${passed} passed.`;
}

/** What stands in place of CI's word where it may not be read. `why`: what happened and what to do, in sentences. */
export const unreadInWords = (why: string): string => `${opening} what it says could not be read. ${why}`;

interface EndedWait {
  readonly sha: string;
  /** The run that pushed it. */
  readonly runId: string;
  readonly pull: PullRef;
  readonly details: PullDetails | null;
  /** `ciInWords` or `unreadInWords`, and what comes of it. */
  readonly note: string;
  /** `null` where they could not be read. */
  readonly checks: CheckSummary | null;
}

/** Report, comment, check run, and the state last, so that a crash repeats the rest. What GitHub refuses for good is left out. */
export async function endWait(wait: EndedWait, turn: Turn, services: Services): Promise<void> {
  const { sha, runId, pull, details, note, checks } = wait;
  const { store, githubFor, render, log } = services;
  const run = await store.loadRun(runId);
  if (run?.report) {
    const notes = [...run.report.notes.filter((text) => !text.startsWith(opening)), note];
    const report = { ...run.report, notes };
    holdTurn(await store.saveRun(turn.mailbox, turn.token, { ...run, report }));
    const check = render.check(report, { sha, number: pull.number });
    const told = [
      () => updateComment(pull, { reply: null, running: null, ...(details && { details }) }, turn, services),
      () => githubFor(pull.installationId).upsertCheck(pull, check),
    ];
    for (const tell of told) {
      const why = await permanentFailure(tell);
      if (why !== null) log.error({ runId, why }, "what CI said could not be told");
    }
  }
  const state = (await store.loadPull(pull)) ?? idlePull(pull);
  const ended = checks?.failed.length === 0 ? "done" : "handed_off";
  // A stop while it waited holds until somebody asks again.
  const phase = state.phase === "paused" ? "paused" : ended;
  holdTurn(await store.savePull(turn.mailbox, turn.token, { ...state, phase, waitingFor: null }));
  const counts = checks && { passed: checks.passed, failed: checks.failed.length };
  log.info({ runId, sha, ...counts }, "checks of our commit have ended");
}
