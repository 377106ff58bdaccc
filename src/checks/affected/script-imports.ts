// What a file of JavaScript or TypeScript imports, read by a scan of its text and looked up among the files of the tree.
import { folderOf, joinPath } from "./tree.ts";
import type { TreeFiles } from "./tree.ts";

export interface Imports {
  /** Files of the tree. */
  readonly files: readonly string[];
  /** Whether it may hang on more than can be told: what it imports is made by a build, named at run time, or an alias; or, in a test, programs are started. */
  readonly open: boolean;
}

/** Names of packages, and the tree. */
export interface ScriptTree {
  readonly files: ReadonlySet<string>;
  readonly read: TreeFiles["read"];
  /** Packages of the tree itself: an import of one hangs on what it was built of. */
  readonly ownPackages: ReadonlySet<string>;
  /** Folders at the top of the tree and of its `src`: a setting (`baseUrl`, `modulePaths`) can let them be imported from. */
  readonly topFolders: ReadonlySet<string>;
}

const specifiers =
  /(?:\bfrom|\bimport|\brequire(?:\.resolve)?|\.mock|\bURL)\s{0,20}\(?\s{0,20}(?:"([^"\n]{1,300})"|'([^'\n]{1,300})')/g;
const namedAtRunTime = /\b(?:require|import)\s{0,5}\(\s{0,20}[^\s"')]/;
const startsPrograms =
  /^(?:node:)?(?:child_process|worker_threads|cluster|execa|cross-spawn|tinyexec|zx|shelljs|nano-spawn)$/;

/** The imports of a text. `isTest`: whether it stands beside tests, where programs that are started are the project's own. */
export async function scriptImports(
  path: string,
  text: string,
  { tree, isTest }: { readonly tree: ScriptTree; readonly isTest: boolean },
): Promise<Imports> {
  const files: string[] = [];
  let open = namedAtRunTime.test(text);
  for (const [, double, single] of text.matchAll(specifiers)) {
    const specifier = double ?? single ?? "";
    if (isRelative(specifier)) {
      const found = await resolve(path, specifier, tree);
      if (found === null) open = true;
      else files.push(found);
    } else {
      open ||= isAlias(specifier, tree) || (isTest && startsPrograms.test(specifier));
    }
  }
  return { files, open };
}

function isRelative(specifier: string): boolean {
  return specifier === "." || specifier === ".." || /^\.{1,2}\//.test(specifier);
}

/** Names that stand for files of the tree by its own settings, and its own packages. */
function isAlias(specifier: string, tree: ScriptTree): boolean {
  if (/^(?:@\/|~|#|\/)/.test(specifier)) return true;
  const [first = "", second = ""] = specifier.split("/");
  const name = first.startsWith("@") ? `${first}/${second}` : first;
  return tree.ownPackages.has(name) || tree.topFolders.has(first);
}

/** See `ScriptTree`. */
export function topFolders(paths: readonly string[]): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    const [first = "", second = "", third] = path.split("/");
    if (second !== "") folders.add(first);
    if (first === "src" && third !== undefined) folders.add(second);
  }
  return folders;
}

const endings = [".js", ".ts", ".tsx", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".json", ".vue", ".svelte"];
/** TypeScript is imported by the name of what it is compiled to. */
const compiled: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\.js$/, [".ts", ".tsx"]],
  [/\.jsx$/, [".tsx"]],
  [/\.mjs$/, [".mts"]],
  [/\.cjs$/, [".cts"]],
];

async function resolve(from: string, specifier: string, tree: ScriptTree): Promise<string | null> {
  const target = joinPath(folderOf(from), specifier.replace(/[?#].*$/, ""));
  if (target === null) return null;
  return fileAt(target, tree.files) ?? (await packageAt(target, tree));
}

function fileAt(target: string, files: ReadonlySet<string>): string | null {
  const index = target === "" ? "index" : `${target}/index`;
  const candidates = [
    target,
    ...compiled.flatMap(([ending, sources]) =>
      ending.test(target) ? sources.map((source) => target.replace(ending, source)) : [],
    ),
    ...endings.map((ending) => target + ending),
    ...endings.map((ending) => index + ending),
  ];
  return candidates.find((candidate) => files.has(candidate)) ?? null;
}

/** The main file of a folder with its own package.json. */
async function packageAt(target: string, tree: ScriptTree): Promise<string | null> {
  const manifest = target === "" ? "package.json" : `${target}/package.json`;
  if (!tree.files.has(manifest)) return null;
  const main = /"main"\s{0,9}:\s{0,9}"([^"\n]{1,300})"/.exec((await tree.read(manifest)) ?? "")?.[1];
  const path = main === undefined ? null : joinPath(target, main);
  return path === null ? null : fileAt(path, tree.files);
}
