// Which test files a change of some files can affect: by what they import, and what that imports, and so on.
import { boundedReader, everything, folderOf } from "./tree.ts";
import type { Affected, TreeFiles } from "./tree.ts";
import type { Imports } from "./script-imports.ts";

/** The imports of one file. */
export type ImportsOf = (path: string, text: string) => Promise<Imports>;

/**
 * Test files from which one of the changed paths can be reached by imports, in the order given, and those of which it cannot be told. Everything, where more
 * would have to be read than `scanLimits` allows.
 */
export async function affectedTestFiles(
  tests: readonly string[],
  changed: readonly string[],
  scan: { readonly read: TreeFiles["read"]; readonly importsOf: ImportsOf },
): Promise<Affected> {
  const reader = boundedReader(scan.read);
  const importers = new Map<string, Set<string>>();
  const open = new Set<string>();
  const waiting = [...tests];
  const seen = new Set(waiting);
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const text = await reader.read(path);
    if (reader.spent()) return everything;
    const imports = text === null ? { files: [], open: true } : await scan.importsOf(path, text);
    if (imports.open) open.add(path);
    for (const file of imports.files) {
      importers.set(file, (importers.get(file) ?? new Set()).add(path));
      if (!seen.has(file)) waiting.push(file);
      seen.add(file);
    }
  }
  const reached = reachedFrom([...changed, ...open], importers);
  return { kind: "files", files: tests.filter((test) => reached.has(test)) };
}

function reachedFrom(
  start: readonly string[],
  importers: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const reached = new Set(start);
  const waiting = [...reached];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    for (const importer of importers.get(path) ?? []) {
      if (!reached.has(importer)) waiting.push(importer);
      reached.add(importer);
    }
  }
  return reached;
}

/** Whether a file stands where tests and their helpers do. */
export function isBesideTests(path: string): boolean {
  return /(?:^|\/)(?:tests?|__tests__|spec|e2e|integration)(?:\/|$)/.test(folderOf(path)) || isTestName(path);
}

function isTestName(path: string): boolean {
  return /[._-](?:test|spec)\.\w+$|(?:^|\/)test[\w-]*\.\w+$/.test(path);
}
