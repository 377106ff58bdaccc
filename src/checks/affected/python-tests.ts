// Python test files that a change can affect, by a scan of import statements.
import { affectedTestFiles } from "./affected-tests.ts";
import { pythonPaths } from "./relevance.ts";
import type { Imports } from "./script-imports.ts";
import { everything, folderOf, joinPath } from "./tree.ts";
import type { Affected, TreeFiles } from "./tree.ts";

/** What pytest takes for a test file by itself. */
export function isPythonTest(path: string): boolean {
  return /(?:^|\/)(?:test_[^/]*|[^/]*_test)\.py$/.test(path);
}

/** Those of `tests` that a change of `paths` can affect. */
export async function affectedPythonTests(
  tests: readonly string[],
  paths: readonly string[],
  files: TreeFiles,
): Promise<Affected> {
  const changed = pythonPaths(paths);
  if (changed === null) return everything;
  if (changed.length === 0) return { kind: "files", files: [] };
  const known = new Set(files.paths);
  const roots = importRoots(files.paths);
  return await affectedTestFiles(tests, changed, {
    read: files.read,
    importsOf: (path, text) => Promise.resolve(pythonImports(path, text, { known, roots })),
  });
}

/** Folders that modules are looked for in: those of the project files, their `src`, and, as pytest does, those of tests. */
function importRoots(paths: readonly string[]): readonly string[] {
  const roots = new Set(["", "src", "lib"]);
  for (const path of paths) {
    const [, folder = ""] = /^(.*?)\/?(?:setup\.py|pyproject\.toml|conftest\.py)$/.exec(path) ?? [];
    for (const root of folder === "" ? [] : [folder, `${folder}/src`]) roots.add(root);
  }
  return [...roots];
}

interface PythonTree {
  readonly known: ReadonlySet<string>;
  readonly roots: readonly string[];
}

const importLine = /^[ \t]{0,40}import[ \t]+([\w., \t]{1,500})/gm;
const fromLine =
  /^[ \t]{0,40}from[ \t]+(\.{0,10}[\w.]{0,300})[ \t]+import[ \t]+(?:\(([^)]{0,4000})\)|([^\n#]{1,500}))/gm;
const beyondImports =
  /\b(?:import_module|__import__|runpy)\b|^[ \t]{0,40}(?:import|from)[ \t]+(?:subprocess|multiprocessing)\b/m;

/** The imports of a text, and the files that Python and pytest run along with it. */
function pythonImports(path: string, text: string, tree: PythonTree): Imports {
  const isTest = isPythonTest(path);
  const files = new Set<string>(isTest ? conftests(path, tree.known) : []);
  for (const name of importedNames(text)) {
    for (const file of modules(path, name, tree)) files.add(file);
  }
  files.delete(path);
  return { files: [...files], open: isTest && beyondImports.test(text) };
}

/** Names of modules as they are written, what is imported from one among them: it may be a module, too. */
function importedNames(text: string): readonly string[] {
  const found: string[] = [];
  for (const [, names = ""] of text.matchAll(importLine)) found.push(...names.split(",").map(firstWord));
  for (const [, module = "", many, few = ""] of text.matchAll(fromLine)) {
    const members = (many ?? few).split(",").map((name) => firstWord(name.replace(/#.*$/gm, "")));
    const prefix = module.endsWith(".") ? module : `${module}.`;
    found.push(module, ...members.filter((member) => member !== "").map((member) => prefix + member));
  }
  return found;
}

function firstWord(text: string): string {
  return /^\s*([\w.]+)/.exec(text)?.[1] ?? "";
}

/** The files that importing a module runs: it, and the packages that it is in. */
function modules(from: string, name: string, { known, roots }: PythonTree): readonly string[] {
  const dots = /^\.*/.exec(name)?.[0].length ?? 0;
  const parts = name.slice(dots).split(".").filter(Boolean);
  const starts = dots === 0 ? [...roots, folderOf(from)] : relativeStart(from, dots);
  const found: string[] = [];
  for (const start of starts) {
    for (let depth = dots === 0 ? 1 : 0; depth <= parts.length; depth += 1) {
      const base = [start, ...parts.slice(0, depth)].filter(Boolean).join("/");
      const candidates = [`${base}.py`, base === "" ? "__init__.py" : `${base}/__init__.py`, `${base}.pyi`];
      found.push(...candidates.filter((candidate) => known.has(candidate)));
    }
  }
  return found;
}

function relativeStart(from: string, dots: number): readonly string[] {
  const start = joinPath(folderOf(from), "../".repeat(dots - 1));
  return start === null ? [] : [start];
}

/** pytest runs the conftest.py of every folder above a test. */
function conftests(path: string, known: ReadonlySet<string>): readonly string[] {
  const found: string[] = [];
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    const file = folder === "" ? "conftest.py" : `${folder}/conftest.py`;
    if (known.has(file)) found.push(file);
    if (folder === "") return found;
  }
}
