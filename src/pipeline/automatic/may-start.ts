// Whether something may start by itself on a pull request: pure decisions, the cheapest facts first.
import type { CheckSummary } from "../../core/failed-check.ts";
import { matchesAnyGlob } from "../../core/glob.ts";
import type { Policy } from "../../core/policy.ts";
import type { PullDetails } from "../../core/pull.ts";
import type { PullState } from "../../core/run.ts";

/** `why` is for people; `null` where it is not worth a word. */
export type Start = { readonly start: true } | { readonly start: false; readonly why: string | null };

/** Automatic runs on one pull request until somebody asks for something: whatever two did not mend, a third does not. */
const mostAutomaticRuns = 2;

const yes: Start = { start: true };
const no = (why: string | null = null): Start => ({ start: false, why });

/** Bots that mend their own pull requests; GitHub knows some of them as users. */
const branchBots: ReadonlySet<string> = new Set([
  "renovate",
  "renovate[bot]",
  "renovate-bot",
  "dependabot",
  "dependabot[bot]",
  "dependabot-preview[bot]",
]);

/** What the remembered state says, before anybody is asked anything. Two heads of one lineage are two runs, whatever they were about. */
export function stateAllows({ phase, automatic, proposal }: PullState, headSha: string | null): Start {
  if (automatic.paused !== null) return no(automatic.paused);
  if (phase === "paused" || phase === "running") return no();
  // Its owner is to look at it, not to find it replaced.
  if (proposal !== null && proposal.headSha === headSha) return no();
  if (automatic.heads.length >= mostAutomaticRuns)
    return no(
      `Nothing more starts here by itself: there were ${mostAutomaticRuns} automatic runs since somebody last asked for something. Comment \`/agent fix-tests\` to go on.`,
    );
  return yes;
}

/** Bots of others mend their own pull requests. */
function isOtherBot({ author }: PullDetails, botLogin: string): boolean {
  const login = author.login.toLowerCase();
  return login !== botLogin.toLowerCase() && (author.type === "Bot" || branchBots.has(login));
}

/** What GitHub says of the pull request. `botLogin` is our own, whose pull requests are as good as a person's. */
export function pullAllows(pull: PullDetails, auto: Policy["auto"], botLogin: string): Start {
  const { head } = pull;
  if (pull.state !== "open" || head === null || pull.headDeleted || pull.fromFork) return no();
  if (pull.draft && !auto.drafts) return no();
  const ignored = new Set(auto.ignoreLabels.map((label) => label.toLowerCase()));
  if (pull.labels.some((label) => ignored.has(label.toLowerCase()))) return no();
  // The default branch is everybody's: what is pushed there is pushed past every review.
  if (head.ref === pull.defaultBranch || matchesAnyGlob(auto.ignoreBranches, head.ref)) return no();
  return isOtherBot(pull, botLogin) ? no() : yes;
}

interface Situation {
  readonly policy: Policy;
  readonly pull: PullDetails;
  readonly state: PullState;
  /** Our own login. */
  readonly botLogin: string;
}

/** Whether a run on failing checks may start. `sha` is the commit of which the checks have ended. */
export function mayStart(
  situation: Situation & { readonly checks: CheckSummary; readonly sha: string },
): Start {
  const { policy, pull, state, botLogin, checks, sha } = situation;
  if (policy.auto.checks === "off" || pull.head?.sha !== sha) return no();
  const allowed = pullAllows(pull, policy.auto, botLogin);
  if (!allowed.start) return allowed;
  // The end of the last one is told, too.
  if (checks.pending > 0 || checks.failed.length === 0) return no();
  if (state.automatic.heads.includes(sha)) return no();
  return stateAllows(state, sha);
}

/** Whether a run on a conflict may start. A head that came into conflict with one base may come into conflict with the next. */
export function mayResolve({ policy, pull, state, botLogin }: Situation): Start {
  if (policy.auto.conflicts === "off") return no();
  const allowed = pullAllows(pull, policy.auto, botLogin);
  return allowed.start ? stateAllows(state, pull.head?.sha ?? null) : allowed;
}
