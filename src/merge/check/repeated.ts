// What stands twice in a merged file and in no parent: names imported, keys of a JSON object.
import { repeatedKeys } from "../../syntax/json.ts";
import { importLanguageOf } from "../imports/languages.ts";
import { splitStatements, statementLength } from "../imports/statement.ts";
import type { ImportLanguage } from "../imports/statement.ts";
import { splitLines } from "../lines.ts";

/** Names and keys that `result` has twice and neither parent has, each once. Each hunk may be right by itself; the whole is not. */
export function newlyRepeated(path: string, result: string, parents: readonly string[]): string[] {
  const language = importLanguageOf(path);
  const read = language
    ? (text: string) => repeatedImports(text, language)
    : /\.(?:jsonc?|json5)$/i.test(path)
      ? repeatedKeys
      : () => [];
  const known = new Set(parents.flatMap(read));
  return [...new Set(read(result))].filter((name) => !known.has(name));
}

/** Statements begun and not ended that are read past: more is no code, and reading each ahead takes time. */
const mostUnfinished = 200;

/** Names that statements at the outermost level import twice. */
function repeatedImports(text: string, language: ImportLanguage): string[] {
  const seen = new Set<string>();
  return outermostStatements(splitLines(text), language).flatMap((statement) => {
    const names = splitStatements(statement, language)?.flatMap(({ binds }) => binds) ?? [];
    return names.filter((name) => seen.size === seen.add(name).size);
  });
}

function outermostStatements(lines: readonly string[], language: ImportLanguage): string[] {
  const statements: string[] = [];
  let unfinished = 0;
  for (let index = 0; index < lines.length && unfinished < mostUnfinished;) {
    const line = lines[index] ?? "";
    // Go indents what stands between the brackets of its one import statement.
    const begins = (language.name === "go" || !/^\s/.test(line)) && language.starts(line);
    const count = begins ? statementLength(lines, index, language) : null;
    if (count !== null) statements.push(lines.slice(index, index + count).join(""));
    else if (begins) unfinished++;
    index += count ?? 1;
  }
  return statements;
}
