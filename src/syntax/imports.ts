// What a file imports: modules as they are written, the names that they are bound to, and the lines that say so.
import { linesAround, lineTable } from "./lines.ts";
import type { GrammarName, SyntaxNode } from "./tree-sitter.ts";
import { readFileTree, visitsOf } from "./visits.ts";
import type { Visit } from "./visits.ts";

interface BoundName {
  /** As the file calls it. */
  readonly local: string;
  /** As the module calls it; "default", or "*" for all of it. */
  readonly imported: string;
}

interface ImportedModule {
  /** As it is written: "./parse.js", "..pkg.mod", "crate::parse". */
  readonly specifier: string;
  /** Empty where it is imported for what it does; a "*" without a name of its own is `local` "*". */
  readonly names: readonly BoundName[];
}

export interface FileImports {
  /** In the order of the text. */
  readonly modules: readonly ImportedModule[];
  /** The lines of the imports at the top level, in order. */
  readonly block: string;
}

/** A node's text, shortened, without brackets of a string. */
type Read = (node: SyntaxNode) => string;
/** The modules that a node imports; `null` where it is no import. */
type ImportReader = (visit: Visit, read: Read) => readonly ImportedModule[] | null;

const mostModules = 400;
const longestBlock = 20_000;
const none: FileImports = { modules: [], block: "" };

/** Nothing where no grammar knows the language, or the file is too long. Rejects only if the grammar cannot be loaded. */
export async function importsIn(path: string, text: string): Promise<FileImports> {
  const found = await readFileTree(path, text, (root, grammar) => {
    const reader = readers[grammar];
    return reader === undefined ? none : collect(root, text, reader);
  });
  return found ?? none;
}

function collect(root: SyntaxNode, text: string, reader: ImportReader): FileImports {
  const table = lineTable(text);
  const read: Read = (node) => text.slice(node.start, Math.min(node.end, node.start + 300));
  const modules: ImportedModule[] = [];
  const lines = new Map<number, string>();
  for (const visit of visitsOf(root)) {
    const seen = reader(visit, read);
    if (seen === null) continue;
    modules.push(...seen);
    const statement = topLevel(visit);
    // A table of functions that holds a `require` is no import line.
    const span = linesAround(table, statement.start, statement.end);
    if (span.lastLine - span.firstLine < 40) lines.set(span.start, text.slice(span.start, span.end));
    if (modules.length >= mostModules) break;
  }
  return { modules, block: [...lines.values()].join("").slice(0, longestBlock) };
}

function topLevel(visit: Visit): SyntaxNode {
  let at = visit;
  while (at.parent?.parent) at = at.parent;
  return at.node;
}

const unquoted = (raw: string): string => raw.replace(/^["'`]|["'`]$/g, "");

// --- JavaScript, TypeScript ---

const readScript: ImportReader = (visit, read) => {
  const { node } = visit;
  if (node.type === "call_expression") return readRequire(visit, read);
  const source = node.field("source");
  if (node.type !== "import_statement" && (node.type !== "export_statement" || source === null)) return null;
  // `import a = require("b")` has its string one level down.
  const from =
    source ?? node.children.flatMap(({ children }) => children).find(({ type }) => type === "string");
  return from === undefined ? null : [{ specifier: unquoted(read(from)), names: clauseNames(node, read) }];
};

function readRequire(visit: Visit, read: Read): readonly ImportedModule[] | null {
  const callee = visit.node.field("function");
  const word = callee === null ? "" : read(callee);
  if (word !== "require" && word !== "import") return null;
  const [argument] = visit.node.field("arguments")?.children.filter(({ named }) => named) ?? [];
  if (argument?.type !== "string") return null;
  return [{ specifier: unquoted(read(argument)), names: requiredNames(visit, read) }];
}

/** The names of `import a, * as b, { c as d } from` and `export { c as d } from`. */
function clauseNames(statement: SyntaxNode, read: Read): readonly BoundName[] {
  const names: BoundName[] = [];
  const waiting = statement.children.filter(({ type }) => type !== "string");
  for (let node = waiting.shift(); node !== undefined; node = waiting.shift()) {
    if (node.type === "import_specifier" || node.type === "export_specifier") {
      const imported = unquoted(read(node.field("name") ?? node));
      const alias = node.field("alias");
      names.push({ local: alias === null ? imported : read(alias), imported });
    } else if (node.type === "namespace_import" || node.type === "namespace_export" || node.type === "*") {
      const name = node.children.find(({ type }) => type === "identifier");
      names.push({ local: name === undefined ? "*" : read(name), imported: "*" });
    } else if (node.type === "identifier") {
      names.push({ local: read(node), imported: "default" });
    } else waiting.push(...node.children);
  }
  return names;
}

/** What `require("x")` is bound to: `a = require("x").b`, `{ a, b: c } = require("x")`, `{ a: require("x") }`. */
function requiredNames(call: Visit, read: Read): readonly BoundName[] {
  let imported = "*";
  let at = call.parent;
  for (; at !== null && passedOver.has(at.node.type); at = at.parent) {
    const property = at.node.field("property");
    if (property !== null && imported === "*") imported = read(property);
  }
  if (at === null) return [];
  const target = at.node.field("name") ?? at.node.field("key") ?? at.node.field("left");
  if (target === null) return imported === "*" ? [] : [{ local: imported, imported }];
  if (target.type !== "object_pattern") return [{ local: lastWord(read(target)), imported }];
  return target.children.flatMap((child) => {
    const key = child.field("key") ?? child.field("left");
    const value = child.field("value") ?? key;
    if (child.type.startsWith("shorthand")) return [{ local: read(child), imported: read(child) }];
    return key === null || value === null ? [] : [{ local: read(value), imported: read(key) }];
  });
}

const passedOver = new Set([
  "member_expression",
  "await_expression",
  "parenthesized_expression",
  "as_expression",
]);

const lastWord = (words: string): string => /[\w$]+$/.exec(words)?.[0] ?? words;

// --- Python, Go, Rust, Java ---

const readPython: ImportReader = ({ node }, read) => {
  const module = node.field("module_name");
  const bound = node.children.filter(
    (child) =>
      child.named && (module === null || child.start > module.start) && !child.type.includes("comment"),
  );
  if (node.type === "import_statement") {
    return bound.map((child) => {
      const specifier = read(child.field("name") ?? child);
      const alias = child.field("alias");
      const [first = specifier] = specifier.split(".");
      return { specifier, names: [{ local: alias === null ? first : read(alias), imported: "*" }] };
    });
  }
  if (node.type !== "import_from_statement" || module === null) return null;
  const names = bound.map((child) => {
    const imported = child.type === "wildcard_import" ? "*" : read(child.field("name") ?? child);
    const alias = child.field("alias");
    return { local: alias === null ? imported : read(alias), imported };
  });
  return [{ specifier: read(module), names }];
};

const readGo: ImportReader = ({ node }, read) => {
  const from = node.type === "import_spec" ? node.field("path") : null;
  if (from === null) return null;
  const specifier = unquoted(read(from));
  const alias = node.field("name");
  const local = alias === null ? specifier.slice(specifier.lastIndexOf("/") + 1) : read(alias);
  return [{ specifier, names: [{ local, imported: "*" }] }];
};

const readRust: ImportReader = ({ node }, read) => {
  if (node.type === "mod_item" && node.field("body") === null) {
    const name = node.field("name");
    return name === null
      ? null
      : [{ specifier: `self::${read(name)}`, names: [{ local: read(name), imported: "*" }] }];
  }
  const tree = node.type === "use_declaration" ? node.field("argument") : null;
  return tree === null ? null : usedIn(tree, "", read, 0);
};

/** Each leaf of a `use` tree as a module of its own, and the last word as what it binds. */
function usedIn(tree: SyntaxNode, prefix: string, read: Read, depth: number): readonly ImportedModule[] {
  const path = tree.field("path");
  const inner = path === null ? prefix : `${prefix}${read(path)}::`;
  const list = tree.type === "scoped_use_list" ? tree.field("list") : tree.type === "use_list" ? tree : null;
  if (list !== null) {
    const leaves = depth > 20 ? [] : list.children.filter(({ named }) => named);
    return leaves.flatMap((child) =>
      usedIn(child, tree.type === "use_list" ? prefix : inner, read, depth + 1),
    );
  }
  const whole = `${prefix}${read(tree.type === "use_as_clause" ? (path ?? tree) : tree)}`.replace(/\s+/g, "");
  const at = whole.lastIndexOf("::");
  const specifier = at === -1 ? whole : whole.slice(0, at);
  const imported = at === -1 ? "*" : whole.slice(at + 2);
  const alias = tree.field("alias");
  return [{ specifier, names: [{ local: alias === null ? imported : read(alias), imported }] }];
}

const readJava: ImportReader = ({ node }, read) => {
  const name = node.type === "import_declaration" ? node.children.find(({ named }) => named) : undefined;
  if (name === undefined) return null;
  const specifier = read(name);
  return [{ specifier, names: [{ local: lastWord(specifier), imported: "default" }] }];
};

const readers: Readonly<Partial<Record<GrammarName, ImportReader>>> = {
  javascript: readScript,
  typescript: readScript,
  tsx: readScript,
  python: readPython,
  go: readGo,
  rust: readRust,
  java: readJava,
};
