// Plain data to text and back: what is read from a store is parsed as if a stranger had written it.
import { InboxItem } from "../core/command.ts";
import { Remembered, ReplayProgress } from "../core/memory.ts";
import { PullState, Run } from "../core/run.ts";
import { unreadable } from "./failure.ts";

function reader<T>(what: string, parse: (value: unknown) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(JSON.parse(text));
    } catch (error) {
      throw unreadable(what, error);
    }
  };
}

export const readItem = reader("A waiting command", (value) => InboxItem.parse(value));
export const readRun = reader("A run", (value) => Run.parse(value));
export const readProgress = reader("The replay of a repository", (value) => ReplayProgress.parse(value));
export const readRemembered = reader("A remembered resolution", (value) => Remembered.parse(value));
export const readPullState = reader("The state of a pull request", (value) => PullState.parse(value));

/** The installation that an item belongs to. */
export function installationOf(item: InboxItem): number {
  return item.kind === "command" ? item.command.pull.installationId : item.notice.installationId;
}

/** "owner/repo" in lower case: GitHub's names ignore case. */
export function repositoryKey(repository: { owner: string; repo: string }): string {
  return `${repository.owner}/${repository.repo}`.toLowerCase();
}

/** The repository that an item's mailbox belongs to; `null` for the mailbox of an installation. */
export function repositoryOf(item: InboxItem): string | null {
  return item.kind === "command" ? repositoryKey(item.command.pull) : null;
}

/** How long a delivery key is kept, in seconds: 8 days. github.com redelivers for 3 days, Enterprise Server for 7. */
export const deliveryKeySeconds = 8 * 24 * 60 * 60;
