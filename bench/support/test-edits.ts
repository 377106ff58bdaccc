// Edits that developers made to files of tests, from evaluation data and the repositories that it names.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile, mkdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { isTestPath } from "../../src/core/test-paths.ts";
import { collectCases } from "./cases.ts";

export interface TestEdit {
  /** Case and side. */
  readonly id: string;
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface EditSources {
  /** Failing-test cases: `repo`, `base_sha`, `test_patch`. */
  readonly tests: string;
  /** Merge cases of whole files: `path`, `base`, `ours`, `theirs`. */
  readonly files: string;
  /** Merge cases that name `repo`, `merge` and `path`: the three sides are read from the mirrors. */
  readonly merges: string;
  /** Folder of bare repositories: `<owner>+<name>/repo`. */
  readonly mirrors: string;
}

const FailingCase = z.object({
  id: z.string(),
  kind: z.string(),
  repo: z.string(),
  base_sha: z.string(),
  test_patch: z.string(),
  test_files: z.array(z.string()),
});
const SidesCase = z.object({
  id: z.string(),
  path: z.string(),
  base: z.string().nullable(),
  ours: z.string(),
  theirs: z.string(),
  merged: z.string(),
});
const MergeCase = z.object({ id: z.string(), repo: z.string(), merge: z.string(), path: z.string() });

/** The first `most` distinct edits, in the order of the files. */
export async function collectEdits(sources: EditSources, most: number): Promise<readonly TestEdit[]> {
  const edits = [
    ...(await fromPatches(sources)),
    ...(await fromFiles(sources)),
    ...(await fromMerges(sources)),
  ];
  const seen = new Set<string>();
  return edits
    .filter(({ path, before, after }) => {
      const key = JSON.stringify([path, before, after]);
      const fresh = before !== after && isTestPath(path) && !seen.has(key);
      seen.add(key);
      return fresh;
    })
    .slice(0, most);
}

function repositoryOf(mirrors: string, repo: string): string | null {
  const folder = join(mirrors, repo.replace("/", "+"), "repo");
  return existsSync(folder) ? folder : null;
}

function git(folder: string, ...given: readonly string[]): string | null {
  try {
    return execFileSync("git", ["-C", folder, ...given], {
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return null;
  }
}

async function fromPatches({ tests, mirrors }: EditSources): Promise<readonly TestEdit[]> {
  const cases = (await collectCases(tests, FailingCase.partial().required({ id: true, kind: true })))
    .filter(({ kind }) => kind === "mined-commit")
    .map((one) => FailingCase.parse(one));
  const lists = await Promise.all(cases.map((one) => patched(one, repositoryOf(mirrors, one.repo))));
  return lists.flat();
}

async function patched(one: z.infer<typeof FailingCase>, repository: string | null): Promise<TestEdit[]> {
  if (repository === null) return [];
  const folder = await mkdtemp(join(tmpdir(), "test-edits-"));
  try {
    const before = new Map(
      one.test_files.map((path) => [path, git(repository, "show", `${one.base_sha}:${path}`)]),
    );
    for (const [path, text] of before) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      if (text !== null) await writeFile(join(folder, path), text);
    }
    await writeFile(join(folder, "test.patch"), one.test_patch);
    const include = one.test_files.map((path) => `--include=${path}`);
    if (git(folder, "apply", ...include, "test.patch") === null) return [];
    return await Promise.all(
      [...before].map(async ([path, text]) => ({
        id: one.id,
        path,
        before: text,
        after: await readFile(join(folder, path), "utf8"),
      })),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fromFiles({ files }: EditSources): Promise<readonly TestEdit[]> {
  const cases = await collectCases(files, SidesCase);
  return cases
    .filter(({ path, base }) => base !== null && isTestPath(path))
    .flatMap(({ id, path, base, ours, theirs, merged }) => [
      { id: `${id} ours`, path, before: base, after: ours },
      { id: `${id} theirs`, path, before: base, after: theirs },
      { id: `${id} merged`, path, before: ours, after: merged },
    ]);
}

async function fromMerges({ merges, mirrors }: EditSources): Promise<readonly TestEdit[]> {
  const cases = (await collectCases(merges, MergeCase)).filter(({ path }) => isTestPath(path));
  return cases.flatMap(({ id, repo, merge, path }) => {
    const repository = repositoryOf(mirrors, repo);
    if (repository === null) return [];
    const base = git(repository, "merge-base", `${merge}^1`, `${merge}^2`)?.trim();
    const before = base === undefined ? null : git(repository, "show", `${base}:${path}`);
    if (before === null) return [];
    return [1, 2].flatMap((parent) => {
      const after = git(repository, "show", `${merge}^${parent}:${path}`);
      return after === null ? [] : [{ id: `${id} parent ${parent}`, path, before, after }];
    });
  });
}
