// The source files that failing tests reach through imports: those that they import, and one step further.
import { importsIn } from "../../../syntax/imports.ts";
import type { FileImports } from "../../../syntax/imports.ts";
import type { TreeTexts } from "./files.ts";
import { folderOf, isSource, stemOf } from "./paths.ts";
import { packageFiles, resolveImport } from "./resolve.ts";

export interface Reached {
  /** 1: imported by a test, re-exports followed; 2: by one of those. */
  readonly distance: number;
  /** As the file calls what a test imports from it, or from what re-exports it. */
  readonly names: ReadonlySet<string>;
}

/** Source files by path. `wanted`: identifiers of the failing tests' sources, which say what of a large index matters. */
export async function reachOf(
  tests: readonly string[],
  wanted: ReadonlySet<string>,
  texts: TreeTexts,
): Promise<ReadonlyMap<string, Reached>> {
  const search: Search = { found: new Map(), texts, wanted };
  for (const test of tests) await fromTest(test, search);
  const first = [...search.found.keys()];
  for (const path of first) await oneStepFurther(path, search);
  return search.found;
}

interface Search {
  readonly found: Map<string, { distance: number; names: Set<string> }>;
  readonly texts: TreeTexts;
  readonly wanted: ReadonlySet<string>;
}

/** Re-exports of re-exports that are followed. */
const mostHops = 4;
/** Files that one import leads to, where an index names many. */
const mostOfOne = 12;

async function fromTest(test: string, search: Search): Promise<void> {
  const text = await search.texts.read(test);
  if (text === null) return;
  // A test in the middle of the source, as Rust has them.
  if (isSource(test)) note(test, 1, [], search);
  if (test.endsWith(".go"))
    for (const path of packageFiles(folderOf(test), search.texts.paths)) note(path, 1, [], search);
  const { modules } = await importsIn(test, text);
  for (const { specifier, names } of modules) {
    const imported = names.map((one) => one.imported);
    for (const path of await resolveImport(test, specifier, imported, search.texts)) {
      const whole = imported.some((name) => name === "*" || name === "default");
      await follow(path, whole ? search.wanted : new Set(imported), mostHops, search);
      // Helpers of tests import what is tested, too.
      if (!isSource(path)) await throughHelper(path, search);
    }
  }
}

async function throughHelper(path: string, search: Search): Promise<void> {
  const text = await search.texts.read(path);
  if (text === null) return;
  const { modules } = await importsIn(path, text);
  for (const { specifier, names } of modules) {
    const imported = names.map((one) => one.imported);
    for (const target of await resolveImport(path, specifier, imported, search.texts)) {
      await follow(target, search.wanted, mostHops, search);
    }
  }
}

function note(path: string, distance: number, names: Iterable<string>, { found }: Search): void {
  if (!isSource(path)) return;
  const known = found.get(path) ?? { distance, names: new Set() };
  known.distance = Math.min(known.distance, distance);
  for (const name of names) if (name !== "*" && name !== "default") known.names.add(name);
  found.set(path, known);
}

/** Notes a file, and those of its re-exports that hold one of the names. */
async function follow(path: string, names: ReadonlySet<string>, hops: number, search: Search): Promise<void> {
  const before = search.found.get(path);
  const isKnown = before?.distance === 1 && [...names].every((name) => before.names.has(name));
  note(path, 1, names.size > 60 ? [] : names, search);
  if (hops === 0 || isKnown) return;
  const text = await search.texts.readSource(path);
  if (text === null) return;
  for (const { specifier, passed } of reExports(path, text, await importsIn(path, text), names)) {
    for (const target of await resolveImport(path, specifier, [...passed], search.texts)) {
      await follow(target, passed, hops - 1, search);
    }
  }
}

interface ReExport {
  readonly specifier: string;
  /** What of it is asked for, as the module itself calls it. */
  readonly passed: ReadonlySet<string>;
}

/** Imports of a file that is little more than imports, or that bind one of the names; of `export *` those first whose file is called so. */
function reExports(
  path: string,
  text: string,
  { modules, block }: FileImports,
  names: ReadonlySet<string>,
): readonly ReExport[] {
  const isIndex =
    /(?:^|\/)(?:index|main|mod|lib|__init__)\.\w+$/.test(path) || block.length * 2 > text.length;
  const chosen: ReExport[] = [];
  const loose: ReExport[] = [];
  for (const { specifier, names: bound } of modules) {
    const fitting = bound.filter(({ local }) => names.has(local));
    if (fitting.length > 0)
      chosen.push({
        specifier,
        passed: new Set(fitting.map(({ imported, local }) => nameOf(imported, local))),
      });
    else if (isIndex && bound.some(({ imported }) => imported === "*"))
      loose.push({ specifier, passed: names });
  }
  const stems = new Set([...names].map((name) => name.toLowerCase()));
  loose.sort(
    (one, other) => Number(stems.has(stemOf(other.specifier))) - Number(stems.has(stemOf(one.specifier))),
  );
  return isIndex ? [...chosen, ...loose].slice(0, mostOfOne) : [];
}

const nameOf = (imported: string, local: string): string =>
  imported === "default" || imported === "*" ? local : imported;

async function oneStepFurther(path: string, search: Search): Promise<void> {
  const text = await search.texts.readSource(path);
  if (text === null) return;
  const { modules } = await importsIn(path, text);
  for (const { specifier, names } of modules.slice(0, 40)) {
    const imported = names.map((one) => one.imported);
    for (const target of await resolveImport(path, specifier, imported, search.texts)) {
      if (!search.found.has(target)) note(target, 2, [], search);
    }
  }
}
