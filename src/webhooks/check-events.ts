// Events of checks: buttons of ours that were pressed, and checks of others that have ended.
import type { z } from "zod";
import { errands } from "../core/command.ts";
import type { Errand, InboxItem } from "../core/command.ts";
import { checkNames } from "../core/github.ts";
import { command, isPerson } from "./asked.ts";
import type { Origin, Self } from "./asked.ts";
import type * as payloads from "./payloads.ts";

/** Pull requests with one head that are looked at. */
const mostPulls = 10;

type CheckRun = z.infer<typeof payloads.checkRunChanged>["check_run"];

/**
 * The pull requests a check belongs to. GitHub names those whose head is in this repository; it names none for a fork, and it may name pull
 * requests that this repository opened elsewhere, which are not ours to touch.
 */
function pullsOf(checked: Pick<CheckRun, "pull_requests">, { repository }: Origin): readonly number[] {
  return checked.pull_requests
    .filter(({ base }) => base.repo.id === repository.id)
    .map(({ number }) => number)
    .slice(0, mostPulls);
}

/** What a check run of ours is about, by its name; those of versions that knew one errand alone are of conflicts. */
const errandOfCheck = (name: string | null | undefined): Errand =>
  errands.find((errand) => checkNames[errand] === name) ?? "fix-conflicts";

/** A click has no time stamp of its own; those of the check and its suite change with every run that ends. */
function clickId(payload: Origin & { check_run: CheckRun }, what: string): string {
  const { check_run: check, sender } = payload;
  return `check/${check.id}/${what}/${sender.login}/${check.completed_at ?? ""}/${check.check_suite?.updated_at ?? ""}`;
}

export function onCheckRerequested(
  payload: z.infer<typeof payloads.checkRunChanged>,
  { appId }: Self,
): InboxItem[] {
  const { check_run: check, sender } = payload;
  if (check.app?.id !== appId || !isPerson(sender)) return [];
  return pullsOf(check, payload).map((number) =>
    command(payload, {
      id: `${clickId(payload, "rerequested")}/${number}`,
      number,
      verb: errandOfCheck(check.name),
      headSha: check.head_sha,
      source: { kind: "button", checkRunId: check.id, identifier: "rerequested" },
    }),
  );
}

/** What "Re-run all checks" may repeat, in the order in which it is carried out: whatever blocks the next comes first. */
const repeatable = ["fix-conflicts", "fix-tests", "write-tests"] as const satisfies readonly Errand[];

/**
 * "Re-run all checks": GitHub then sends this in place of one event per check run, and names none of them. It sends it to every app, also where the app has written no
 * check: each errand is asked for, and those that were not run on this commit are dropped (src/pipeline/rerequested.ts).
 */
export function onSuiteRerequested(
  payload: z.infer<typeof payloads.checkSuiteChanged>,
  { appId }: Self,
): InboxItem[] {
  const { check_suite: suite, sender } = payload;
  if (suite.app?.id !== appId || !isPerson(sender)) return [];
  return pullsOf(suite, payload).flatMap((number) =>
    repeatable.map((verb) =>
      command(payload, {
        id: `suite/${suite.id}/rerequested/${sender.login}/${suite.updated_at ?? ""}/${number}/${verb}`,
        number,
        verb,
        headSha: suite.head_sha,
        source: { kind: "event", event: "check_suite.rerequested" },
      }),
    ),
  );
}

/**
 * Which pull request a button is for: its identifier says so ("apply#12"), because GitHub names none for a fork and several for a shared
 * head. Without a number it is for the one pull request that GitHub names.
 */
function buttonTarget(identifier: string, named: readonly number[]): number | null {
  const [, digits] = identifier.split("#");
  if (digits !== undefined) return /^\d{1,15}$/.test(digits) && Number(digits) > 0 ? Number(digits) : null;
  return named.length === 1 ? (named[0] ?? null) : null;
}

export function onCheckAction(
  payload: z.infer<typeof payloads.checkRunAction>,
  { appId }: Self,
): InboxItem[] {
  const { check_run: check, requested_action: action, sender } = payload;
  if (check.app?.id !== appId || !isPerson(sender)) return [];
  const number = buttonTarget(action.identifier, pullsOf(check, payload));
  if (number === null || action.identifier.split("#")[0] !== "apply") return [];
  return [
    command(payload, {
      id: clickId(payload, action.identifier),
      number,
      verb: "apply",
      // The run whose proposal the person looked at.
      args: check.external_id ? [check.external_id] : [],
      headSha: check.head_sha,
      source: { kind: "button", checkRunId: check.id, identifier: action.identifier },
    }),
  ];
}

/** What ended, on which commit, and which pull requests have it as their head. */
interface Ended {
  readonly event: string;
  readonly headSha: string;
  /** The same for every telling of this end. */
  readonly id: string;
  readonly pulls: readonly number[];
}

/** From whomever, and however it ended: that all passed is news for a commit of ours that waits for it. Pushes nothing itself. */
function checksEnded(origin: Origin, { event, headSha, id, pulls }: Ended): InboxItem[] {
  return pulls.map((number) =>
    command(origin, {
      id: `checks/${number}/${headSha}/${id}`,
      number,
      verb: "checks-ended",
      headSha,
      source: { kind: "event", event },
    }),
  );
}

export function onSuiteCompleted(
  payload: z.infer<typeof payloads.checkSuiteChanged>,
  { appId }: Self,
): InboxItem[] {
  const { check_suite: suite } = payload;
  if (suite.app?.id === appId) return [];
  return checksEnded(payload, {
    event: "check_suite.completed",
    headSha: suite.head_sha,
    id: `${suite.id}/${suite.updated_at ?? ""}`,
    pulls: pullsOf(suite, payload),
  });
}

/** Tells of the same end as its suite does: the same id, where GitHub gives both the same time. */
export function onWorkflowCompleted(payload: z.infer<typeof payloads.workflowRunCompleted>): InboxItem[] {
  const { workflow_run: run } = payload;
  return checksEnded(payload, {
    event: "workflow_run.completed",
    headSha: run.head_sha,
    id: `${run.check_suite_id ?? `workflow-${run.id}`}/${run.updated_at ?? ""}`,
    pulls: pullsOf(run, payload),
  });
}

/** Apps that never end their suites end their runs. There are many of those, so that only failures count. */
export function onCheckCompleted(
  payload: z.infer<typeof payloads.checkRunChanged>,
  { appId }: Self,
): InboxItem[] {
  const { check_run: check } = payload;
  const failed = check.conclusion === "failure" || check.conclusion === "timed_out";
  if (check.app?.id === appId || !failed) return [];
  return checksEnded(payload, {
    event: "check_run.completed",
    headSha: check.head_sha,
    id: `run-${check.id}/${check.completed_at ?? ""}`,
    pulls: pullsOf(check, payload),
  });
}
