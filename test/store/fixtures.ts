// Commands, notices, runs and states to put into a store, and a log that says nothing.
import type { Command, InboxItem, Notice } from "../../src/core/command.ts";
import { mailboxOf } from "../../src/core/command.ts";
import type { Log } from "../../src/core/log.ts";
import type { Remembered, ReplayProgress } from "../../src/core/memory.ts";
import type { PullRef } from "../../src/core/pull.ts";
import { idlePull, runIdOf, type PullState, type Run } from "../../src/core/run.ts";

export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

let last = 0;

/** A number that no other test of this process has used: tests share a store without seeing each other. */
export const unique = (): number => ++last;

export function somePull(changes: Partial<PullRef> = {}): PullRef {
  const n = unique();
  return { installationId: 1_000 + n, owner: `Owner${n}`, repo: "Shop", number: n, ...changes };
}

export function someCommand(pull: PullRef = somePull(), changes: Partial<Command> = {}): Command {
  return {
    id: `command-${unique()}`,
    pull,
    actor: { login: "ann", type: "User" },
    verb: "fix-conflicts",
    args: [],
    headSha: null,
    source: { kind: "comment", place: "issue", commentId: 1, bodyHash: "00" },
    ...changes,
  };
}

export const item = (command: Command): InboxItem => ({ kind: "command", command });

export function someNotice(installationId: number): InboxItem {
  const notice: Notice = {
    kind: "installation-deleted",
    id: `notice-${unique()}`,
    installationId,
    repositories: [],
  };
  return { kind: "notice", notice };
}

export const mailboxFor = (pull: PullRef): string => mailboxOf(item(someCommand(pull)));

export function someRun(command: Command, changes: Partial<Run> = {}): Run {
  return {
    id: runIdOf(command),
    command,
    startedAt: 1_700_000_000_000,
    endedAt: null,
    attempts: 1,
    headSha: null,
    settlements: [],
    errand: null,
    edits: null,
    baseSha: null,
    report: null,
    ...changes,
  };
}

export function someState(pull: PullRef, changes: Partial<PullState> = {}): PullState {
  return { ...idlePull(pull), phase: "running", ...changes };
}

export function someResolution(key: string, changes: Partial<Remembered> = {}): Remembered {
  const last = { lastSha: "a".repeat(40), lastAt: 1_700_000_000 };
  return { key, text: "line\n", agreed: 1, contradicted: false, ...last, ...changes };
}

export function someProgress(changes: Partial<ReplayProgress> = {}): ReplayProgress {
  const begun = { tip: "b".repeat(40), replayed: 0, conflicted: 0, spentMs: 0, finished: false, counts: {} };
  return { ...begun, ...changes };
}
