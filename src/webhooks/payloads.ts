// The parts of GitHub's payloads that are read. Everything else in a delivery is dropped unseen.
import { z } from "zod";
import { Actor } from "../core/command.ts";

const installation = z.object({ id: z.number().int() });
const owner = z.object({ login: z.string().min(1) });
const repository = z.object({ id: z.number().int(), name: z.string().min(1), owner });

const comment = z.object({
  id: z.number().int(),
  node_id: z.string().min(1),
  body: z.string(),
  created_at: z.string(),
  performed_via_github_app: z.object({ id: z.number().int() }).nullish(),
});

/** What every event about a repository carries. */
const common = { installation, repository, sender: Actor };

export const issueComment = z.object({
  ...common,
  issue: z.object({
    number: z.number().int().positive(),
    /** Only there when the issue is a pull request. */
    pull_request: z.object({}).nullish(),
  }),
  comment,
});

export const reviewComment = z.object({
  ...common,
  pull_request: z.object({ number: z.number().int().positive() }),
  comment,
});

const pullRequest = z.object({
  number: z.number().int().positive(),
  node_id: z.string().min(1),
  updated_at: z.string(),
  head: z.object({ sha: z.string() }),
});

export const pullRequestChanged = z.object({ ...common, action: z.string(), pull_request: pullRequest });

export const pullRequestLabeled = z.object({
  ...common,
  pull_request: pullRequest,
  label: z.object({ name: z.string() }),
});

export const push = z.object({
  ...common,
  ref: z.string(),
  before: z.string(),
  after: z.string(),
  deleted: z.boolean(),
  commits: z.array(z.object({ message: z.string() })).nullish(),
  repository: repository.extend({ pushed_at: z.union([z.number(), z.string()]).nullish() }),
});

const checkedPulls = z.array(
  z.object({
    number: z.number().int().positive(),
    base: z.object({ repo: z.object({ id: z.number().int() }) }),
  }),
);

const checkRun = z.object({
  id: z.number().int(),
  name: z.string().nullish(),
  head_sha: z.string(),
  conclusion: z.string().nullish(),
  /** The run that wrote it. */
  external_id: z.string().nullish(),
  completed_at: z.string().nullish(),
  app: z.object({ id: z.number().int() }).nullable(),
  check_suite: z.object({ updated_at: z.string().nullish() }).nullish(),
  pull_requests: checkedPulls,
});

export const checkRunChanged = z.object({ ...common, check_run: checkRun });

export const checkRunAction = z.object({
  ...common,
  check_run: checkRun,
  requested_action: z.object({ identifier: z.string() }),
});

export const workflowRunCompleted = z.object({
  ...common,
  workflow_run: z.object({
    id: z.number().int(),
    head_sha: z.string(),
    check_suite_id: z.number().int().nullish(),
    updated_at: z.string().nullish(),
    pull_requests: checkedPulls,
  }),
});

export const checkSuiteChanged = z.object({
  ...common,
  check_suite: z.object({
    id: z.number().int(),
    head_sha: z.string(),
    updated_at: z.string().nullish(),
    app: z.object({ id: z.number().int() }).nullable(),
    pull_requests: checkedPulls,
  }),
});

const wholeInstallation = installation.extend({
  suspended_at: z.string().nullish(),
  updated_at: z.union([z.string(), z.number()]).nullish(),
});

const namedRepositories = z.array(z.object({ id: z.number().int(), full_name: z.string() }));

export const installationChanged = z.object({
  installation: wholeInstallation,
  repositories: namedRepositories.nullish(),
});

export const repositoriesRemoved = z.object({
  installation: wholeInstallation,
  repositories_removed: namedRepositories,
});
