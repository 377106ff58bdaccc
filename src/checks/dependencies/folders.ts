// Which folders of a tree have dependencies of their own.
import { folderOf, isUnder } from "../affected/tree.ts";

/** Samples for tests and copies of others' code: nothing of the project's own needs what they depend on. */
const foreign = new Set([
  "node_modules",
  "vendor",
  "third_party",
  "fixtures",
  "__fixtures__",
  "testdata",
  "test",
  "tests",
  "__tests__",
  "example",
  "examples",
  "templates",
]);
/** Each is an install: a project of more parts names what it wants in its config. */
const mostFolders = 4;
const deepest = 2;

/** The outermost folders with one of these files, those nearest to the top first. */
export function foldersWith(paths: readonly string[], names: readonly string[]): readonly string[] {
  const folders = [...new Set(paths.filter((path) => names.includes(nameOf(path))).map(folderOf))]
    .map((folder) => ({ folder, parts: folder === "" ? [] : folder.split("/") }))
    .filter(({ parts }) => parts.length <= deepest && !parts.some((part) => foreign.has(part)))
    .sort((one, other) => one.parts.length - other.parts.length)
    .map(({ folder }) => folder);
  return folders
    .filter((folder) => !folders.some((other) => other !== folder && isUnder(folder, other)))
    .slice(0, mostFolders);
}

/** Whether a file lies below a folder, or in one of those above it: package managers look there too for their settings. */
export function isInReach(path: string, folder: string): boolean {
  return isUnder(path, folder) || isUnder(folder, folderOf(path));
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
