// Which JSON files are merged by which rules.
import type { JsonFileKind } from "./merge.ts";

/** What kind of JSON file a path names; `null` for any other file. */
export function fileKind(path: string): JsonFileKind | null {
  const name = path.split("/").at(-1) ?? "";
  if (name === "package.json") return "package-json";
  if (name === "package-lock.json" || name === "npm-shrinkwrap.json") return "package-lock";
  return /\.(?:json|jsonc|json5)$/i.test(name) ? "json" : null;
}
