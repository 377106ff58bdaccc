// Routes of the App itself: who it is, where it is installed, and its tokens.
import { issueToken } from "../auth.ts";
import {
  notFound,
  page,
  Refusal,
  unprocessable,
  type ApiRequest,
  type Principal,
  type Reply,
  type RepositoryRequest,
} from "../http.ts";
import {
  renderApp,
  renderFullRepository,
  renderInstallation,
  renderRepository,
  renderUser,
} from "../render.ts";
import type { Route } from "../route.ts";
import {
  findRepository,
  installationOf,
  type Installation,
  type InstallationToken,
  type Permissions,
  type Repository,
  type State,
} from "../state.ts";
import { covers, hasPermission } from "../auth.ts";

interface TokenRequest {
  readonly repositories?: readonly string[];
  readonly repository_ids?: readonly number[];
  readonly permissions?: Permissions;
}

function repositoriesOf(state: State, installation: Installation): Repository[] {
  return [...state.repositories.values()].filter(
    (repository) => repository.installed && repository.owner.id === installation.account.id,
  );
}

function chosenRepositories(all: readonly Repository[], wanted: TokenRequest): Repository[] | null {
  const { repositories: names, repository_ids: ids } = wanted;
  if (names === undefined && ids === undefined) return null;
  const chosen = all.filter(
    ({ id, name }) => ids?.includes(id) ?? names?.some((one) => one.toLowerCase() === name.toLowerCase()),
  );
  if (chosen.length !== (ids ?? names ?? []).length) {
    throw unprocessable(
      "There is at least one repository that does not exist or is not accessible to the parent installation.",
    );
  }
  return chosen;
}

function createToken(request: ApiRequest, state: State): Reply {
  const installation = state.installations.get(Number(request.params["installation_id"]));
  if (installation === undefined) throw notFound();
  if (installation.suspendedAt !== null) throw new Refusal(403, "This installation has been suspended");
  const wanted = request.body as TokenRequest;
  for (const [name, level] of Object.entries(wanted.permissions ?? {})) {
    if (hasPermission(installation.permissions, name, level)) continue;
    throw unprocessable("The permissions requested are not granted to this installation.");
  }
  const chosen = chosenRepositories(repositoriesOf(state, installation), wanted);
  const token = issueToken(state, installation.id, {
    permissions: wanted.permissions ?? installation.permissions,
    repositoryIds: chosen?.map((repository) => repository.id) ?? null,
  });
  return {
    status: 201,
    body: {
      token: token.token,
      expires_at: new Date(token.expiresAt).toISOString().replace(/\.\d+Z$/, "Z"),
      permissions: token.permissions,
      repository_selection: chosen === null ? "all" : "selected",
      ...(chosen === null
        ? {}
        : { repositories: chosen.map((repository) => renderRepository(state, repository)) }),
    },
  };
}

function tokenOf(principal: Principal): InstallationToken {
  if (principal.kind !== "installation") throw new Refusal(401, "Requires authentication");
  return principal.token;
}

function listRepositories(request: ApiRequest, state: State): Reply {
  const token = tokenOf(request.principal);
  const visible = [...state.repositories.values()].filter((repository) => covers(state, token, repository));
  const { items, headers } = page(state, request, visible);
  return {
    status: 200,
    headers,
    body: {
      total_count: visible.length,
      repository_selection: token.repositoryIds === null ? "all" : "selected",
      repositories: items.map((repository) => renderRepository(state, repository)),
    },
  };
}

function repositoryInstallation(request: ApiRequest, state: State): Reply {
  const { owner = "", repo = "" } = request.params;
  const repository = findRepository(state, owner, repo);
  const installation = repository?.installed === true ? installationOf(state, repository.owner) : undefined;
  if (installation === undefined) throw notFound();
  return { status: 200, body: renderInstallation(state, installation) };
}

/** The last step of GitHub's manifest flow: a code, good once, for the new App's keys. */
function convertManifest(request: ApiRequest, state: State): Reply {
  const code = request.params["code"] ?? "";
  const manifest = state.manifests.get(code);
  if (manifest === undefined) throw notFound();
  state.manifests.delete(code);
  return {
    status: 201,
    body: {
      ...renderApp(state),
      client_secret: `fake-client-secret-${String(state.app.id)}`,
      webhook_secret: manifest.webhookSecret,
      pem: state.app.privateKey,
    },
  };
}

function rateLimit(): Reply {
  const one = { limit: 5000, used: 0, remaining: 5000, reset: Math.floor(Date.now() / 1000) + 3600 };
  return { status: 200, body: { resources: { core: one, search: one }, rate: one } };
}

function user(request: ApiRequest, state: State): Reply {
  const found = state.users.get((request.params["username"] ?? "").toLowerCase());
  if (found === undefined) throw notFound();
  const counts = { public_repos: 0, public_gists: 0, followers: 0, following: 0 };
  const words = {
    name: found.login,
    company: null,
    blog: "",
    location: null,
    email: null,
    hireable: null,
    bio: null,
  };
  const dates = { created_at: "2026-01-01T00:00:00Z", updated_at: "2026-01-01T00:00:00Z" };
  return { status: 200, body: { ...renderUser(state, found), ...words, ...counts, ...dates } };
}

export const appRoutes: readonly Route[] = [
  {
    operation: "GET /app",
    access: "app",
    handle: (_request, state) => ({ status: 200, body: renderApp(state) }),
  },
  { operation: "GET /repos/{owner}/{repo}/installation", access: "app", handle: repositoryInstallation },
  {
    operation: "POST /app/installations/{installation_id}/access_tokens",
    access: "app",
    handle: createToken,
  },
  { operation: "POST /app-manifests/{code}/conversions", access: "anyone", handle: convertManifest },
  { operation: "GET /installation/repositories", access: "token", handle: listRepositories },
  { operation: "GET /rate_limit", access: "anyone", handle: rateLimit },
  { operation: "GET /users/{username}", access: "anyone", handle: user },
  {
    operation: "GET /repos/{owner}/{repo}",
    access: [["metadata", "read"]],
    handle: ({ repository }: RepositoryRequest, state: State): Reply => ({
      status: 200,
      body: renderFullRepository(state, repository),
    }),
  },
];
