// Which files of the tree an import means.
import { grammarOf } from "../../../syntax/index.ts";
import type { TreeTexts } from "./files.ts";
import { folderOf, joinPath } from "./paths.ts";

/** The files that importing `specifier` from `path` runs first; `[]` where they are not of this tree. `names`: what is imported of it. */
export async function resolveImport(
  path: string,
  specifier: string,
  names: readonly string[],
  texts: TreeTexts,
): Promise<readonly string[]> {
  const grammar = grammarOf(path);
  if (grammar === "python") return pythonFiles(path, specifier, names, texts.paths);
  if (grammar === "go") return await goFiles(specifier, texts);
  if (grammar === "rust") return rustFiles(path, specifier, names, texts.paths);
  if (grammar === "java") return javaFiles(specifier, texts.paths);
  return await scriptFiles(path, specifier, texts);
}

// --- JavaScript, TypeScript ---

const endings = [".ts", ".tsx", ".js", ".jsx", ".mts", ".cts", ".mjs", ".cjs"];

async function scriptFiles(path: string, specifier: string, texts: TreeTexts): Promise<readonly string[]> {
  if (/^\.{1,2}(?:\/|$)/.test(specifier)) {
    const target = joinPath(folderOf(path), specifier.replace(/[?#].*$/, ""));
    const found = target === null ? null : await scriptAt(target, texts);
    return found === null ? [] : [found];
  }
  const alias = /^(?:@|~|#)\/?(?=[\w.])/.exec(specifier)?.[0];
  if (alias?.endsWith("/") === true) return await underSource(specifier.slice(alias.length), texts);
  return await ownPackage(specifier, texts);
}

async function scriptAt(target: string, texts: TreeTexts): Promise<string | null> {
  const direct = fileAt(target, texts.paths) ?? (await mainOf(target, texts));
  if (direct !== null) return direct;
  // What a build makes of `src` is not in the tree.
  const inner = target.replace(/(?:^|\/)(?:dist|build|lib|out|cjs|esm)(?=\/|$)/, "").replace(/^\//, "");
  return fileAt(join("src", target), texts.paths) ?? fileAt(join("src", inner), texts.paths);
}

const join = (...parts: readonly string[]): string => parts.filter((part) => part !== "").join("/");

function fileAt(target: string, files: ReadonlySet<string>): string | null {
  const bare = target.replace(/\.[cm]?jsx?$/, "");
  const candidates = [
    target,
    ...endings.map((ending) => bare + ending),
    ...endings.map((ending) => target + ending),
    ...endings.map((ending) => join(target, `index${ending}`)),
  ];
  return candidates.find((candidate) => files.has(candidate)) ?? null;
}

/** The main file of a folder with its own package.json. */
async function mainOf(folder: string, texts: TreeTexts): Promise<string | null> {
  const manifest = join(folder, "package.json");
  if (!texts.paths.has(manifest)) return null;
  const text = (await texts.read(manifest)) ?? "";
  for (const [, main = ""] of text.matchAll(
    /"(?:source|main|module|import|default|require)"\s{0,9}:\s{0,9}"([^"\n]{1,300})"/g,
  )) {
    const target = joinPath(folder, main);
    const inner = target?.replace(/(?:^|\/)(?:dist|build|lib|out)(?=\/)/, "").replace(/^\//, "");
    const found =
      target && (fileAt(target, texts.paths) ?? fileAt(join(folder, "src", inner ?? ""), texts.paths));
    if (found) return found;
  }
  return fileAt(join(folder, "src/index"), texts.paths);
}

async function underSource(rest: string, texts: TreeTexts): Promise<readonly string[]> {
  const found = fileAt(join("src", rest), texts.paths) ?? fileAt(rest, texts.paths);
  return await Promise.resolve(found === null ? [] : [found]);
}

/** An import of the repository by its own name. */
async function ownPackage(specifier: string, texts: TreeTexts): Promise<readonly string[]> {
  const manifest = (await texts.read("package.json")) ?? "";
  const name = /"name"\s{0,9}:\s{0,9}"([^"\n]{1,200})"/.exec(manifest)?.[1];
  if (name === undefined || (specifier !== name && !specifier.startsWith(`${name}/`))) return [];
  const rest = specifier.slice(name.length + 1);
  const found = await scriptAt(rest, texts);
  return found === null ? [] : [found];
}

// --- Python, Go, Rust, Java ---

function pythonFiles(
  path: string,
  specifier: string,
  names: readonly string[],
  files: ReadonlySet<string>,
): readonly string[] {
  const dots = /^\.*/.exec(specifier)?.[0].length ?? 0;
  const rest = specifier.slice(dots).replaceAll(".", "/");
  const above = joinPath(folderOf(path), "../".repeat(Math.max(0, dots - 1)));
  const starts = dots > 0 ? [above] : ["", "src", "lib", ...foldersAbove(path)];
  for (const start of starts) {
    if (start === null) continue;
    const base = join(start, rest);
    const members = names.map((name) => join(base, `${name}.py`)).filter((file) => files.has(file));
    const own = [`${base}.py`, join(base, "__init__.py")].filter((file) => files.has(file));
    if (own.length + members.length > 0) return [...members, ...own];
  }
  return [];
}

function foldersAbove(path: string): readonly string[] {
  const folders: string[] = [];
  for (let at = folderOf(path); at !== ""; at = folderOf(at)) folders.push(at, `${at}/src`);
  return folders.slice(0, 20);
}

async function goFiles(specifier: string, texts: TreeTexts): Promise<readonly string[]> {
  const module = /^module\s{1,9}(\S{1,300})/m.exec((await texts.read("go.mod")) ?? "")?.[1];
  if (module === undefined || (specifier !== module && !specifier.startsWith(`${module}/`))) return [];
  return packageFiles(specifier.slice(module.length + 1), texts.paths);
}

/** The sources of a Go package: all files of a folder. */
export function packageFiles(folder: string, files: ReadonlySet<string>): readonly string[] {
  return [...files].filter(
    (file) => folderOf(file) === folder && file.endsWith(".go") && !file.endsWith("_test.go"),
  );
}

function rustFiles(
  path: string,
  specifier: string,
  names: readonly string[],
  files: ReadonlySet<string>,
): readonly string[] {
  const at = `/${path}`.search(/\/(?:src|tests|benches|examples)\//);
  const root = join(at <= 0 ? "" : path.slice(0, at - 1), "src");
  const [first = "", ...rest] = specifier.split("::");
  const module = /(?:^|\/)(?:mod|lib|main)\.rs$/.test(path) ? folderOf(path) : path.replace(/\.rs$/, "");
  const start = first === "self" ? module : first === "super" ? folderOf(module) : root;
  for (let depth = rest.length; depth >= 0; depth -= 1) {
    const base = join(start, ...rest.slice(0, depth));
    const leaves = depth === rest.length ? names.flatMap((name) => [`${base}/${name}.rs`]) : [];
    const found = [...leaves, `${base}.rs`, `${base}/mod.rs`, `${base}/lib.rs`].filter((file) =>
      files.has(file),
    );
    if (found.length > 0) return found;
  }
  return [];
}

function javaFiles(specifier: string, files: ReadonlySet<string>): readonly string[] {
  const ending = `/${specifier.replaceAll(".", "/")}.java`;
  return [...files].filter((file) => `/${file}`.endsWith(ending)).slice(0, 3);
}
