// How GitHub shows accounts, Apps, installations and repositories in JSON.
import type { App, Installation, Repository, State, User } from "./state.ts";

export type JsonObject = Record<string, unknown>;

export function nodeId(kind: string, id: number): string {
  return Buffer.from(`${kind}:${String(id)}`).toString("base64");
}

export function renderOrganization(state: State, { login, id }: User): JsonObject {
  const url = `${state.url}/orgs/${login}`;
  return {
    ...{ login, id, node_id: nodeId("Organization", id), url, description: null },
    ...{ repos_url: `${url}/repos`, events_url: `${url}/events`, hooks_url: `${url}/hooks` },
    ...{ issues_url: `${url}/issues`, members_url: `${url}/members{/member}` },
    ...{
      public_members_url: `${url}/public_members{/member}`,
      avatar_url: `${state.url}/avatars/${String(id)}`,
    },
  };
}

export function renderUser(state: State, user: User): JsonObject {
  const url = `${state.url}/users/${encodeURIComponent(user.login)}`;
  return {
    login: user.login,
    id: user.id,
    node_id: nodeId(user.type, user.id),
    avatar_url: `${state.url}/avatars/${String(user.id)}`,
    gravatar_id: "",
    url,
    html_url: `${state.url}/${encodeURIComponent(user.login)}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: user.type,
    site_admin: false,
  };
}

export function renderApp(state: State): JsonObject {
  const { app } = state;
  return {
    id: app.id,
    slug: app.slug,
    client_id: app.clientId,
    node_id: nodeId("App", app.id),
    owner: renderUser(state, state.bot),
    name: app.name,
    description: null,
    external_url: state.url,
    html_url: `${state.url}/apps/${app.slug}`,
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    permissions: app.permissions,
    events: app.events,
    installations_count: state.installations.size,
  };
}

/** Another App, such as the CI that reports checks. */
export function renderForeignApp(state: State, app: Pick<App, "id" | "slug">): JsonObject {
  return { ...renderApp(state), id: app.id, slug: app.slug, name: app.slug, permissions: {}, events: [] };
}

export function renderInstallation(state: State, installation: Installation): JsonObject {
  const { id, account } = installation;
  return {
    id,
    app_id: state.app.id,
    app_slug: state.app.slug,
    client_id: state.app.clientId,
    account: renderUser(state, account),
    target_id: account.id,
    target_type: account.type,
    single_file_name: null,
    repository_selection: "all",
    access_tokens_url: `${state.url}/app/installations/${String(id)}/access_tokens`,
    repositories_url: `${state.url}/installation/repositories`,
    html_url: `${state.url}/settings/installations/${String(id)}`,
    permissions: installation.permissions,
    events: state.app.events,
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    suspended_by: null,
    suspended_at: installation.suspendedAt,
  };
}

export function apiUrl(state: State, repository: Repository): string {
  return `${state.url}/repos/${repository.owner.login}/${repository.name}`;
}

export function htmlUrl(state: State, repository: Repository): string {
  return `${state.url}/${repository.owner.login}/${repository.name}`;
}

export function cloneUrl(state: State, repository: Repository): string {
  return `${htmlUrl(state, repository)}.git`;
}

/** Key → rest of the URL below the repository's own. */
const REPOSITORY_URLS = {
  archive_url: "/{archive_format}{/ref}",
  assignees_url: "/assignees{/user}",
  blobs_url: "/git/blobs{/sha}",
  branches_url: "/branches{/branch}",
  collaborators_url: "/collaborators{/collaborator}",
  comments_url: "/comments{/number}",
  commits_url: "/commits{/sha}",
  compare_url: "/compare/{base}...{head}",
  contents_url: "/contents/{+path}",
  contributors_url: "/contributors",
  deployments_url: "/deployments",
  downloads_url: "/downloads",
  events_url: "/events",
  forks_url: "/forks",
  git_commits_url: "/git/commits{/sha}",
  git_refs_url: "/git/refs{/sha}",
  git_tags_url: "/git/tags{/sha}",
  hooks_url: "/hooks",
  issue_comment_url: "/issues/comments{/number}",
  issue_events_url: "/issues/events{/number}",
  issues_url: "/issues{/number}",
  keys_url: "/keys{/key_id}",
  labels_url: "/labels{/name}",
  languages_url: "/languages",
  merges_url: "/merges",
  milestones_url: "/milestones{/number}",
  notifications_url: "/notifications{?since,all,participating}",
  pulls_url: "/pulls{/number}",
  releases_url: "/releases{/id}",
  stargazers_url: "/stargazers",
  statuses_url: "/statuses/{sha}",
  subscribers_url: "/subscribers",
  subscription_url: "/subscription",
  tags_url: "/tags",
  teams_url: "/teams",
  trees_url: "/git/trees{/sha}",
} as const;

/** The repository as GitHub shows it inside other objects. */
export function renderRepository(state: State, repository: Repository): JsonObject {
  const api = apiUrl(state, repository);
  const html = htmlUrl(state, repository);
  const openPulls = [...repository.pulls.values()].filter((pull) => pull.state === "open").length;
  return {
    id: repository.id,
    node_id: nodeId("Repository", repository.id),
    name: repository.name,
    full_name: `${repository.owner.login}/${repository.name}`,
    owner: renderUser(state, repository.owner),
    private: repository.private,
    visibility: repository.private ? "private" : "public",
    html_url: html,
    description: null,
    fork: repository.fork,
    url: api,
    ...Object.fromEntries(Object.entries(REPOSITORY_URLS).map(([key, rest]) => [key, `${api}${rest}`])),
    clone_url: `${html}.git`,
    git_url: `${html}.git`,
    ssh_url: `git@127.0.0.1:${repository.owner.login}/${repository.name}.git`,
    svn_url: html,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    topics: [],
    default_branch: repository.defaultBranch,
    created_at: repository.createdAt,
    updated_at: repository.pushedAt,
    pushed_at: repository.pushedAt,
    size: 1,
    ...{ forks: 0, forks_count: 0, stargazers_count: 0, watchers: 0, watchers_count: 0 },
    ...{ open_issues: openPulls, open_issues_count: openPulls },
    ...{ has_downloads: true, has_issues: true, has_projects: false, has_wiki: false, has_pages: false },
    ...{ has_discussions: false, archived: false, disabled: false, allow_forking: true, is_template: false },
    web_commit_signoff_required: false,
  };
}

/** The repository as GitHub shows it by itself. */
export function renderFullRepository(state: State, repository: Repository): JsonObject {
  return { ...renderRepository(state, repository), network_count: 0, subscribers_count: 0 };
}
