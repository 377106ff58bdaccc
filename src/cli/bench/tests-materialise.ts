// A case as trees: the program with its failing tests, the same without the new tests, and the same as the developers put it right.
import { AppError } from "../../core/errors.ts";
import type { Trees } from "../../core/suite.ts";
import type { Blob } from "../../core/workspace.ts";
import { emptyTree, openPrivateTrees } from "../../workspace/private-trees.ts";
import type { PrivateTrees } from "../../workspace/private-trees.ts";
import { diffTrees, pathText } from "../../workspace/tree-diff.ts";
import type { TestCase } from "./tests-cases.ts";
import type { Repositories } from "./tests-repositories.ts";

export interface MaterialCase {
  readonly trees: Trees;
  readonly head: string;
  /** The commit without the new tests; `null` of cases that are files. */
  readonly base: string | null;
  /** Paths in which the head differs from the base. */
  readonly changed: readonly string[];
  /** The head with the developers' fix; `null` where the case has none. */
  readonly reference: string | null;
  /** `tree` with these files in it. */
  readonly withFiles: (tree: string, files: Readonly<Record<string, string>>) => Promise<string>;
  /** Never throws. */
  readonly dispose: () => Promise<void>;
}

export interface MaterialOptions {
  readonly repositories: Repositories;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** Throws `AppError` where it cannot be done: the message says why. */
export async function materialise(one: TestCase, options: MaterialOptions): Promise<MaterialCase> {
  const { environment, signal } = options;
  const borrow = one.files === null ? await options.repositories.find(one) : null;
  const made = await openPrivateTrees({ borrow, environment, signal });
  try {
    const start = await startOf(one, made);
    const head = await made.patched(start, Buffer.from(one.test_patch));
    const base = one.files === null ? start : null;
    return {
      trees: made.over(head),
      head,
      base,
      changed: base === null ? [] : await changedPaths(made, base, head),
      reference: one.fix_patch === "" ? null : await made.patched(head, Buffer.from(one.fix_patch)),
      withFiles: (tree, files) => made.withBlobs(tree, blobsOf(files)),
      dispose: made.dispose,
    };
  } catch (error) {
    await made.dispose();
    throw error;
  }
}

const blobsOf = (files: Readonly<Record<string, string>>): Map<string, Blob> =>
  new Map(Object.entries(files).map(([path, text]) => [path, { mode: "100644", bytes: Buffer.from(text) }]));

async function startOf(one: TestCase, made: PrivateTrees): Promise<string> {
  if (one.files !== null) return await made.withBlobs(emptyTree, blobsOf(one.files));
  const tree = one.base_sha === null ? null : await made.treeOf(one.base_sha);
  if (tree === null) {
    throw new AppError("input", `The commit ${one.base_sha ?? "(none)"} is not in the repository.`, {
      retryable: false,
      remedy: "Fetch it there, or leave --repositories out to have it fetched.",
    });
  }
  const paths = await made.over(tree).listTree(tree);
  const pruned = paths.filter((path) =>
    one.pruned_paths.some((gone) => path === gone || path.startsWith(`${gone}/`)),
  );
  return await made.withBlobs(tree, new Map(pruned.map((path) => [path, null])));
}

async function changedPaths(made: PrivateTrees, base: string, head: string): Promise<readonly string[]> {
  const changes = await diffTrees(made.git, base, head, made.limits);
  return changes.flatMap(({ status, rawPath }) => (status === "D" ? [] : (pathText(rawPath) ?? [])));
}
