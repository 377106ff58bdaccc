// The message of the merge commit: what git would say, plus the trailers that make the run findable.
import type { Policy } from "../core/policy.ts";
import type { Actor } from "../core/command.ts";
import type { PullDetails } from "../core/pull.ts";
import { ModelTier } from "../core/task.ts";
import type { HunkReport } from "../core/task.ts";

/** The trailer by which a restarted worker finds its own commit. */
export const runTrailer = "Agent-Run";

/** One line, no control characters: a branch name is a hostile string. */
const oneLine = (text: string): string =>
  text
    .replace(/\p{Cc}+/gu, " ")
    .replaceAll("@", "@\u200b")
    .trim();

/** "Conflicts settled by rule: 3, by tests: 2, by a model: 1." */
function settledInWords(hunks: readonly Pick<HunkReport, "tier">[]): string {
  const byModel = hunks.filter(({ tier }) => ModelTier.safeParse(tier).success).length;
  const byTests = hunks.filter(({ tier }) => tier === "proven").length;
  const others = [
    ...(byTests === 0 ? [] : [`, by tests: ${byTests}`]),
    ...(byModel === 0 ? [] : [`, by a model: ${byModel}`]),
  ];
  return `Conflicts settled by rule: ${hunks.length - byTests - byModel}${others.join("")}.`;
}

/**
 * The commit message. `Co-authored-by` names the asker by GitHub's no-reply address, so that no private address is published.
 * `app` is the app's bot login, for the optional sign-off.
 */
export function commitMessage(options: {
  pull: PullDetails;
  runId: string;
  actor: Actor;
  policy: Policy;
  /** How each conflict was settled. */
  hunks: readonly Pick<HunkReport, "tier">[];
  app: string;
}): string {
  const { pull, runId, actor, policy, hunks, app } = options;
  const head = pull.head ? pull.head.ref : "the pull request";
  const subject = `${policy.commit.prefix}Merge branch '${oneLine(pull.base.ref)}' into ${oneLine(head)}`;
  const trailers = [
    `${runTrailer}: ${runId}`,
    `Co-authored-by: ${oneLine(actor.login)} <${oneLine(actor.login)}@users.noreply.github.com>`,
    ...(policy.commit.signOff ? [`Signed-off-by: ${app} <${app}@users.noreply.github.com>`] : []),
  ];
  return `${subject}\n\n${settledInWords(hunks)} Asked for in #${pull.pull.number}.\n\n${trailers.join("\n")}\n`;
}
