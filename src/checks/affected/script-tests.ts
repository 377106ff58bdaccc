// Test files of JavaScript that a change can affect, for the runners that cannot say so themselves.
import { affectedTestFiles, isBesideTests } from "./affected-tests.ts";
import { scriptFile, scriptPaths } from "./relevance.ts";
import { scriptImports, topFolders } from "./script-imports.ts";
import type { ScriptTree } from "./script-imports.ts";
import { everything } from "./tree.ts";
import type { Affected, TreeFiles } from "./tree.ts";

/** Manifests that are read for the names of a tree's own packages. */
const mostManifests = 200;

/** Those of `tests` that a change of `paths` can affect. */
export async function affectedScriptTests(
  tests: readonly string[],
  paths: readonly string[],
  files: TreeFiles,
): Promise<Affected> {
  const changed = scriptPaths(paths);
  if (changed === null) return everything;
  if (changed.length === 0) return { kind: "files", files: [] };
  const tree = await scriptTree(files);
  return await affectedTestFiles(tests, changed, {
    read: files.read,
    importsOf: async (path, text) =>
      scriptFile.test(path)
        ? await scriptImports(path, text, { tree, isTest: isBesideTests(path) })
        : { files: [], open: false },
  });
}

async function scriptTree({ paths, read }: TreeFiles): Promise<ScriptTree> {
  const ownPackages = new Set<string>();
  const manifests = paths.filter((path) => /(?:^|\/)package\.json$/.test(path)).slice(0, mostManifests);
  for (const manifest of manifests) {
    const name = /"name"\s{0,9}:\s{0,9}"([^"\n]{1,300})"/.exec((await read(manifest)) ?? "")?.[1];
    if (name !== undefined) ownPackages.add(name);
  }
  return { files: new Set(paths), read, ownPackages, topFolders: topFolders(paths) };
}
