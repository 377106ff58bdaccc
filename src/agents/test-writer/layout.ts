// Where tests of a source file go, and which test file shows how they are written here.
import { decidesTests, isTestPath } from "../../core/test-paths.ts";
import { grammarOf } from "../../syntax/index.ts";
import { folderOf, joined, meaningfulFolders, nameOf, stemOf } from "./paths.ts";
import { familyOf } from "./walk.ts";
import type { Family } from "./walk.ts";

export interface Place {
  readonly testPath: string;
  /** Whether the file is there. */
  readonly exists: boolean;
  /** A test file of the same language to learn the style from; `null` where there is none. */
  readonly example: string | null;
}

/** Files that are looked at as places and examples. */
const mostTestFiles = 5_000;

/** Whether a path holds tests that a runner collects: no fixture, mock or snapshot. */
export function isTestFile(path: string, family: Family): boolean {
  if (family === "go") return path.endsWith("_test.go");
  if (!isTestPath(path) || decidesTests(path) || familyOf(grammarOf(path)) !== family) return false;
  if (
    /(?:^|\/)(?:__mocks__|__fixtures__|fixtures|testdata|__snapshots__|helpers?|support|e2e|cypress)\//.test(
      path,
    )
  )
    return false;
  const name = nameOf(path);
  if (family === "python") return /^test_|_test\.py$/.test(name);
  return (
    /[._-](?:test|spec|tests)\.\w+$/.test(name) ||
    /^(?:tests?|specs?)\//.test(path) ||
    path.includes("__tests__/")
  );
}

/** `null` where the file's tests have no place: what would be written is no test, or decides how tests run. */
export function placeFor(source: string, paths: readonly string[], runner: string | null): Place | null {
  const family = familyOf(grammarOf(source));
  if (family === null) return null;
  const tests = paths.filter((path) => isTestFile(path, family)).slice(0, mostTestFiles);
  const own = ownTestFile(source, paths, tests);
  const testPath = own ?? newTestPath(source, paths, { tests, family, runner });
  if (testPath === null || !isTestPath(testPath) || decidesTests(testPath)) return null;
  if (own === null && paths.includes(testPath)) return null;
  return { testPath, exists: own !== null, example: own ?? nearest(source, tests) };
}

/** The test file of the same name, where it cannot be meant for another source. */
function ownTestFile(source: string, paths: readonly string[], tests: readonly string[]): string | null {
  const stem = stemOf(source);
  const same = tests.filter((path) => stemOf(path) === stem);
  const folders = meaningfulFolders(source).join("/");
  const mirrored = same.filter((path) => meaningfulFolders(path).join("/") === folders);
  const beside = mirrored.find((path) => folderOf(path) === folderOf(source));
  if (mirrored.length > 0) return beside ?? mirrored[0] ?? null;
  const homonyms = paths.filter((path) => stemOf(path) === stem && !isTestPath(path));
  return homonyms.length === 1 && same.length === 1 ? (same[0] ?? null) : null;
}

function nearest(source: string, tests: readonly string[]): string | null {
  const own = meaningfulFolders(source);
  const closeness = (path: string): number => {
    const folders = meaningfulFolders(path);
    const differs = own.findIndex((folder, index) => folders[index] !== folder);
    return 2 * (differs < 0 ? own.length : differs) - folders.length;
  };
  const [best] = tests.toSorted((a, b) => closeness(b) - closeness(a) || (a < b ? -1 : 1));
  return best ?? null;
}

/** How a repository names its tests, taken from one of them. */
interface Convention {
  /** "": beside the source. Else a folder beside it ("__tests__"), or one at the top ("test"). */
  readonly folder: string;
  readonly top: boolean;
  readonly prefix: string;
  readonly suffix: string;
  readonly ending: string;
}

interface Layout {
  readonly tests: readonly string[];
  readonly family: Family;
  readonly runner: string | null;
}

function newTestPath(source: string, paths: readonly string[], layout: Layout): string | null {
  const { tests, family } = layout;
  if (family === "go") return source.replace(/\.go$/, "_test.go");
  const convention = majority(tests.map(conventionOf)) ?? defaultConvention(source, paths, layout);
  const { folder, top, prefix, suffix, ending } = convention;
  const name = `${prefix}${stemOf(source)}${suffix}.${ending}`;
  if (!top) return joined(folderOf(source), folder, name);
  const nested = tests.some((path) => path.startsWith(`${folder}/`) && meaningfulFolders(path).length > 0);
  return joined(folder, ...(nested ? meaningfulFolders(source) : []), name);
}

function conventionOf(path: string): Convention {
  const [, prefix = "", suffix = "", ending = ""] =
    /^(test_)?[^/]*?([._-](?:tests?|spec))?\.(\w+)$/.exec(nameOf(path)) ?? [];
  const shape = { prefix, suffix, ending };
  const folders = folderOf(path).split("/");
  const [first = ""] = folders;
  if (/^(?:tests?|specs?)$/.test(first)) {
    const inner = folders[1] === "unit" ? "/unit" : "";
    return { folder: first + inner, top: true, ...shape };
  }
  return { folder: folders.includes("__tests__") ? "__tests__" : "", top: false, ...shape };
}

function majority(conventions: readonly Convention[]): Convention | null {
  const counts = new Map<string, { readonly convention: Convention; count: number }>();
  for (const convention of conventions) {
    const key = JSON.stringify(Object.values(convention));
    const entry = counts.get(key) ?? { convention, count: 0 };
    entry.count += 1;
    counts.set(key, entry);
  }
  const [first] = [...counts.values()].toSorted((a, b) => b.count - a.count);
  return first?.convention ?? null;
}

function defaultConvention(source: string, paths: readonly string[], { family, runner }: Layout): Convention {
  const ending = /\.(\w+)$/.exec(source)?.[1] ?? "js";
  const topFolder = ["test", "tests"].find((folder) => paths.some((path) => path.startsWith(`${folder}/`)));
  if (family === "python")
    return { folder: topFolder ?? "tests", top: true, prefix: "test_", suffix: "", ending: "py" };
  const atTop = topFolder !== undefined || runner === "mocha" || runner === "tap" || runner === "tape";
  const shape = { prefix: "", suffix: ".test", ending };
  return atTop ? { folder: topFolder ?? "test", top: true, ...shape } : { folder: "", top: false, ...shape };
}
