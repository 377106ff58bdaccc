// The end-to-end bench's repository: 5,000 files, some history, and pull requests that conflict with the base branch in three of them.
import type { PullRef } from "../../src/core/pull.ts";
import type { FakeGitHub, GitFixture, RepositoryAddress } from "../../test/support/fake-github.ts";

const fileCount = 5_000;
const historyLength = 40;
const baseBranch = "main";
export const asker = "ann";

/** The files in conflict, each settled by a rule. */
export const conflictedPaths = ["package.json", "config/routes.json", "CHANGELOG.md"] as const;

/** A pull request and where it stands. `mark` stands in each of its changes and has the same length in all of them. */
export interface ShopPull {
  readonly app: RepositoryAddress;
  readonly pull: PullRef;
  readonly branch: string;
  readonly mark: string;
  readonly headSha: string;
  readonly baseSha: string;
}

export interface Shop {
  readonly app: RepositoryAddress;
  readonly git: GitFixture;
  /** Moves the base branch on and opens a pull request of a commit nobody has seen yet. */
  readonly openPull: () => Promise<ShopPull>;
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

function conflicting(mark: string | null) {
  const extra = mark === null ? {} : { [`extra-${mark}`]: "^1.0.0" };
  const entry = mark === null ? [] : [`- Change ${mark} is made.`];
  const lines = ["# Changelog", "", "## Unreleased", "", ...entry, "- Prices are shown.", ""];
  return {
    "package.json": json({
      name: "shop",
      version: "1.0.0",
      dependencies: { alpha: "^1.0.0", ...extra, zeta: "^2.0.0" },
    }),
    "config/routes.json": json({
      "/": "home",
      ...(mark === null ? {} : { [`/${mark}`]: mark }),
      "/z": "end",
    }),
    "CHANGELOG.md": lines.join("\n"),
  };
}

function source(index: number, revision: number): string {
  const lines = Array.from({ length: 12 }, (_, line) => `export const value${line} = ${index * 100 + line};`);
  return `// File ${index}, revision ${revision}.\n${lines.join("\n")}\n`;
}

const pathOf = (index: number): string => `src/part-${index % 70}/module-${index % 11}/file-${index}.js`;

/** `push.bar: 0`: what is measured is the way to the push, whatever the precision table says of these classes. */
const policy = "push:\n  bar: 0\n";

export async function makeShop(github: FakeGitHub, owner: string): Promise<Shop> {
  const plain = Object.fromEntries(
    Array.from({ length: fileCount }, (_, index) => [pathOf(index), source(index, 0)]),
  );
  const files = { ...plain, ...conflicting(null), ".github/agent.yml": policy };
  const app = await github.addRepository({ owner, name: "shop", files });
  github.setPermission(asker, "write", app);
  const git = github.git(app);
  for (let commit = 1; commit <= historyLength; commit++) {
    const touched = Array.from({ length: 20 }, (_, index) => (commit * 97 + index * 31) % fileCount);
    await git.commit(
      baseBranch,
      Object.fromEntries(touched.map((index) => [pathOf(index), source(index, commit)])),
    );
  }
  const start = await git.sha(baseBranch);
  await git.commit(baseBranch, { ...conflicting("of-base"), [pathOf(1)]: source(1, 1_000) });
  let opened = 0;
  const openPull = async (): Promise<ShopPull> => {
    opened++;
    const mark = `pull-${String(opened).padStart(2, "0")}`;
    const branch = `change/${mark}`;
    const baseSha = await git.commit(baseBranch, {});
    const changed = { ...conflicting(mark), [pathOf(2)]: source(2, 1_000), [pathOf(3)]: source(3, 1_000) };
    const headSha = await git.commit(branch, changed, mark, { parents: [start] });
    const pull = await github.openPull({ ...app, head: branch, base: baseBranch });
    return { app, pull, branch, mark, headSha, baseSha };
  };
  return { app, git, openPull };
}
