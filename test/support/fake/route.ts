// One route of the fake's REST API: GitHub's own template, who may call it, and what it does.
import type { Needs } from "./auth.ts";
import type { ApiRequest, Reply, RepositoryRequest } from "./http.ts";
import type { State } from "./state.ts";

interface OpenRoute {
  /** Method and path template exactly as in GitHub's OpenAPI description. */
  readonly operation: string;
  /** `app`: a JSON Web Token of the App; `token`: any installation token; `anyone`: no credentials needed. */
  readonly access: "app" | "token" | "anyone";
  readonly handle: (request: ApiRequest, state: State) => Reply | Promise<Reply>;
}

interface RepositoryRoute {
  readonly operation: string;
  /** One of these permissions on the repository. */
  readonly access: Needs;
  readonly handle: (request: RepositoryRequest, state: State) => Reply | Promise<Reply>;
}

export type Route = OpenRoute | RepositoryRoute;
