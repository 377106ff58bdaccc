// GitHub's no to a push, told apart from faults: a rule, a permission, a fork, a size.
import type { PublishResult } from "../core/github.ts";
import { toAppError } from "./failure.ts";
import type { Failure, Intent } from "./failure.ts";

/** What the words depend on. */
export interface PushContext {
  readonly branch: string;
  /** `owner/repo` that the branch is in. */
  readonly repository: string;
  readonly fromFork: boolean;
  readonly workflows: readonly string[];
}

/** Why publishing ends before the branch moved: an ending for people, or a tree that the API does not take. */
export type Stop = Exclude<PublishResult, { status: "pushed" }> | { readonly status: "too-large" };

const protection =
  /protected branch|protected ref|rule violation|repository rule|required status|through a pull request/i;

/** Throws AppError for what is no answer to the push itself: time-outs, limits, a request that is ours to mend. */
export function stopFor(failure: Failure, intent: Intent, context: PushContext): Stop {
  const { kind, status, reason } = failure;
  if (status === 413 || (kind === "invalid" && /too large|too big|exceeds/i.test(reason)))
    return { status: "too-large" };
  if (
    kind === "invalid" &&
    /fast[- ]forward|reference does not exist|reference cannot be updated/i.test(reason)
  ) {
    return { status: "stale-head" };
  }
  if (protection.test(reason)) return refused(protectedWords(reason, context));
  if (namesWorkflows(failure, context)) return refused(workflowWords(context.workflows));
  if (context.fromFork && (kind === "permission" || kind === "missing")) return refused(forkWords(context));
  const error = toAppError(failure, intent);
  if (kind === "permission") return refused(`${error.message} ${error.remedy}`);
  throw error;
}

const refused = (reason: string): Stop => ({ status: "refused", reason });

/** GitHub names the permission when it refuses a branch, but hides a tree behind a bare 403 or 404. */
function namesWorkflows({ kind, reason }: Failure, { workflows }: PushContext): boolean {
  if (/without `?workflows?`? permission/i.test(reason)) return true;
  return (
    workflows.length > 0 && (kind === "missing" || (kind === "permission" && /not accessible/i.test(reason)))
  );
}

export function workflowWords(workflows: readonly string[]): string {
  const [first] = workflows;
  const which =
    first === undefined
      ? "workflow files"
      : `${first}${workflows.length > 1 ? ` and ${workflows.length - 1} more workflow files` : ""}`;
  return (
    `The merge brings changes of ${which}, and this app may not write workflows. ` +
    'Grant it the optional permission "Workflows: write" (Developer settings > GitHub Apps > Permissions & events, then accept it for the ' +
    "installation), or merge the base branch yourself."
  );
}

function protectedWords(reason: string, { branch }: PushContext): string {
  return (
    `The branch ${branch} is protected and GitHub refused the push: "${reason}". ` +
    "Let this app bypass the rule (Settings > Rules, or Settings > Branches), or apply the patch yourself."
  );
}

function forkWords({ repository }: PushContext): string {
  return (
    `The branch is in the fork ${repository}, where this app may not push. ` +
    "Apply the patch yourself, or install the app on the fork."
  );
}
