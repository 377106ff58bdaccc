// Git plumbing on the fake's bare repositories: one process per question, nothing read from the user's configuration.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface GitOptions {
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

export function gitEnvironment(): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "",
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
  };
}

/** Runs git in a bare repository and hands back whatever it said; only a git that cannot start throws. */
export function tryGit(
  gitDir: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", ["-C", gitDir, ...args], {
      env: { ...gitEnvironment(), ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ code: code ?? -1, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() });
    });
    // A git that refuses early closes its input: its exit status tells, not the broken pipe.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
  });
}

/** Runs git and gives its output; throws with git's own words when it fails. */
export async function git(
  gitDir: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<Buffer> {
  const result = await tryGit(gitDir, args, options);
  if (result.code !== 0) {
    throw new Error(`git ${args.join(" ")} ended with ${String(result.code)}: ${result.stderr.trim()}`);
  }
  return result.stdout;
}

export async function gitText(
  gitDir: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<string> {
  return (await git(gitDir, args, options)).toString().trimEnd();
}

/** Names that are surely safe as a path below `refs/heads`. */
const PLAIN_BRANCH = /^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/;

/** Where a branch stands; `null` when there is none. Read from its file where it can be: a process each time adds up. */
export async function branchHead(gitDir: string, branch: string): Promise<string | null> {
  if (PLAIN_BRANCH.test(branch)) {
    const text = await readFile(join(gitDir, "refs", "heads", branch), "utf8").catch(() => "");
    if (/^[0-9a-f]{40}\n$/.test(text)) return text.trim();
    if (!existsSync(join(gitDir, "packed-refs"))) return null;
  }
  const found = await tryGit(gitDir, [
    "rev-parse",
    "--quiet",
    "--verify",
    "--end-of-options",
    `refs/heads/${branch}`,
  ]);
  return found.code === 0 ? found.stdout.toString().trim() : null;
}

/** The commit that a branch, tag or (abbreviated) sha names; `null` when there is none. */
export async function commitAt(gitDir: string, name: string): Promise<string | null> {
  const head = await branchHead(gitDir, name);
  if (head !== null) return head;
  const candidates = /^[0-9a-f]{40}$/.test(name) ? [name] : [`refs/tags/${name}`, name];
  for (const candidate of candidates) {
    const args = ["rev-parse", "--quiet", "--verify", "--end-of-options", `${candidate}^{commit}`];
    const found = await tryGit(gitDir, args);
    if (found.code === 0) return found.stdout.toString().trim();
  }
  return null;
}

export interface ObjectInfo {
  readonly sha: string;
  /** `null` when there is no such object. */
  readonly type: "blob" | "tree" | "commit" | "tag" | null;
  readonly size: number;
}

/** What kind of object each sha is, asked in one process. */
export async function objectInfo(gitDir: string, shas: readonly string[]): Promise<ObjectInfo[]> {
  if (shas.length === 0) return [];
  const known = shas.map((sha) => (/^[0-9a-f]{40}$/.test(sha) ? sha : "0".repeat(40)));
  const output = await gitText(gitDir, ["cat-file", "--batch-check"], { input: `${known.join("\n")}\n` });
  return output.split("\n").map((line, index) => {
    const [, type, size] = line.split(" ");
    const sha = shas[index] ?? "";
    if (type !== "blob" && type !== "tree" && type !== "commit" && type !== "tag")
      return { sha, type: null, size: 0 };
    return { sha, type, size: Number(size) };
  });
}

export interface Signature {
  readonly name: string;
  readonly email: string;
  /** ISO 8601, UTC. */
  readonly date: string;
}

export interface CommitObject {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
  readonly signature: string | null;
}

function signatureOf(line: string): Signature {
  const match = /^(.*) <([^>]*)> (\d+) [+-]\d{4}$/.exec(line);
  const [, name = "", email = "", seconds = "0"] = match ?? [];
  return { name, email, date: new Date(Number(seconds) * 1000).toISOString().replace(/\.\d+Z$/, "Z") };
}

/** Reads a commit; the caller knows that it is there. */
export async function readCommit(gitDir: string, sha: string): Promise<CommitObject> {
  const text = (await git(gitDir, ["cat-file", "commit", sha])).toString();
  const split = text.indexOf("\n\n");
  const headers = text.slice(0, split).replaceAll("\n ", "\u0000").split("\n");
  const value = (name: string): string =>
    headers.find((header) => header.startsWith(`${name} `))?.slice(name.length + 1) ?? "";
  return {
    sha,
    tree: value("tree"),
    parents: headers.filter((header) => header.startsWith("parent ")).map((header) => header.slice(7)),
    author: signatureOf(value("author")),
    committer: signatureOf(value("committer")),
    message: text.slice(split + 2).replace(/\n$/, ""),
    signature: value("gpgsig").replaceAll("\u0000", "\n") || null,
  };
}

/** Writes a commit object. A signature makes its sha one that nobody can foretell, as GitHub's own commits are. */
export async function writeCommit(gitDir: string, commit: Omit<CommitObject, "sha">): Promise<string> {
  const person = ({ name, email, date }: Signature): string =>
    `${name} <${email}> ${String(Math.floor(Date.parse(date) / 1000))} +0000`;
  const lines = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${person(commit.author)}`,
    `committer ${person(commit.committer)}`,
    ...(commit.signature === null ? [] : [`gpgsig ${commit.signature.replaceAll("\n", "\n ")}`]),
  ];
  return gitText(gitDir, ["hash-object", "-t", "commit", "-w", "--stdin"], {
    input: `${lines.join("\n")}\n\n${commit.message}`,
  });
}

export interface TreeEntry {
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
  readonly size: number | null;
  readonly path: string;
}

/** Entries of a tree (of `path` in it), in git's order. */
export async function listTree(
  gitDir: string,
  tree: string,
  options: { recursive?: boolean; path?: string } = {},
): Promise<TreeEntry[]> {
  const args = [
    "ls-tree",
    "-z",
    "--long",
    "--full-tree",
    ...(options.recursive === true ? ["-r", "-t"] : []),
  ];
  const literal = options.path === undefined ? [] : ["--", `:(literal)${options.path}`];
  const output = (await git(gitDir, [...args, tree, ...literal])).toString();
  return output
    .split("\0")
    .filter(Boolean)
    .map((line) => {
      const tab = line.indexOf("\t");
      const [mode = "", type = "", sha = "", size = "-"] = line.slice(0, tab).split(/ +/);
      return { mode, type, sha, size: size === "-" ? null : Number(size), path: line.slice(tab + 1) };
    });
}

/** Is `ancestor` reachable from `descendant`? */
export async function isAncestor(gitDir: string, ancestor: string, descendant: string): Promise<boolean> {
  return (await tryGit(gitDir, ["merge-base", "--is-ancestor", ancestor, descendant])).code === 0;
}
