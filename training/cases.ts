// The hunks to learn from, in folds by repository.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { HunkCase } from "../src/cli/bench/cases.ts";
import type { Hunk } from "../src/core/conflict.ts";
import type { HunkContext } from "../src/merge/tier.ts";

export async function readHunkCases(file: string): Promise<HunkCase[]> {
  const bytes = createReadStream(file);
  const input = file.endsWith(".gz") ? bytes.pipe(createGunzip()) : bytes;
  const cases: HunkCase[] = [];
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (line !== "") cases.push(HunkCase.parse(JSON.parse(line)));
  }
  return cases;
}

export function hunkOf({ base, ours, theirs }: HunkCase): Hunk {
  return { kind: "hunk", base, ours, theirs };
}

export function contextOf(test: HunkCase): HunkContext {
  const { path, before, after, n_hunks: hunks, hunk: index, n_conflict_files: conflictedFiles } = test;
  const place = conflictedFiles === undefined ? { index } : { index, conflictedFiles };
  return { path, before, after, file: null, hunks, place };
}

/** The fold of each repository: a repository's hunks are learnt from, or tested on, never both. The names are spread by their order. */
export function foldsByRepository(cases: readonly HunkCase[], folds: number): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { repo } of cases) sizes.set(repo, (sizes.get(repo) ?? 0) + 1);
  const bySize = [...sizes].sort(([one, many], [other, more]) => more - many || (one < other ? -1 : 1));
  const loads = Array.from({ length: folds }, () => 0);
  return new Map(
    bySize.map(([repo, count]) => {
      const fold = loads.indexOf(Math.min(...loads));
      loads[fold] = (loads[fold] ?? 0) + count;
      return [repo, fold];
    }),
  );
}
