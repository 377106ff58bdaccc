// One interface to all parsers: which language a file is, and how many syntax errors it has.
import { countErrors as countJsonErrors } from "./json.ts";
import { countErrors as countTomlErrors } from "./toml.ts";
import { countGrammarErrors } from "./tree-sitter.ts";
import type { GrammarName } from "./tree-sitter.ts";
import { countErrors as countYamlErrors } from "./yaml.ts";

export interface Syntax {
  /** The language's name, for people. */
  readonly language: string;
  /** Syntax errors in the text; 0 where the text is too long to parse. Never rejects for bad text. */
  readonly countErrors: (text: string) => Promise<number>;
}

const grammarsByExtension: Readonly<Record<string, GrammarName>> = {
  ts: "typescript",
  mts: "typescript",
  cts: "typescript",
  tsx: "tsx",
  js: "javascript",
  mjs: "javascript",
  cjs: "javascript",
  jsx: "javascript",
  py: "python",
  pyi: "python",
  java: "java",
  go: "go",
  rs: "rust",
  rb: "ruby",
  php: "php",
  c: "cpp",
  h: "cpp",
  cc: "cpp",
  cpp: "cpp",
  cxx: "cpp",
  hh: "cpp",
  hpp: "cpp",
  cs: "c-sharp",
  sh: "bash",
  bash: "bash",
  css: "css",
};

const data: Readonly<Record<string, { language: string; count: (text: string) => number }>> = {
  json: { language: "json", count: countJsonErrors },
  jsonc: { language: "json", count: countJsonErrors },
  json5: { language: "json", count: countJsonErrors },
  yaml: { language: "yaml", count: countYamlErrors },
  yml: { language: "yaml", count: countYamlErrors },
  toml: { language: "toml", count: countTomlErrors },
};

/** Files known by their whole name. */
const extensionsByName: Readonly<Record<string, string>> = {
  "cargo.lock": "toml",
  "poetry.lock": "toml",
  pipfile: "toml",
  gemfile: "rb",
  rakefile: "rb",
  ".babelrc": "json",
  ".eslintrc": "json",
};

/** Longer texts (UTF-16 units) are generated or data; they are not parsed. */
const longestText = 2_000_000;
/** YAML's parser is the slow one: up to 3 s for so much. */
const longestYaml = 1_000_000;

/** The parser for a path, by its name alone; `null` where none knows the language. */
export function syntaxOf(path: string): Syntax | null {
  const syntax = parserOf(path);
  if (syntax === null) return null;
  const { language, countErrors } = syntax;
  const longest = language === "yaml" ? longestYaml : longestText;
  return {
    language,
    countErrors: (text) => (text.length > longest ? Promise.resolve(0) : countErrors(text)),
  };
}

/** The grammar for a path, by its name alone; `null` where there is none. */
export function grammarOf(path: string): GrammarName | null {
  const extension = extensionOf(path);
  return Object.hasOwn(grammarsByExtension, extension) ? (grammarsByExtension[extension] ?? null) : null;
}

/** The extension that tells the language, in lower case; the whole name where there is no dot. */
function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  const known = Object.hasOwn(extensionsByName, name) ? extensionsByName[name] : undefined;
  return known ?? name.slice(name.lastIndexOf(".") + 1);
}

function parserOf(path: string): Syntax | null {
  const extension = extensionOf(path);
  if (Object.hasOwn(data, extension)) {
    const known = data[extension];
    return known
      ? { language: known.language, countErrors: (text) => Promise.resolve(known.count(text)) }
      : null;
  }
  const grammar = grammarOf(path);
  return grammar ? { language: grammar, countErrors: (text) => countGrammarErrors(grammar, text) } : null;
}
