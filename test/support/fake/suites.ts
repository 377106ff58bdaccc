// Check suites: the check runs of one App on one commit, and what they come to together.
import { newId, type CheckApp, type Repository, type State, type SuiteState } from "./state.ts";

/** GitHub Actions, by the id that it has on github.com. */
export const ACTIONS: CheckApp = { id: 15_368, slug: "github-actions" };
/** CI that is no GitHub Actions. */
export const OTHER_CI: CheckApp = { id: 20_000, slug: "ci" };

/** An App by its slug; one that is not known is made up. */
export function checkAppOf(slug: string): CheckApp {
  return [ACTIONS, OTHER_CI].find((app) => app.slug === slug) ?? { id: 30_000 + slug.length, slug };
}

/** The App's suite on a commit, made where there is none. */
export function suiteOf(
  state: State,
  app: CheckApp,
  { repository, sha, branch = null }: { repository: Repository; sha: string; branch?: string | null },
): SuiteState {
  const known = suitesAt(state, repository, sha).find((suite) => suite.app.id === app.id);
  if (known !== undefined) return known;
  const suite = {
    ...{ id: newId(state), repository, headSha: sha, headBranch: branch, attempt: 1 },
    app: { id: app.id, slug: app.slug },
    runId: app.id === ACTIONS.id ? newId(state) : null,
  };
  state.suites.set(suite.id, suite);
  return suite;
}

export function suitesAt(state: State, repository: Repository, sha: string): SuiteState[] {
  return [...state.suites.values()].filter(
    (suite) => suite.repository === repository && suite.headSha === sha,
  );
}

/** Worst first: what a suite comes to is its worst check run. */
const CONCLUSIONS = ["failure", "timed_out", "startup_failure", "cancelled", "action_required", "success"];

export function suiteState(state: State, suite: SuiteState): { status: string; conclusion: string | null } {
  const newest = new Map(
    [...state.checkRuns.values()]
      .filter((check) => check.suite === suite)
      .map((check) => [check.name, check]),
  );
  const checks = [...newest.values()];
  if (checks.length === 0) return { status: "queued", conclusion: null };
  if (checks.some((check) => check.status !== "completed"))
    return { status: "in_progress", conclusion: null };
  const found = CONCLUSIONS.find((conclusion) => checks.some((check) => check.conclusion === conclusion));
  return { status: "completed", conclusion: found ?? "neutral" };
}
