// Pull requests in conflict, made for a test, and what people then see of them.
import type { PullRef } from "../../src/core/pull.ts";
import type { FileSpec, RepositoryAddress } from "../support/fake-github.ts";
import type { World } from "./harness.ts";

type Files = Readonly<Record<string, FileSpec>>;

/** Three versions of a few files. `ours` and `theirs` are changes to `before`. */
export interface Versions {
  readonly before: Files;
  readonly ours: Files;
  readonly theirs: Files;
}

export interface Scenario {
  readonly app: RepositoryAddress;
  readonly pull: PullRef;
  readonly head: string;
  readonly base: string;
}

/** A repository's own file that lets a command push whatever is settled: for tests of what comes after that decision. */
export const pushAll: Files = { ".github/agent.yml": "push:\n  bar: 0\n" };

const keys = (...lines: string[]): string =>
  `{\n  "a": 1,\n${lines.map((line) => `  ${line},\n`).join("")}  "z": 26\n}\n`;

/** Settled by rule. */
export const settled: Versions = {
  before: { ...pushAll, "keys.json": keys() },
  ours: { "keys.json": keys('"m": 1') },
  theirs: { "keys.json": keys('"n": 2') },
};
export const settledKeys = { a: 1, m: 1, n: 2, z: 26 };

/** Settled by rule, and left below the bar by any honest measurement: proposed. */
export const proposed: Versions = {
  ...settled,
  before: { "keys.json": keys(), ".github/agent.yml": "push:\n  bar: 1\n" },
};

/** No rule settles this one. */
export const open: Versions = {
  before: { "code.js": "export const price = 1;\n" },
  ours: { "code.js": "export const price = two();\n" },
  theirs: { "code.js": "export const price = three();\n" },
};

let count = 0;

/**
 * A pull request from `feature` (or `branch`) into `main`, on which "ann" has write access. Each is another owner's unless named: the app
 * paces its calls per installation, and tests would wait for each other.
 */
export async function openConflict(
  { github }: World,
  { before, ours, theirs }: Versions,
  {
    owner = `org-${++count}`,
    branch = "feature",
    title,
  }: { owner?: string; branch?: string; title?: string } = {},
): Promise<Scenario> {
  const app = await github.addRepository({ owner, name: `repo-${++count}`, files: before });
  github.setPermission("ann", "write", app);
  const git = github.git(app);
  const head = await git.commit(branch, ours);
  const base = await git.commit("main", theirs);
  const pull = await github.openPull({ ...app, head: branch, ...(title !== undefined && { title }) });
  return { app, pull, head, base };
}

/** The app's one sticky comment on a pull request. Throws unless there is exactly one. */
export function sticky({ github }: World, pull: PullRef): string {
  const own = github
    .comments(pull)
    .filter(({ user, body }) => user.login === github.bot.login && body.startsWith("<!-- errand:sticky -->"));
  const [only] = own;
  if (only === undefined || own.length > 1) throw new Error(`${own.length} comments of the app, not one.`);
  return only.body;
}

/** The app's reactions to a comment, in order. */
export function reactions({ github }: World, pull: PullRef, commentId: number): string[] {
  const comment = github.comments(pull).find(({ id }) => id === commentId);
  return (comment?.reactions ?? []).map(({ content }) => content);
}
