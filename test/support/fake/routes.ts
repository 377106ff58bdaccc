// Every route of the fake's REST API. scripts/trim-openapi.ts keeps GitHub's description of exactly these.
import type { Route } from "./route.ts";
import { actionRoutes } from "./routes/actions.ts";
import { appRoutes } from "./routes/app.ts";
import { checkRoutes } from "./routes/checks.ts";
import { commentRoutes } from "./routes/comments.ts";
import { contentRoutes } from "./routes/contents.ts";
import { gitDataRoutes } from "./routes/git-data.ts";
import { pullRoutes } from "./routes/pulls.ts";
import { statusRoutes } from "./routes/statuses.ts";

export const routes: readonly Route[] = [
  ...appRoutes,
  ...pullRoutes,
  ...commentRoutes,
  ...checkRoutes,
  ...statusRoutes,
  ...actionRoutes,
  ...contentRoutes,
  ...gitDataRoutes,
];

/** Every event that the fake delivers, by the name that GitHub's description has for it. */
export const webhooks: readonly string[] = [
  ...["created", "edited", "deleted"].map((action) => `issue-comment-${action}`),
  ...["created", "edited", "deleted"].map((action) => `pull-request-review-comment-${action}`),
  ...["opened", "synchronize", "reopened", "labeled", "closed"].map((action) => `pull-request-${action}`),
  ...["created", "completed", "rerequested", "requested-action"].map((action) => `check-run-${action}`),
  ...["completed", "rerequested"].map((action) => `check-suite-${action}`),
  ...["push", "status", "workflow-run-completed"],
  ...["created", "deleted", "suspend", "unsuspend", "new-permissions-accepted"].map(
    (action) => `installation-${action}`,
  ),
  ...["installation-repositories-added", "installation-repositories-removed"],
];

export const operations: readonly string[] = routes.map((route) => route.operation);
