// Makes commits and branches straight in a bare repository, with git's own bulk importer: no work tree, one process.
import {
  branchHead,
  commitAt,
  git,
  gitText,
  listTree,
  readCommit,
  tryGit,
  type CommitObject,
} from "./git.ts";
import { afterMove } from "./refs.ts";
import type { Repository, State, User } from "./state.ts";

/** Text or bytes of a regular file, or something special; `null` deletes the path. */
export type FileSpec =
  | string
  | Buffer
  | { readonly content: string | Buffer; readonly executable: boolean }
  | { readonly symlink: string }
  | { readonly submodule: string }
  | null;

interface CommitOptions {
  /** Commit shas (or branch names); the branch's own head unless named. `[]` starts an unrelated history. */
  readonly parents?: readonly string[];
  /** Starts from an empty tree instead of the first parent's. */
  readonly empty?: boolean;
  /** Who commits. Default: somebody with no account. */
  readonly author?: { readonly name: string; readonly email: string };
}

/** A repository's hand for tests: everything at once in the bare repository, as if others had pushed. */
export interface GitFixture {
  readonly gitDir: string;
  /** Adds a commit on a branch (made if absent, from the default branch's head unless `parents` says otherwise). Returns its sha. */
  readonly commit: (
    branch: string,
    files: Readonly<Record<string, FileSpec>>,
    message?: string,
    options?: CommitOptions,
  ) => Promise<string>;
  /** Makes or moves a branch, even backwards. */
  readonly branch: (name: string, at: string) => Promise<string>;
  readonly deleteBranch: (name: string) => Promise<void>;
  /** The commit that a branch or sha names. Throws when there is none. */
  readonly sha: (name: string) => Promise<string>;
  readonly head: (branch: string) => Promise<string | null>;
  /** A file's text in a commit; `null` when it is not there. */
  readonly read: (at: string, path: string) => Promise<string | null>;
  readonly readBytes: (at: string, path: string) => Promise<Buffer | null>;
  readonly paths: (at: string) => Promise<string[]>;
  readonly log: (at: string, limit?: number) => Promise<CommitObject[]>;
  /** Any git command in the bare repository; its output without the last newline. */
  readonly run: (...args: string[]) => Promise<string>;
}

const NOTHING = "0".repeat(40);
const SOMEBODY = { name: "Somebody", email: "somebody@example.com" };

function quoted(path: string): string {
  const escaped = path.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n");
  return `"${escaped}"`;
}

function data(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content as string);
  return Buffer.concat([Buffer.from(`data ${String(bytes.length)}\n`), bytes, Buffer.from("\n")]);
}

function fileCommand(path: string, file: FileSpec): Buffer {
  if (file === null) return Buffer.from(`D ${quoted(path)}\n`);
  const inline = (mode: string, content: string | Buffer): Buffer =>
    Buffer.concat([Buffer.from(`M ${mode} inline ${quoted(path)}\n`), data(content)]);
  if (typeof file === "string" || Buffer.isBuffer(file)) return inline("100644", file);
  if ("symlink" in file) return inline("120000", file.symlink);
  if ("submodule" in file) return Buffer.from(`M 160000 ${file.submodule} ${quoted(path)}\n`);
  return inline(file.executable ? "100755" : "100644", file.content);
}

interface ImportOptions {
  readonly branch: string;
  readonly parents: readonly string[];
  readonly files: Readonly<Record<string, FileSpec>>;
  readonly message: string;
  readonly options: CommitOptions;
}

/** Writes one commit, points the branch at it, and returns its sha. Each comes a second after the one before. */
async function importCommit(gitDir: string, seconds: number, wanted: ImportOptions): Promise<string> {
  const { name, email } = wanted.options.author ?? SOMEBODY;
  const person = `${name} <${email}> ${String(seconds)} +0000`;
  const [first, ...others] = wanted.parents;
  const stream = Buffer.concat([
    Buffer.from(`commit refs/heads/${wanted.branch}\nmark :1\nauthor ${person}\ncommitter ${person}\n`),
    data(wanted.message),
    Buffer.from(first === undefined ? "" : `from ${first}\n`),
    Buffer.from(others.map((parent) => `merge ${parent}\n`).join("")),
    Buffer.from(wanted.options.empty === true && first !== undefined ? "deleteall\n" : ""),
    ...Object.entries(wanted.files).map(([path, file]) => fileCommand(path, file)),
    Buffer.from("get-mark :1\ndone\n"),
  ]);
  // --force: the branch may go where its parents are not, as a force push would take it.
  return gitText(gitDir, ["fast-import", "--quiet", "--done", "--force"], { input: stream });
}

async function readBytes(gitDir: string, at: string, path: string): Promise<Buffer | null> {
  const result = await tryGit(gitDir, ["cat-file", "blob", `${at}:${path}`]);
  return result.code === 0 ? result.stdout : null;
}

export function openFixture(state: State, repository: Repository, pusher: User): GitFixture {
  const { gitDir } = repository;
  // One second apart and long ago: the same files give the same shas on every run.
  let clock = Date.parse("2026-01-01T00:00:00Z") / 1000;

  const sha = async (name: string): Promise<string> => {
    const found = await commitAt(gitDir, name);
    if (found === null) throw new Error(`${repository.name} has no commit ${name}.`);
    return found;
  };

  const moved = (name: string, before: string | null, after: string | null): Promise<void> => {
    const move = { ref: `refs/heads/${name}`, before: before ?? NOTHING, after: after ?? NOTHING };
    return afterMove(state, repository, move, pusher);
  };

  const commit: GitFixture["commit"] = async (branch, files, message = "change", options = {}) => {
    const before = await branchHead(gitDir, branch);
    const start = before ?? (await branchHead(gitDir, repository.defaultBranch));
    const parents =
      options.parents === undefined
        ? start === null
          ? []
          : [start]
        : await Promise.all(options.parents.map(sha));
    clock += 1;
    const made = await importCommit(gitDir, clock, { branch, parents, files, message, options });
    await moved(branch, before, made);
    return made;
  };

  return {
    gitDir,
    commit,
    branch: async (name, at) => {
      const target = await sha(at);
      const before = await branchHead(gitDir, name);
      await git(gitDir, ["update-ref", `refs/heads/${name}`, target]);
      await moved(name, before, target);
      return target;
    },
    deleteBranch: async (name) => {
      const before = await sha(name);
      await git(gitDir, ["update-ref", "-d", `refs/heads/${name}`]);
      await moved(name, before, null);
    },
    sha,
    head: (branch) => branchHead(gitDir, branch),
    readBytes: (at, path) => readBytes(gitDir, at, path),
    read: async (at, path) => (await readBytes(gitDir, at, path))?.toString() ?? null,
    paths: async (at) =>
      (await listTree(gitDir, await sha(at), { recursive: true }))
        .filter((entry) => entry.type !== "tree")
        .map((entry) => entry.path),
    log: async (at, limit = 20) => {
      const shas = await gitText(gitDir, ["rev-list", `--max-count=${String(limit)}`, await sha(at)]);
      return Promise.all(shas.split("\n").map((one) => readCommit(gitDir, one)));
    },
    run: (...args) => gitText(gitDir, args),
  };
}
