// Go packages whose tests a change can affect: those of the files, and those that import them.
import { isForPeople } from "./relevance.ts";
import { boundedReader, everything, folderOf, isUnder } from "./tree.ts";
import type { Affected, TreeFiles } from "./tree.ts";

/** Folders of packages with tests that a change of `paths` can affect, as "files"; the module is the one at the top of the tree. */
export async function affectedGoPackages(paths: readonly string[], files: TreeFiles): Promise<Affected> {
  const module = /^module[ \t]+"?([^\s"]{1,300})/m.exec((await files.read("go.mod")) ?? "")?.[1];
  const relevant = paths.filter((path) => !isForPeople(path));
  if (module === undefined || relevant.some((path) => /(?:^|\/)go\.(?:mod|sum|work)$|^vendor\//.test(path))) {
    return everything;
  }
  const packages = await readPackages(files, module);
  if (packages === null) return everything;
  const changed = relevant.map((path) => packageOf(path, packages));
  if (changed.includes(null)) return everything;
  const reached = importersOf(
    changed.flatMap((folder) => folder ?? []),
    packages,
  );
  return {
    kind: "files",
    files: [...packages].flatMap(([folder, { tests, testImports }]) =>
      tests && (reached.has(folder) || testImports.some((name) => reached.has(name))) ? [folder] : [],
    ),
  };
}

interface GoPackage {
  readonly imports: string[];
  readonly testImports: string[];
  tests: boolean;
}

/** Packages by folder; `null` where there is too much to read. */
async function readPackages(
  { paths, read }: TreeFiles,
  module: string,
): Promise<ReadonlyMap<string, GoPackage> | null> {
  const reader = boundedReader(read);
  const otherModules = paths.filter((path) => path.endsWith("/go.mod")).map(folderOf);
  const packages = new Map<string, GoPackage>();
  for (const path of paths) {
    if (!path.endsWith(".go") || otherModules.some((folder) => isUnder(path, folder))) continue;
    const text = await reader.read(path);
    if (reader.spent()) return null;
    const entry = packages.get(folderOf(path)) ?? { imports: [], testImports: [], tests: false };
    packages.set(folderOf(path), entry);
    const isTest = path.endsWith("_test.go");
    entry.tests ||= isTest;
    (isTest ? entry.testImports : entry.imports).push(...goImports(text ?? "", module));
  }
  return packages;
}

/** Folders of the module that a file imports. */
function goImports(text: string, module: string): readonly string[] {
  const head = /^(?:func|type|var|const)\b/m.exec(text)?.index ?? text.length;
  const folders: string[] = [];
  for (const [, name = ""] of text.slice(0, head).matchAll(/"([^"\n]{1,300})"/g)) {
    if (name === module) folders.push("");
    else if (name.startsWith(`${module}/`)) folders.push(name.slice(module.length + 1));
  }
  return folders;
}

/** The nearest folder above a file that is a package: what lies in it may be embedded or be test data. */
function packageOf(path: string, packages: ReadonlyMap<string, GoPackage>): string | null {
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    if (packages.has(folder)) return folder;
    if (folder === "") return null;
  }
}

function importersOf(
  start: readonly string[],
  packages: ReadonlyMap<string, GoPackage>,
): ReadonlySet<string> {
  const importers = new Map<string, string[]>();
  for (const [folder, { imports }] of packages) {
    for (const name of imports) importers.set(name, [...(importers.get(name) ?? []), folder]);
  }
  const reached = new Set(start);
  const waiting = [...start];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const importer of importers.get(folder) ?? []) {
      if (!reached.has(importer)) waiting.push(importer);
      reached.add(importer);
    }
  }
  return reached;
}
