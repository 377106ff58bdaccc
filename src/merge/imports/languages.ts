// Which languages' import statements are known, and the smaller ones: Python, Java, Go, Rust.
import { collapsed } from "../lines.ts";
import { ecmascript } from "./ecmascript.ts";
import { readNames } from "./statement.ts";
import type { ImportLanguage, NameList, ParsedImport } from "./statement.ts";

const hashComment = /^\s*#(?!\[|!\[)/;
const slashComment = /^\s*\/\//;

const pythonName = /^[\w.]+(?: as \w+)?$/;

function pythonList(text: string): NameList | null {
  const from = /\bimport\b/.exec(text);
  if (!from) return null;
  const after = from.index + from[0].length;
  const open = text.indexOf("(", after);
  if (open >= 0) return readNames(text, { start: open + 1, end: text.indexOf(")", open) }, pythonKey);
  const end = text.slice(after).search(/\s*(?:#[^\n]*)?$/) + after;
  return readNames(text, { start: after + 1, end }, pythonKey);
}

const pythonKey = (element: string) => (pythonName.test(element) ? element : null);

function parsePython(text: string): ParsedImport | null {
  const flat = collapsed(text.replace(/#[^\n]*$/, ""));
  const from = /^from ([\w.]+) import (?:\( ?([^()#\\]*)\)|([^()#\\;]+))$/.exec(flat);
  if (from) {
    const module = from[1] ?? "";
    const list = pythonList(text);
    if (!list || list.names.length === 0) return null;
    return {
      key: `from ${module}`,
      atoms: list.names.map(({ key }) => `from ${module} import ${key}`),
      binds: list.names.map(({ key }) => key.split(" ").at(-1) ?? key),
      list,
    };
  }
  const plain = /^import ([\w.]+)(?: as (\w+))?$/.exec(flat);
  if (!plain) return null;
  const [, module = "", alias] = plain;
  // `import a.b` and `import a.c` both bind `a`, and may.
  const binds = alias ? [alias] : module.includes(".") ? [] : [module];
  return { key: flat, atoms: [flat], binds, list: null };
}

const python: ImportLanguage = {
  name: "python",
  matches: (path) => /\.pyi?$/i.test(path),
  isComment: (line) => hashComment.test(line),
  isPreamble: (line) => /^\s*#|"""\s*$|'''\s*$|^if TYPE_CHECKING:|^try:/.test(line),
  starts: (line) => /^\s*(?:from\s+[\w.]+\s+import\b|import\s+[\w.])/.test(line),
  isComplete: (text) => !text.includes("(") || text.includes(")"),
  parse: parsePython,
};

function parseJava(text: string): ParsedImport | null {
  const match = /^import (static )?([\w.]+)(\.\*)? ?;$/.exec(collapsed(text.replace(/;\s*\/\/[^\n]*$/, ";")));
  if (!match) return null;
  const [, isStatic, path = "", wildcard] = match;
  const key = `import ${isStatic ?? ""}${path}${wildcard ?? ""}`;
  // Static members may be overloaded, so two of one name do not clash.
  const binds = wildcard || isStatic ? [] : [path.split(".").at(-1) ?? path];
  return { key, atoms: [key], binds, list: null };
}

const java: ImportLanguage = {
  name: "java",
  matches: (path) => /\.java$/i.test(path),
  isComment: (line) => slashComment.test(line),
  isPreamble: (line) => /^package\s|^\s*\*\/|^\s*\/\//.test(line),
  starts: (line) => /^import\s/.test(line),
  isComplete: (text) => text.includes(";"),
  parse: parseJava,
};

function parseGo(text: string): ParsedImport | null {
  const match = /^(import )?(?:([\w.]+) )?"([^"\s]+)"$/.exec(
    collapsed(text.replace(/("\s*)\/\/[^\n]*$/, "$1")),
  );
  if (!match) return null;
  const [, keyword = "", alias, path = ""] = match;
  const key = `${keyword}${alias ? `${alias} ` : ""}"${path}"`;
  const bound = alias ?? path.split("/").at(-1) ?? path;
  return { key, atoms: [key], binds: bound === "_" || bound === "." ? [] : [bound], list: null };
}

const go: ImportLanguage = {
  name: "go",
  matches: (path) => /\.go$/i.test(path),
  isComment: (line) => slashComment.test(line),
  isPreamble: (line) => /^package\s|^import\s*\(|^\s*\/\//.test(line),
  starts: (line) => /^(?:\t+(?:[\w.]+ )?"|import\s+(?:[\w.]+\s+)?")/.test(line),
  isComplete: () => true,
  parse: parseGo,
};

/** The leaves of a use tree: `a::{b, c as d}` gives `a::b`, `a::c as d`. `null` when braces do not pair up. */
function rustLeaves(tree: string, depth = 0): string[] | null {
  const open = tree.indexOf("{");
  if (open < 0) return /^[\w:*]+(?: as \w+)?$/.test(tree) ? [tree] : null;
  if (!tree.endsWith("}") || depth > 8) return null;
  const prefix = tree.slice(0, open);
  const leaves: string[] = [];
  for (const part of splitTopLevel(tree.slice(open + 1, -1))) {
    const below = rustLeaves(part, depth + 1);
    if (!below) return null;
    leaves.push(...below.map((leaf) => prefix + leaf));
  }
  return leaves;
}

function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  for (const character of text) {
    if (character === "{") depth++;
    if (character === "}") depth--;
    if (character === "," && depth === 0) {
      parts.push(part);
      part = "";
    } else part += character;
  }
  return [...parts, part].map((each) => each.trim()).filter((each) => each !== "");
}

const rustKey = (element: string) => (/^[\w:*]+(?: as \w+)?$/.test(element) ? element : null);

function parseRust(text: string): ParsedImport | null {
  const flat = collapsed(text);
  const match = /^(pub(?:\([\w: ]+\))? )?use ([^;]+);$/.exec(flat);
  if (!match) return null;
  const [, visibility = "", tree = ""] = match;
  const leaves = rustLeaves(tree.replace(/ ?([{},]) ?/g, "$1").replace(/,\}/g, "}"));
  if (!leaves || leaves.length === 0) return null;
  const open = text.indexOf("{");
  const flatList = open >= 0 && !text.slice(open + 1).includes("{");
  const prefix = open >= 0 ? collapsed(text.slice(0, open)) : flat;
  return {
    key: `${prefix}${open >= 0 ? "{}" : ""}`,
    atoms: leaves.map((leaf) => `${visibility}use ${leaf}`),
    binds: leaves
      .map((leaf) => leaf.split(/::| as /).at(-1) ?? leaf)
      .filter((name) => name !== "*" && name !== "_" && name !== "self"),
    list: flatList ? readNames(text, { start: open + 1, end: text.indexOf("}") }, rustKey) : null,
  };
}

const rust: ImportLanguage = {
  name: "rust",
  matches: (path) => /\.rs$/i.test(path),
  isComment: (line) => slashComment.test(line),
  isPreamble: (line) => /^\s*\/\/|^#!?\[|^(?:pub )?mod \w+;|^\s*(?:pub )?mod \w+ \{$/.test(line),
  starts: (line) => /^\s*(?:pub(?:\([\w: ]+\))?\s+)?use\s/.test(line),
  isComplete: (text) => text.includes(";"),
  parse: parseRust,
};

const languages: readonly ImportLanguage[] = [ecmascript, python, java, go, rust];

/** The language whose import statements a file of this name holds; `null` for others. */
export function importLanguageOf(path: string): ImportLanguage | null {
  return languages.find((language) => language.matches(path)) ?? null;
}
