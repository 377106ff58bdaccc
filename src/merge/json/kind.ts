// Which JSON files are merged by which rules.
import type { JsonFileKind } from "./merge.ts";

/** A folder that holds the texts of a program, a file a language. */
const TRANSLATIONS = /(?:^|\/)(?:_?locales?|i18n|l10n|langs?|languages?|translations?)\//i;

/** What kind of JSON file a path names; `null` for any other file. */
export function fileKind(path: string): JsonFileKind | null {
  const name = path.split("/").at(-1) ?? "";
  if (name === "package.json") return "package-json";
  if (name === "package-lock.json" || name === "npm-shrinkwrap.json") return "package-lock";
  if (/\.json$/i.test(name) && TRANSLATIONS.test(path)) return "i18n";
  return /\.(?:json|jsonc|json5)$/i.test(name) ? "json" : null;
}
