// Routes that read files, commits, branches and comparisons.
import { branchHead, commitAt, git, gitText, listTree, readCommit, tryGit, type TreeEntry } from "../git.ts";
import { base64Lines, notFound, rawReply, type Reply, type RepositoryRequest } from "../http.ts";
import { renderCommit } from "../render-commit.ts";
import { apiUrl, htmlUrl, type JsonObject } from "../render.ts";
import type { Route } from "../route.ts";
import type { Repository, State } from "../state.ts";

/** Above this many bytes GitHub leaves `content` empty and names no encoding. */
const MAX_INLINE = 1_000_000;
/** Above this many bytes the contents route refuses even the raw media type. */
const MAX_RAW = 100_000_000;

function renderEntry(state: State, repository: Repository, entry: TreeEntry, ref: string): JsonObject {
  const path = entry.path.split("/").map(encodeURIComponent).join("/");
  const url = `${apiUrl(state, repository)}/contents/${path}?ref=${encodeURIComponent(ref)}`;
  const kind = entry.type === "tree" ? "trees" : "blobs";
  const gitUrl = `${apiUrl(state, repository)}/git/${kind}/${entry.sha}`;
  const html = `${htmlUrl(state, repository)}/blob/${encodeURIComponent(ref)}/${path}`;
  const types: Record<string, string> = { "040000": "dir", "120000": "symlink", "160000": "submodule" };
  return {
    type: types[entry.mode] ?? "file",
    name: entry.path.split("/").at(-1),
    path: entry.path,
    sha: entry.sha,
    size: entry.size ?? 0,
    url,
    git_url: gitUrl,
    html_url: html,
    download_url: entry.type === "blob" ? `${html}?raw=true` : null,
    _links: { self: url, git: gitUrl, html },
  };
}

async function directory(
  state: State,
  { repository, accept }: RepositoryRequest,
  at: { commit: string; path: string; ref: string },
): Promise<Reply> {
  const tree = at.path === "" ? at.commit : `${at.commit}:${at.path}`;
  const prefix = at.path === "" ? "" : `${at.path}/`;
  const entries = (await listTree(repository.gitDir, tree)).map((entry) =>
    renderEntry(state, repository, { ...entry, path: prefix + entry.path }, at.ref),
  );
  if (!accept.includes("object")) return { status: 200, body: entries };
  const sha = await gitText(repository.gitDir, ["rev-parse", at.path === "" ? `${tree}^{tree}` : tree]);
  const self = renderEntry(
    state,
    repository,
    { mode: "040000", type: "tree", sha, size: null, path: at.path },
    at.ref,
  );
  return { status: 200, body: { ...self, entries } };
}

async function file(
  state: State,
  { repository, accept }: RepositoryRequest,
  entry: TreeEntry,
  ref: string,
): Promise<Reply> {
  const shown = renderEntry(state, repository, entry, ref);
  if (entry.type === "commit") return { status: 200, body: { ...shown, submodule_git_url: null } };
  const size = entry.size ?? 0;
  if (size > MAX_RAW) throw notFound();
  const bytes = await git(repository.gitDir, ["cat-file", "blob", entry.sha]);
  if (accept.includes("raw")) return rawReply(bytes);
  if (entry.mode === "120000") return { status: 200, body: { ...shown, target: bytes.toString() } };
  if (size > MAX_INLINE) return { status: 200, body: { ...shown, encoding: "none", content: "" } };
  return { status: 200, body: { ...shown, encoding: "base64", content: base64Lines(bytes) } };
}

async function getContents(request: RepositoryRequest, state: State): Promise<Reply> {
  const { repository, params, query } = request;
  const ref = query["ref"] ?? repository.defaultBranch;
  const path = (params["path"] ?? "").replace(/^\/+|\/+$/g, "");
  const commit = await commitAt(repository.gitDir, ref.replace(/^refs\/heads\//, ""));
  if (commit === null) throw notFound();
  if (path === "") return directory(state, request, { commit, path, ref });
  const entry = (await listTree(repository.gitDir, commit, { path })).find((one) => one.path === path);
  if (entry === undefined) throw notFound();
  return entry.type === "tree"
    ? directory(state, request, { commit, path, ref })
    : file(state, request, entry, ref);
}

async function getCommit({ repository, params }: RepositoryRequest, state: State): Promise<Reply> {
  const ref = params["ref"] ?? "";
  const sha = await commitAt(repository.gitDir, ref);
  if (sha === null) throw notFound();
  return { status: 200, body: renderCommit(state, repository, await readCommit(repository.gitDir, sha)) };
}

async function getBranch({ repository, params }: RepositoryRequest, state: State): Promise<Reply> {
  const name = params["branch"] ?? "";
  const sha = await branchHead(repository.gitDir, name);
  if (sha === null) throw notFound();
  const url = `${apiUrl(state, repository)}/branches/${encodeURIComponent(name)}`;
  const isProtected = repository.protectedBranches.has(name);
  return {
    status: 200,
    body: {
      name,
      commit: renderCommit(state, repository, await readCommit(repository.gitDir, sha)),
      _links: { self: url, html: `${htmlUrl(state, repository)}/tree/${encodeURIComponent(name)}` },
      protected: isProtected,
      protection: {
        enabled: isProtected,
        required_status_checks: { enforcement_level: "off", contexts: [], checks: [] },
      },
      protection_url: `${url}/protection`,
    },
  };
}

const STATUS_NAMES: Readonly<Record<string, string>> = {
  A: "added",
  D: "removed",
  M: "modified",
  T: "changed",
};

async function changedFiles(
  state: State,
  repository: Repository,
  from: string,
  to: string,
): Promise<JsonObject[]> {
  const raw = (await git(repository.gitDir, ["diff-tree", "-r", "-z", "--raw", "--no-renames", from, to]))
    .toString()
    .split("\0");
  const files: JsonObject[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [, , , sha = "", status = ""] = (raw[at] ?? "").split(" ");
    const filename = raw[at + 1] ?? "";
    const url = `${htmlUrl(state, repository)}/blob/${to}/${encodeURIComponent(filename)}`;
    const urls = { blob_url: url, raw_url: url, contents_url: url };
    files.push({
      sha,
      filename,
      status: STATUS_NAMES[status] ?? "changed",
      additions: 0,
      deletions: 0,
      changes: 0,
      ...urls,
    });
  }
  return files;
}

async function compare({ repository, params }: RepositoryRequest, state: State): Promise<Reply> {
  const [baseName = "", headName = ""] = (params["basehead"] ?? "").split("...");
  const dir = repository.gitDir;
  const [base, head] = [await commitAt(dir, baseName), await commitAt(dir, headName)];
  if (base === null || head === null) throw notFound();
  const mergeBase = await tryGit(dir, ["merge-base", base, head]);
  if (mergeBase.code !== 0) throw notFound();
  const common = mergeBase.stdout.toString().trim();
  const [behind = 0, ahead = 0] = (
    await gitText(dir, ["rev-list", "--left-right", "--count", `${base}...${head}`])
  )
    .split("\t")
    .map(Number);
  const shas = (await gitText(dir, ["rev-list", "--reverse", "--max-count=250", `${base}..${head}`]))
    .split("\n")
    .filter(Boolean);
  const show = async (sha: string): Promise<JsonObject> =>
    renderCommit(state, repository, await readCommit(dir, sha));
  const url = `${apiUrl(state, repository)}/compare/${base}...${head}`;
  const html = `${htmlUrl(state, repository)}/compare/${base}...${head}`;
  return {
    status: 200,
    body: {
      url,
      html_url: html,
      permalink_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      base_commit: await show(base),
      merge_base_commit: await show(common),
      status: ahead === 0 ? (behind === 0 ? "identical" : "behind") : behind === 0 ? "ahead" : "diverged",
      ahead_by: ahead,
      behind_by: behind,
      total_commits: ahead,
      commits: await Promise.all(shas.map(show)),
      files: await changedFiles(state, repository, common, head),
    },
  };
}

export const contentRoutes: readonly Route[] = [
  {
    operation: "GET /repos/{owner}/{repo}/contents/{path}",
    access: [["contents", "read"]],
    handle: getContents,
  },
  { operation: "GET /repos/{owner}/{repo}/commits/{ref}", access: [["contents", "read"]], handle: getCommit },
  {
    operation: "GET /repos/{owner}/{repo}/branches/{branch}",
    access: [["contents", "read"]],
    handle: getBranch,
  },
  {
    operation: "GET /repos/{owner}/{repo}/compare/{basehead}",
    access: [["contents", "read"]],
    handle: compare,
  },
];
