// Routes of the Git Data API: blobs, trees, commits and references, all made by git itself.
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { hasPermission } from "../auth.ts";
import {
  branchHead,
  commitAt,
  git,
  gitText,
  listTree,
  objectInfo,
  readCommit,
  tryGit,
  writeCommit,
  type Signature,
  type TreeEntry,
} from "../git.ts";
import {
  base64Lines,
  notFound,
  rawReply,
  Refusal,
  unprocessable,
  type Principal,
  type Reply,
  type RepositoryRequest,
} from "../http.ts";
import { afterMove, moveBranch, refusalOfMove } from "../refs.ts";
import { renderGitCommit } from "../render-commit.ts";
import { apiUrl, nodeId, type JsonObject } from "../render.ts";
import type { Route } from "../route.ts";
import { timestamp, type Permissions, type Repository, type State } from "../state.ts";

const CONTENTS_WRITE = [["contents", "write"]] as const;
const CONTENTS_READ = [["contents", "read"]] as const;

function permissionsOf(principal: Principal): Permissions {
  return principal.kind === "installation" ? principal.token.permissions : {};
}

async function createBlob({ repository, body }: RepositoryRequest, state: State): Promise<Reply> {
  const { content, encoding } = body as { content: string; encoding?: string };
  const bytes = Buffer.from(content, encoding === "base64" ? "base64" : "utf8");
  if (
    encoding === "base64" &&
    bytes.toString("base64").replace(/=+$/, "") !== content.replace(/\s|=+$/g, "")
  ) {
    throw unprocessable("content is not valid Base64");
  }
  if (bytes.length > state.blobLimit)
    throw unprocessable(
      "Sorry, your input was too large to process. Consider creating the blob in a local clone of the repository and then pushing it to GitHub.",
    );
  const sha = await gitText(repository.gitDir, ["hash-object", "-w", "--stdin"], { input: bytes });
  const url = `${apiUrl(state, repository)}/git/blobs/${sha}`;
  return { status: 201, body: { url, sha }, headers: { location: url } };
}

async function getBlob({ repository, params, accept }: RepositoryRequest, state: State): Promise<Reply> {
  const sha = params["file_sha"] ?? "";
  const [info] = await objectInfo(repository.gitDir, [sha]);
  if (info?.type !== "blob") throw notFound();
  const bytes = await git(repository.gitDir, ["cat-file", "blob", sha]);
  if (accept.includes("raw")) return rawReply(bytes);
  return {
    status: 200,
    body: {
      sha,
      node_id: nodeId("Blob", info.size),
      size: info.size,
      url: `${apiUrl(state, repository)}/git/blobs/${sha}`,
      content: base64Lines(bytes),
      encoding: "base64",
    },
  };
}

function renderTree(
  state: State,
  repository: Repository,
  sha: string,
  entries: readonly TreeEntry[],
): JsonObject {
  const api = apiUrl(state, repository);
  return {
    sha,
    url: `${api}/git/trees/${sha}`,
    truncated: false,
    tree: entries.map(({ path, mode, type, sha: entry, size }) => ({
      ...{ path, mode, type, sha: entry },
      ...(size === null ? {} : { size }),
      ...(type === "commit" ? {} : { url: `${api}/git/${type === "tree" ? "trees" : "blobs"}/${entry}` }),
    })),
  };
}

async function getTree({ repository, params, query }: RepositoryRequest, state: State): Promise<Reply> {
  const dir = repository.gitDir;
  const name = params["tree_sha"] ?? "";
  const at = (await commitAt(dir, name)) ?? name;
  const found = await tryGit(dir, ["rev-parse", "--quiet", "--verify", "--end-of-options", `${at}^{tree}`]);
  if (found.code !== 0) throw notFound();
  const sha = found.stdout.toString().trim();
  const entries = await listTree(dir, sha, { recursive: query["recursive"] !== undefined });
  return { status: 200, body: renderTree(state, repository, sha, entries) };
}

interface WantedEntry {
  readonly path?: string;
  readonly mode?: string;
  readonly type?: string;
  readonly sha?: string | null;
  readonly content?: string;
}

interface StagedEntry {
  readonly path: string;
  readonly mode: string;
  readonly type: string;
  /** `null` deletes. */
  readonly sha: string | null;
}

async function stagedEntry(repository: Repository, entry: WantedEntry): Promise<StagedEntry> {
  const { path = "", mode = "", type = "", sha, content } = entry;
  if (
    path === "" ||
    path.startsWith("/") ||
    path.endsWith("/") ||
    path.split("/").some((part) => ["", ".", "..", ".git"].includes(part))
  ) {
    throw unprocessable("tree.path contains a malformed path component");
  }
  if (sha !== undefined && content !== undefined)
    throw unprocessable("Must supply either tree.sha or tree.content, not both");
  if (content !== undefined) {
    const made = await gitText(repository.gitDir, ["hash-object", "-w", "--stdin"], { input: content });
    return { path, mode, type: "blob", sha: made };
  }
  if (sha === undefined) throw unprocessable("Must supply either tree.sha or tree.content");
  return { path, mode, type, sha };
}

async function checkObjects(repository: Repository, entries: readonly StagedEntry[]): Promise<void> {
  const wanted = entries.filter((entry) => entry.sha !== null && entry.mode !== "160000");
  const found = await objectInfo(
    repository.gitDir,
    wanted.map((entry) => entry.sha ?? ""),
  );
  for (const [index, entry] of wanted.entries()) {
    const expected = entry.mode === "040000" ? "tree" : "blob";
    if (found[index]?.type !== expected)
      throw unprocessable(`tree.sha ${entry.sha ?? ""} is not a valid ${expected}`);
  }
}

/** Lines for `update-index --index-info`: what one entry takes away, and what it puts there. */
async function indexLines(gitDir: string, present: readonly string[], entry: StagedEntry): Promise<string[]> {
  const { path, mode, sha } = entry;
  const covered = present.filter((one) => one === path || one.startsWith(`${path}/`));
  const removals = covered.map((one) => `0 ${"0".repeat(40)}\t${one}\0`);
  if (sha === null) {
    // GitHub fails on the deletion of a path that is not there.
    if (covered.length === 0) throw unprocessable("GitRPC::BadObjectState");
    return removals;
  }
  if (mode !== "040000") return [...removals, `${mode} ${sha}\t${path}\0`];
  const inside = (await listTree(gitDir, sha, { recursive: true })).filter((one) => one.type !== "tree");
  return [...removals, ...inside.map((one) => `${one.mode} ${one.sha}\t${path}/${one.path}\0`)];
}

/** Builds the tree in an index of its own, so that git decides about sorting and about files that become directories. */
async function writeTree(
  repository: Repository,
  base: string | null,
  entries: readonly StagedEntry[],
): Promise<string> {
  const dir = repository.gitDir;
  const scratch = await mkdtemp(join(dir, "index-"));
  const env = { GIT_INDEX_FILE: join(scratch, "index") };
  try {
    await git(dir, base === null ? ["read-tree", "--empty"] : ["read-tree", base], { env });
    const present = (await git(dir, ["ls-files", "-z"], { env })).toString().split("\0");
    const lines = await Promise.all(entries.map((entry) => indexLines(dir, present, entry)));
    await git(dir, ["update-index", "-z", "--index-info"], { env, input: lines.flat().join("") });
    return await gitText(dir, ["write-tree"], { env });
  } finally {
    await rm(scratch, { recursive: true });
  }
}

async function createTree(request: RepositoryRequest, state: State): Promise<Reply> {
  const { repository, principal } = request;
  const { base_tree: base = null, tree } = request.body as {
    base_tree?: string;
    tree: readonly WantedEntry[];
  };
  const touchesWorkflows = tree.some((entry) => entry.path?.startsWith(".github/workflows/"));
  if (touchesWorkflows && !hasPermission(permissionsOf(principal), "workflows", "write")) {
    throw new Refusal(403, "Resource not accessible by integration");
  }
  if (base !== null && (await objectInfo(repository.gitDir, [base]))[0]?.type !== "tree") {
    throw unprocessable("base_tree is not a valid tree oid");
  }
  const entries = await Promise.all(tree.map((entry) => stagedEntry(repository, entry)));
  await checkObjects(repository, entries);
  const sha = await writeTree(repository, base, entries);
  return { status: 201, body: renderTree(state, repository, sha, await listTree(repository.gitDir, sha)) };
}

const FAKE_SIGNATURE =
  "-----BEGIN PGP SIGNATURE-----\n\nsigned by the fake GitHub\n-----END PGP SIGNATURE-----";

interface Person {
  readonly name: string;
  readonly email: string;
  readonly date?: string;
}

function dated(person: Person): Signature {
  return { name: person.name, email: person.email, date: person.date ?? timestamp() };
}

async function createCommit({ repository, body }: RepositoryRequest, state: State): Promise<Reply> {
  const {
    message,
    tree,
    parents = [],
    author,
    committer,
  } = body as {
    message: string;
    tree: string;
    parents?: readonly string[];
    author?: Person;
    committer?: Person;
  };
  const [treeInfo, ...parentInfos] = await objectInfo(repository.gitDir, [tree, ...parents]);
  if (treeInfo?.type !== "tree") throw unprocessable("Tree SHA does not exist");
  if (parentInfos.some((parent) => parent.type !== "commit"))
    throw unprocessable("Parent SHA does not exist or is not a commit object");
  const bot = {
    name: state.bot.login,
    email: `${String(state.bot.id)}+${state.bot.login}@users.noreply.github.com`,
  };
  const signed = author === undefined && committer === undefined;
  const sha = await writeCommit(repository.gitDir, {
    tree,
    parents,
    message,
    author: dated(author ?? bot),
    committer: dated(committer ?? author ?? { name: "GitHub", email: "noreply@github.com" }),
    signature: signed ? FAKE_SIGNATURE : null,
  });
  const commit = await readCommit(repository.gitDir, sha);
  return { status: 201, body: renderGitCommit(state, repository, commit) };
}

async function getCommit({ repository, params }: RepositoryRequest, state: State): Promise<Reply> {
  const sha = params["commit_sha"] ?? "";
  const [info] = await objectInfo(repository.gitDir, [sha]);
  if (info?.type !== "commit") throw notFound();
  return { status: 200, body: renderGitCommit(state, repository, await readCommit(repository.gitDir, sha)) };
}

function renderRef(state: State, repository: Repository, ref: string, sha: string): JsonObject {
  const api = apiUrl(state, repository);
  return {
    ref: `refs/${ref}`,
    node_id: nodeId("Ref", Number.parseInt(sha.slice(0, 8), 16)),
    url: `${api}/git/refs/${ref.split("/").map(encodeURIComponent).join("/")}`,
    object: { sha, type: "commit", url: `${api}/git/commits/${sha}` },
  };
}

async function getRef({ repository, params }: RepositoryRequest, state: State): Promise<Reply> {
  const ref = params["ref"] ?? "";
  const sha = ref.startsWith("heads/")
    ? await branchHead(repository.gitDir, ref.slice("heads/".length))
    : null;
  if (sha === null) throw notFound();
  return { status: 200, body: renderRef(state, repository, ref, sha) };
}

async function updateRef(request: RepositoryRequest, state: State): Promise<Reply> {
  const { repository, params, principal } = request;
  const { sha, force = false } = request.body as { sha: string; force?: boolean };
  const ref = params["ref"] ?? "";
  const before = ref.startsWith("heads/")
    ? await branchHead(repository.gitDir, ref.slice("heads/".length))
    : null;
  if (before === null) throw unprocessable("Reference does not exist");
  const [info] = await objectInfo(repository.gitDir, [sha]);
  if (info?.type !== "commit") throw unprocessable("Object does not exist");
  const move = { ref: `refs/${ref}`, before, after: sha };
  const refused = await refusalOfMove(repository, permissionsOf(principal), move);
  if (refused !== null) throw new Refusal(refused.status, refused.message);
  if (before !== sha) {
    const problem = await moveBranch(repository, move, force);
    if (problem !== null) throw unprocessable(problem);
    await afterMove(state, repository, move, state.bot);
  }
  return { status: 200, body: renderRef(state, repository, ref, sha) };
}

export const gitDataRoutes: readonly Route[] = [
  { operation: "POST /repos/{owner}/{repo}/git/blobs", access: CONTENTS_WRITE, handle: createBlob },
  { operation: "GET /repos/{owner}/{repo}/git/blobs/{file_sha}", access: CONTENTS_READ, handle: getBlob },
  { operation: "POST /repos/{owner}/{repo}/git/trees", access: CONTENTS_WRITE, handle: createTree },
  { operation: "GET /repos/{owner}/{repo}/git/trees/{tree_sha}", access: CONTENTS_READ, handle: getTree },
  { operation: "POST /repos/{owner}/{repo}/git/commits", access: CONTENTS_WRITE, handle: createCommit },
  {
    operation: "GET /repos/{owner}/{repo}/git/commits/{commit_sha}",
    access: CONTENTS_READ,
    handle: getCommit,
  },
  { operation: "GET /repos/{owner}/{repo}/git/ref/{ref}", access: CONTENTS_READ, handle: getRef },
  { operation: "PATCH /repos/{owner}/{repo}/git/refs/{ref}", access: CONTENTS_WRITE, handle: updateRef },
];
