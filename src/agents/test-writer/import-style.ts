// How a repository's tests import, and from where a name that a test uses can come.
import type { Exports, Import } from "./imports.ts";
import { folderOf, nameOf, relativePath, resolved } from "./paths.ts";
import type { Family } from "./walk.ts";

export interface ImportStyle {
  readonly family: Family;
  readonly form: "import" | "require";
  readonly quote: string;
  readonly semicolon: string;
  /** How files of the repository are named: as they are, as what they are compiled to, or without an ending. */
  readonly ending: "source" | "js" | "none";
}

/** The style of an example; of the source and the runner where there is none. */
export function styleOf(
  family: Family,
  example: string,
  {
    source,
    exports,
    runner,
  }: { readonly source: string; readonly exports: Exports; readonly runner: string | null },
): ImportStyle {
  const imports = example.split("\n").filter((line) => /^\s*import\b|\brequire\(|^\s*\}\s*from\b/.test(line));
  const count = (pattern: RegExp) => imports.filter((line) => pattern.test(line)).length;
  const required = count(/\brequire\(/);
  const form = imports.length === 0 ? exports.commonJs : 2 * required > imports.length;
  return {
    family,
    form: form ? "require" : "import",
    quote: count(/'/) > count(/"/) ? "'" : '"',
    semicolon: imports.length > 0 && 2 * count(/;\s*$/) < imports.length ? "" : ";",
    ending: endingStyle(imports, { source, runner, commonJs: form }),
  };
}

function endingStyle(
  imports: readonly string[],
  {
    source,
    runner,
    commonJs,
  }: { readonly source: string; readonly runner: string | null; readonly commonJs: boolean },
): ImportStyle["ending"] {
  const relative = imports.flatMap((line) => /["'](\.{1,2}\/[^"'\n]{1,300})["']/.exec(line)?.[1] ?? []);
  const [first] = relative;
  const isTyped = /\.[cm]?tsx?$/.test(source);
  if (first === undefined) {
    if (isTyped) return runner === "node" ? "source" : "none";
    return commonJs ? "none" : "source";
  }
  if (/\.[cm]?tsx?$/.test(first)) return "source";
  if (/\.[cm]?jsx?$/.test(first)) return isTyped ? "js" : "source";
  return "none";
}

/** Import lines, one for each module. */
export function renderImports(imports: readonly Import[], style: ImportStyle): readonly string[] {
  const modules = new Map<string, Import[]>();
  for (const one of imports) modules.set(one.module, [...(modules.get(one.module) ?? []), one]);
  return [...modules].flatMap(([module, list]) => {
    const named = list.filter(({ name }) => name !== "*" && name !== "default");
    const whole = list.filter(({ name }) => name === "*" || name === "default");
    return [...whole.map((one) => renderWhole(one, style)), ...renderNamed(module, named, style)];
  });
}

function renderWhole(
  { module, name, local }: Import,
  { family, form, quote, semicolon }: ImportStyle,
): string {
  const text = `${quote}${module}${quote}`;
  if (family === "python") return module === local ? `import ${module}` : `import ${module} as ${local}`;
  if (family === "go") return `import ${module.split("/").at(-1) === local ? "" : `${local} `}"${module}"`;
  if (form === "require") return `const ${local} = require(${text})${semicolon}`;
  return `import ${name === "*" ? `* as ${local}` : local} from ${text}${semicolon}`;
}

function renderNamed(module: string, list: readonly Import[], style: ImportStyle): readonly string[] {
  if (list.length === 0) return [];
  const { family, form, quote, semicolon } = style;
  const as = form === "require" && family === "script" ? ": " : " as ";
  const names = list.map(({ name, local }) => (name === local ? name : name + as + local)).join(", ");
  const text = `${quote}${module}${quote}`;
  if (family === "python") return [`from ${module} import ${names}`];
  if (form === "require") return [`const { ${names} } = require(${text})${semicolon}`];
  return [`import { ${names} } from ${text}${semicolon}`];
}

/** Where a name comes from; `null` where that is not known. */
export type NameSource = (name: string) => Import | null;

/** A file of the repository whose names may be imported. */
export interface OwnModule {
  readonly path: string;
  readonly exports: Exports;
}

export interface Known {
  readonly testPath: string;
  readonly style: ImportStyle;
  readonly source: OwnModule;
  /** The function's outermost name. */
  readonly root: string;
  /** Imports of the test file that shows the style, and where it stands. */
  readonly example: { readonly path: string; readonly imports: readonly Import[] } | null;
  /** Imports of the answer: a hint, no more. */
  readonly answer: readonly Import[];
  /** Files of the repository that the answer or the example may import, by path. */
  readonly files: ReadonlyMap<string, OwnModule>;
  readonly runner: string | null;
}

export function nameSource(known: Known): NameSource {
  return (name) =>
    fromSource(name, known) ?? fromExample(name, known) ?? fromAnswer(name, known) ?? fromRunner(name, known);
}

function fromSource(name: string, known: Known): Import | null {
  const { source, style, root, answer } = known;
  if (style.family === "go") return null;
  const module = moduleOf(source.path, known);
  if (source.exports.names.has(name)) return { module, name, local: name };
  const whole = answer.find((one) => one.local === name && /^(?:\*|default)$/.test(one.name));
  const meant = whole !== undefined && pathOf(whole.module, known.testPath, known) === source.path;
  if (source.exports.names.has("default") && (name === root || meant)) {
    const common = source.exports.commonJs && style.form === "require";
    return { module, name: common ? "*" : "default", local: name };
  }
  return meant && whole.name === "*" ? { module, name: "*", local: name } : null;
}

function fromExample(name: string, known: Known): Import | null {
  const { example } = known;
  const found = example?.imports.find(({ local }) => local === name);
  if (example === null || found === undefined) return null;
  return isOwn(found.module, known.style.family) ? ownImport(found, example.path, known) : found;
}

function fromAnswer(name: string, known: Known): Import | null {
  const found = known.answer.find(({ local }) => local === name);
  if (found === undefined) return null;
  const own = ownImport(found, known.testPath, known);
  if (own !== null) return own;
  const packages = new Set(known.example?.imports.map(({ module }) => module));
  return packages.has(found.module) || harmless[known.style.family].has(found.module) ? found : null;
}

/** The same import from where the tests go; `null` where the file or the name is not there. */
function ownImport(found: Import, from: string, known: Known): Import | null {
  const path = pathOf(found.module, from, known);
  const file = path === null ? undefined : known.files.get(path);
  if (file === undefined || (found.name !== "*" && !file.exports.names.has(found.name))) return null;
  return { ...found, module: moduleOf(file.path, known) };
}

function isOwn(module: string, family: Family): boolean {
  return family === "script" && module.startsWith(".");
}

/** Modules that no test comes to harm by, nor the machine. */
const harmless: Readonly<Record<Family, ReadonlySet<string>>> = {
  script: new Set([
    "node:test",
    "node:assert",
    "node:assert/strict",
    "assert",
    "assert/strict",
    "node:util",
    "@jest/globals",
    "vitest",
  ]),
  python: new Set(
    "pytest math re json decimal fractions datetime collections dataclasses itertools functools string typing unittest enum copy".split(
      " ",
    ),
  ),
  go: new Set(
    "testing strings errors reflect math sort fmt bytes bufio unicode strconv slices maps regexp context".split(
      " ",
    ),
  ),
};

const byRunner: Readonly<Record<string, readonly Import[]>> = {
  node: [
    { module: "node:test", name: "default", local: "test" },
    ...["describe", "it", "beforeEach", "afterEach"].map((name) => ({
      module: "node:test",
      name,
      local: name,
    })),
    { module: "node:assert/strict", name: "default", local: "assert" },
  ],
  vitest: ["test", "it", "describe", "expect", "vi", "beforeEach", "afterEach"].map((name) => ({
    module: "vitest",
    name,
    local: name,
  })),
  mocha: [{ module: "node:assert/strict", name: "default", local: "assert" }],
  ava: [{ module: "ava", name: "default", local: "test" }],
  tap: [{ module: "tap", name: "test", local: "test" }],
  tape: [{ module: "tape", name: "default", local: "test" }],
  pytest: [{ module: "pytest", name: "*", local: "pytest" }],
  go: [{ module: "testing", name: "*", local: "testing" }],
};

/** What a runner brings, where no example shows whether it is imported at all. */
function fromRunner(name: string, { runner, example, style }: Known): Import | null {
  const found = byRunner[runner ?? ""]?.find(({ local }) => local === name);
  // A repository whose tests do without importing these has them as globals.
  if (found === undefined || (example !== null && runner === "vitest")) return null;
  return style.form === "require" && found.name === "default" ? { ...found, name: "*" } : found;
}

/** How the tests name a file of the repository. */
function moduleOf(path: string, { testPath, style }: Pick<Known, "testPath" | "style">): string {
  if (style.family === "python") return pythonModule(path);
  const relative = relativePath(folderOf(testPath), path);
  if (style.ending === "none") return relative.replace(/\.[cm]?[jt]sx?$/, "").replace(/\/index$/, "");
  return style.ending === "js" ? relative.replace(/\.([cm]?)tsx?$/, ".$1js") : relative;
}

function pythonModule(path: string): string {
  return path
    .replace(/^(?:src|lib)\//, "")
    .replace(/(?:\/__init__)?\.py$/, "")
    .replaceAll("/", ".");
}

/** The file that a module's name means, seen from a test; a wrong way to the source itself is forgiven, where the name is right. */
export function pathOf(
  module: string,
  from: string,
  { style, files, source }: Pick<Known, "style" | "files" | "source">,
): string | null {
  if (style.family === "python")
    return [source.path, ...files.keys()].find((path) => pythonModule(path) === module) ?? null;
  if (!module.startsWith(".")) return null;
  const target = resolved(folderOf(from), module);
  const candidates = target === null ? [] : filesOf(target);
  const found = candidates.find((path) => path === source.path || files.has(path));
  const bare = nameOf(module).replace(/\.[cm]?[jt]sx?$/, "");
  const meant = bare === nameOf(source.path).replace(/\.[cm]?[jt]sx?$/, "");
  return found ?? (meant ? source.path : null);
}

const endings = ["ts", "tsx", "js", "jsx", "mjs", "cjs", "mts", "cts"];

function filesOf(target: string): readonly string[] {
  const bare = target.replace(/\.([cm]?)jsx?$/, "");
  return [
    target,
    ...endings.flatMap((ending) => [`${bare}.${ending}`, `${target}.${ending}`, `${target}/index.${ending}`]),
  ];
}
