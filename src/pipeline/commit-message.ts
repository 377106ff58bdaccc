// The message of a commit: what it does, plus the trailers that make the run findable.
import type { Policy } from "../core/policy.ts";
import type { Actor, Errand } from "../core/command.ts";
import type { PullDetails } from "../core/pull.ts";
import type { TaskReport } from "../core/report.ts";
import { commitWords, oneLine } from "./commit-words.ts";

/** The trailer by which a restarted worker finds its own commit. */
export const runTrailer = "Agent-Run";

/**
 * The commit message. `Co-authored-by` names the asker by GitHub's no-reply address, so that no private address is published.
 * `app` is the app's bot login, for the optional sign-off.
 */
export function commitMessage(options: {
  pull: PullDetails;
  runId: string;
  /** Who asked; `null`: an event started it. */
  actor: Actor | null;
  policy: Policy;
  errand: Errand;
  tasks: readonly TaskReport[];
  app: string;
}): string {
  const { pull, runId, actor, policy, errand, tasks, app } = options;
  const words = commitWords(errand, tasks, pull);
  const subject = `${policy.commit.prefix}${words.subject}`;
  const trailers = [
    `${runTrailer}: ${runId}`,
    ...(actor === null ? [] : [coAuthor(actor)]),
    ...(policy.commit.signOff ? [`Signed-off-by: ${app} <${app}@users.noreply.github.com>`] : []),
  ];
  const why = actor === null ? "Begun by itself for" : "Asked for in";
  return `${subject}\n\n${words.body} ${why} #${pull.pull.number}.\n\n${trailers.join("\n")}\n`;
}

function coAuthor({ login }: Actor): string {
  return `Co-authored-by: ${oneLine(login)} <${oneLine(login)}@users.noreply.github.com>`;
}
