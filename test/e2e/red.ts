// Pull requests whose checks are red, on a fake GitHub whose CI follows each push.
import type { PullRef } from "../../src/core/pull.ts";
import type { DecideCi } from "../support/fake/ci.ts";
import type { RepositoryAddress } from "../support/fake-github.ts";
import type { FailingRepository, Files } from "../support/failing-repositories.ts";
import type { World } from "./harness.ts";

export interface Red {
  readonly app: RepositoryAddress;
  readonly pull: PullRef;
  readonly head: string;
}

let count = 0;

/** A log as a test runner leaves it on GitHub's own CI. */
export const failedSteps = (test: string) => [
  { name: "npm ci", log: "added 1 package" },
  {
    name: "npm test",
    conclusion: "failure",
    log: `✖ ${test} (1.2ms)\n  AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:\n\n  350 !== 850\nℹ fail 1`,
  },
];

/** What CI says of a commit: red as long as a file of it is as it should not be. */
export const redWhile =
  (isRed: (files: Files) => boolean, test: string): DecideCi =>
  ({ files }) =>
    isRed(files) ? { conclusion: "failure", steps: failedSteps(test) } : "success";

/**
 * A pull request from `feature` into `main`, on which "ann" has write access. Its check is red already, and no event of it was delivered; from now on CI follows
 * pushes where `ci` is given.
 */
export async function openRed(
  { github }: World,
  { base, head, test }: Pick<FailingRepository, "base" | "head" | "test">,
  options: { readonly ci?: DecideCi; readonly settings?: Files; readonly branch?: string } = {},
): Promise<Red> {
  const { ci, settings = {}, branch = "feature" } = options;
  const app = await github.addRepository({
    owner: `red-${++count}`,
    name: `repo-${++count}`,
    files: { ...base, ...settings },
  });
  github.setPermission("ann", "write", app);
  const sha = await github.git(app).commit(branch, head);
  const pull = await github.openPull({ ...app, head: branch });
  github.failCheck(pull, { name: "ci", steps: failedSteps(test) });
  if (ci !== undefined) github.ciFollowsPushes(app, ci);
  return { app, pull, head: sha };
}
