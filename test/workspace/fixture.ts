// What the workspace tests share: repositories made from plain data, a server for them, a cache, and workspaces over both.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Conflict } from "../../src/core/conflict.ts";
import type { Log } from "../../src/core/log.ts";
import type { Workspace } from "../../src/core/workspace.ts";
import { createWorkspaces } from "../../src/workspace/index.ts";
import type { Workspaces, WorkspacesOptions } from "../../src/workspace/index.ts";
import { plainEnvironment, startGitServer } from "./git-server.ts";
import type { GitServer } from "./git-server.ts";

const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export const canary = "ghs_canary0123456789abcdefghij";

/** A file of a fixture: text, bytes, or one with a mode; `oid` for a submodule; `null` deletes. */
type FixtureFile =
  string | Buffer | { mode: string; content: string | Buffer } | { submodule: string } | null;

export interface FixtureCommit {
  readonly name: string;
  readonly parents?: readonly string[];
  /** Changes against the first parent. Paths are bytes, one character each. */
  readonly files: Readonly<Record<string, FixtureFile>>;
  readonly message?: string;
}

export interface Fixture {
  readonly root: string;
  readonly cacheDir: string;
  readonly server: GitServer;
  readonly workspaces: Workspaces;
  /** Makes a bare repository of these commits, each also a branch of its name, and returns their shas. */
  readonly repository: (name: string, commits: readonly FixtureCommit[]) => Record<string, string>;
  readonly open: (name: string, headSha: string, baseSha: string) => Promise<Workspace>;
  readonly git: (name: string, ...args: string[]) => string;
  readonly with: (options: Partial<WorkspacesOptions>) => Workspaces;
  readonly url: (name: string) => string;
  readonly close: () => Promise<void>;
}

export async function createFixture(options: Partial<WorkspacesOptions> = {}): Promise<Fixture> {
  const root = mkdtempSync(join(tmpdir(), "errand-workspace-"));
  const repositories = join(root, "repositories");
  mkdirSync(repositories);
  const server = await startGitServer(repositories, canary);
  const cacheDir = join(root, "cache");
  const make = (more: Partial<WorkspacesOptions>) =>
    createWorkspaces({
      cacheDir,
      maxCacheBytes: 1e9,
      identity: { name: "errand[bot]", email: "errand@example.com" },
      environment: process.env,
      log: silent,
      ...options,
      ...more,
    });
  const workspaces = make({});
  const opened: Workspace[] = [];
  const git = (name: string, ...args: string[]) =>
    execFileSync("git", ["--git-dir", join(repositories, `${name}.git`), ...args], {
      env: plainEnvironment,
      maxBuffer: 1e9,
    })
      .toString()
      .trim();
  return {
    root,
    cacheDir,
    server,
    workspaces,
    git,
    with: make,
    url: (name) => `${server.origin}/${name}.git`,
    repository: (name, commits) => createRepository(join(repositories, `${name}.git`), commits),
    open: async (name, headSha, baseSha) => {
      const workspace = await workspaces.open({
        cloneUrl: `${server.origin}/${name}.git`,
        token: canary,
        headSha,
        baseSha,
        signal: new AbortController().signal,
      });
      opened.push(workspace);
      return workspace;
    },
    close: async () => {
      for (const workspace of opened) await workspace.dispose();
      await server.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Three commits: a base, and two sides that start from it. */
export function sides(
  base: FixtureCommit["files"],
  ours: FixtureCommit["files"],
  theirs: FixtureCommit["files"],
): FixtureCommit[] {
  return [
    { name: "base", files: base },
    { name: "ours", parents: ["base"], files: ours },
    { name: "theirs", parents: ["base"], files: theirs },
  ];
}

export function conflictAt(workspace: Workspace, path: string): Conflict {
  const found = workspace.conflicts.find((conflict) => conflict.path === path);
  if (found === undefined) {
    throw new Error(`No conflict at ${path}: ${workspace.conflicts.map((one) => one.path).join(", ")}`);
  }
  return found;
}

function createRepository(gitDir: string, commits: readonly FixtureCommit[]): Record<string, string> {
  const run = (args: readonly string[], input?: Buffer) =>
    execFileSync("git", args, { env: plainEnvironment, input, stdio: ["pipe", "pipe", "pipe"] }).toString();
  run(["init", "--quiet", "--bare", "--initial-branch=main", gitDir]);
  run(["--git-dir", gitDir, "config", "uploadpack.allowFilter", "true"]);
  run(["--git-dir", gitDir, "config", "uploadpack.allowAnySHA1InWant", "true"]);
  const chunks: Buffer[] = [];
  const line = (text: string) => chunks.push(Buffer.from(`${text}\n`));
  const data = (bytes: Buffer) => {
    line(`data ${bytes.length}`);
    chunks.push(bytes, Buffer.from("\n"));
  };
  const marks = new Map(commits.map(({ name }, index) => [name, index + 1]));
  for (const { name, parents = [], files, message = name } of commits) {
    line(parents.length === 0 ? `reset refs/heads/${name}\n` : "");
    line(`commit refs/heads/${name}`);
    line(`mark :${marks.get(name) ?? 0}`);
    line(`committer Fixture <fixture@example.com> ${1_700_000_000 + (marks.get(name) ?? 0)} +0000`);
    data(Buffer.from(message));
    for (const [index, parent] of parents.entries())
      line(`${index === 0 ? "from" : "merge"} :${marks.get(parent) ?? 0}`);
    for (const [path, file] of Object.entries(files)) change(path, file, line, data);
  }
  run(["--git-dir", gitDir, "fast-import", "--quiet"], Buffer.concat(chunks));
  return Object.fromEntries(
    commits.map(({ name }) => [name, run(["--git-dir", gitDir, "rev-parse", `refs/heads/${name}`]).trim()]),
  );
}

function change(
  path: string,
  file: FixtureFile,
  line: (text: string) => void,
  data: (bytes: Buffer) => void,
): void {
  const quoted = `"${path.replaceAll(/[^\w./ -]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`)}"`;
  if (file === null) {
    line(`D ${quoted}`);
  } else if (typeof file === "object" && "submodule" in file) {
    line(`M 160000 ${file.submodule} ${quoted}`);
  } else {
    const { mode, content } =
      typeof file === "string" || Buffer.isBuffer(file) ? { mode: "100644", content: file } : file;
    line(`M ${mode} inline ${quoted}`);
    data(Buffer.from(content));
  }
}
