// The files of a tree that a runner's arguments name: files, folders, and patterns.
import { matchesGlob } from "../../core/glob.ts";
import { isUnder } from "../affected/tree.ts";
import type { Argument } from "./types.ts";

/** Patterns that one pattern with braces may stand for. */
const mostPatterns = 64;

/**
 * The paths that arguments name, in the tree's order; `isTest` chooses among those of a folder. `null` where an argument names nothing of the tree, or cannot
 * be read: then it is not known what the runner would run.
 */
export function expandFiles(
  args: readonly Argument[],
  paths: readonly string[],
  isTest: (path: string, folder: string) => boolean,
): readonly string[] | null {
  const found = new Set<string>();
  for (const argument of args) {
    const matched = argument.text === null ? [] : expandOne(argument.text, paths, isTest);
    if (matched.length === 0) return null;
    for (const path of matched) found.add(path);
  }
  return paths.filter((path) => found.has(path));
}

function expandOne(
  text: string,
  paths: readonly string[],
  isTest: (path: string, folder: string) => boolean,
): readonly string[] {
  const target = text.replace(/^(?:\.\/)+/, "").replace(/\/+$/, "");
  if (paths.includes(target)) return [target];
  if (target === "." || target === "" || !/[*?{[(]/.test(target)) {
    const folder = target === "." ? "" : target;
    return paths.filter((path) => isUnder(path, folder) && isTest(path, folder));
  }
  const patterns = withoutBraces(target);
  if (patterns.some((pattern) => /[[\](){}!]/.test(pattern))) return [];
  return paths.filter((path) => patterns.some((pattern) => matchesGlob(`/${pattern}`, path)));
}

/** `a.{js,ts}` as `a.js` and `a.ts`. */
function withoutBraces(pattern: string): readonly string[] {
  let patterns: readonly string[] = [pattern];
  for (;;) {
    const next = patterns.flatMap((each) => {
      const found = /^([^{}]*)\{([^{}]*,[^{}]*)\}(.*)$/s.exec(each);
      const [, head = "", choices = "", tail = ""] = found ?? [];
      return found === null ? [each] : choices.split(",").map((choice) => head + choice + tail);
    });
    if (next.length === patterns.length || next.length > mostPatterns) return patterns;
    patterns = next;
  }
}
