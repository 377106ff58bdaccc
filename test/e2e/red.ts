// Pull requests whose checks are red, on a fake GitHub whose CI follows each push.
import { z } from "zod";
import { pullKey } from "../../src/core/pull.ts";
import type { PullRef } from "../../src/core/pull.ts";
import type { CheckMade, DecideCi } from "../support/fake/ci.ts";
import type { PullOptions } from "../support/fake/setup.ts";
import type { RepositoryAddress } from "../support/fake-github.ts";
import type { FailingRepository, Files } from "../support/failing-repositories.ts";
import type { World } from "./harness.ts";

export interface Red {
  readonly app: RepositoryAddress;
  readonly pull: PullRef;
  readonly head: string;
  /** The check that failed, with the events that GitHub delivers of it. */
  readonly check: CheckMade;
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
  options: {
    readonly ci?: DecideCi;
    readonly settings?: Files;
    readonly branch?: string;
    readonly pull?: Pick<PullOptions, "author" | "draft" | "labels">;
  } = {},
): Promise<Red> {
  const { ci, settings = {}, branch = "feature" } = options;
  const app = await github.addRepository({
    owner: `red-${++count}`,
    name: `repo-${++count}`,
    files: { ...base, ...settings },
  });
  github.setPermission("ann", "write", app);
  const sha = await github.git(app).commit(branch, head);
  const pull = await github.openPull({ ...app, ...options.pull, head: branch });
  const check = github.failCheck(pull, { name: "ci", steps: failedSteps(test) });
  if (ci !== undefined) github.ciFollowsPushes(app, ci);
  return { app, pull, head: sha, check };
}

type News = keyof CheckMade["payloads"];
export const allNews: readonly News[] = ["check_run", "workflow_run", "check_suite"];

/** Delivers what GitHub tells of a check that has ended, and waits for all that comes of it. */
export async function tell(
  world: World,
  { payloads }: CheckMade,
  news: readonly News[] = allNews,
): Promise<void> {
  for (const event of news) {
    const status = await world.deliver(event, payloads[event]);
    if (status !== 200) throw new Error(`The delivery of ${event} was answered with ${status}.`);
  }
  await world.settled();
}

/** How many automatic runs were asked for on a pull request. */
export function startedOn({ lines }: World, pull: PullRef): number {
  return lines.filter(
    ({ message, outcome, command }) =>
      message === "automatic run asked for" &&
      outcome === "accepted" &&
      String(command).includes(`/${pullKey(pull)}/`),
  ).length;
}

/** What runs on a pull request were about, and how they ended, in order. */
export function runsOn({ lines }: World, pull: PullRef): string[] {
  return lines
    .filter(({ message, pull: of }) => message === "run ended" && of === pullKey(pull))
    .map(({ verb, ending }) => `${String(verb)}: ${String(ending)}`);
}

/** Conclusions that the app has given its check runs anywhere so far. */
export function conclusionsGiven({ github }: World): Set<unknown> {
  const writes = github.requests.filter(
    ({ method, path }) => method !== "GET" && /\/check-runs(\/|$)/.test(path),
  );
  return new Set(writes.map(({ body }) => Concluded.parse(body).conclusion));
}

const Concluded = z.object({ conclusion: z.string().nullish() });
