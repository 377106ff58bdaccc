// Every route of the fake's REST API. scripts/trim-openapi.ts keeps GitHub's description of exactly these.
import type { Route } from "./route.ts";
import { actionRoutes } from "./routes/actions.ts";
import { appRoutes } from "./routes/app.ts";
import { checkRoutes } from "./routes/checks.ts";
import { commentRoutes } from "./routes/comments.ts";
import { contentRoutes } from "./routes/contents.ts";
import { gitDataRoutes } from "./routes/git-data.ts";
import { pullRoutes } from "./routes/pulls.ts";

export const routes: readonly Route[] = [
  ...appRoutes,
  ...pullRoutes,
  ...commentRoutes,
  ...checkRoutes,
  ...actionRoutes,
  ...contentRoutes,
  ...gitDataRoutes,
];

export const operations: readonly string[] = routes.map((route) => route.operation);
