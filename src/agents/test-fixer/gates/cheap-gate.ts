// The gate that costs nothing: whether a candidate may be run at all.
import { createHash } from "node:crypto";
import { matchesAnyGlob } from "../../../core/glob.ts";
import { decidesTests, isTestPath } from "../../../core/test-paths.ts";
import { syntaxOf } from "../../../syntax/index.ts";
import type { Edit, GateWord } from "../types.ts";
import { essence } from "./code.ts";
import { changedLines, hunksOf, linesOf } from "./lines.ts";

/** A repair is small: https://arxiv.org/abs/2407.01489 and its like edit a handful of lines; what is larger is another program. */
export const mostChangedLines = 40;
export const mostChangedFiles = 3;
/** UTF-16 units that an edit may add. */
const mostAdded = 20_000;

export interface CheapContext {
  /** What may be changed: tests never with source. */
  readonly scope: "source" | "tests";
  /** Globs of the policy. */
  readonly protectedPaths: readonly string[];
  /** Keys of what was tried (`triedKey`). */
  readonly tried: ReadonlySet<string>;
}

/** Never rejects for what the edits hold. */
export async function cheapGate(edits: readonly Edit[], context: CheapContext): Promise<GateWord> {
  const why =
    pathWord(edits, context) ??
    changeWord(edits) ??
    sizeWord(edits) ??
    triedWord(edits, context) ??
    (await syntaxWord(edits));
  return { passed: why === null, why: why ?? "" };
}

/** Equal for edits that differ in nothing but comments, spaces and their order. */
export function triedKey(edits: readonly Edit[]): string {
  const parts = edits.map(({ path, after }) => JSON.stringify([path, essence(path, after)])).sort();
  return createHash("sha256").update(parts.join("\n")).digest("hex");
}

const forbidden =
  /(?:^|\/)(?:node_modules|dist|build|out|coverage|vendor|\.git|\.github|\.circleci|\.gitlab|\.husky)\/|(?:^|\/)(?:[\w.-]*lock(?:\.json|\.yaml|b)?|npm-shrinkwrap\.json|go\.sum|\.npmrc|\.gitlab-ci\.yml|\.travis\.yml|azure-pipelines\.yml|Jenkinsfile|agent\.yml)$|\.min\.[cm]?js$/i;

function pathWord(edits: readonly Edit[], { scope, protectedPaths }: CheapContext): string | null {
  for (const { path } of edits) {
    if (path.startsWith("/") || path.split("/").some((part) => part === ".." || part === "" || part === "."))
      return `${named(path)} is no path inside the repository.`;
    if (decidesTests(path)) return `${named(path)} decides how the tests run, and a fix never changes that.`;
    if (forbidden.test(path))
      return `${named(path)} is written by tools, or belongs to the build or to CI, and a fix never changes that.`;
    if (matchesAnyGlob(protectedPaths, path)) return `${named(path)} is protected.`;
    if (isTestPath(path) !== (scope === "tests"))
      return scope === "source"
        ? `${named(path)} is a test, and only the source may be changed.`
        : `${named(path)} is no test, and only tests may be changed.`;
  }
  return null;
}

function changeWord(edits: readonly Edit[]): string | null {
  if (edits.length === 0 || edits.every(({ before, after }) => before === after))
    return "Nothing is changed.";
  const same = edits.every(({ path, before, after }) => essence(path, before) === essence(path, after));
  return same ? "Only comments or spaces are changed." : null;
}

function sizeWord(edits: readonly Edit[]): string | null {
  const paths = new Set(edits.map(({ path }) => path));
  if (paths.size > mostChangedFiles)
    return `${paths.size} files are changed; at most ${mostChangedFiles} may be.`;
  const lines = edits.reduce((sum, edit) => sum + changedCount(edit), 0);
  if (lines > mostChangedLines)
    return `${lines} lines are changed; at most ${mostChangedLines} may be: change only what the failure needs.`;
  const units = edits.reduce(
    (sum, { before, after }) => sum + changedLines(before, after).added.join("\n").length,
    0,
  );
  return units > mostAdded
    ? `The new lines are too long: at most ${mostAdded} characters may be added.`
    : null;
}

/** A line that is replaced counts once; one that only moved does not count. */
export function changedCount({ before, after }: Pick<Edit, "before" | "after">): number {
  const [old, now] = [linesOf(before), linesOf(after)];
  const { added, removed } = changedLines(before, after);
  const moved = movedLines(added, removed);
  const [goneAway, arrived] = [new Map(moved), new Map(moved)];
  return hunksOf(before, after).reduce((sum, { start, end, newStart, newEnd }) => {
    const taken = unmoved(old.slice(start, end), goneAway);
    const given = unmoved(now.slice(newStart, newEnd), arrived);
    return sum + Math.max(taken, given);
  }, 0);
}

/** Lines, without the spaces around them, that are both taken away and added: how often. */
function movedLines(added: readonly string[], removed: readonly string[]): ReadonlyMap<string, number> {
  const left = new Map<string, number>();
  for (const line of removed) left.set(line.trim(), (left.get(line.trim()) ?? 0) + 1);
  const moved = new Map<string, number>();
  for (const line of added.map((text) => text.trim())) {
    const count = left.get(line) ?? 0;
    if (count === 0) continue;
    left.set(line, count - 1);
    moved.set(line, (moved.get(line) ?? 0) + 1);
  }
  return moved;
}

/** How many lines are not among those that moved, each of which is used up. */
function unmoved(lines: readonly string[], moved: Map<string, number>): number {
  return lines.filter((line) => {
    const count = moved.get(line.trim()) ?? 0;
    if (count > 0) moved.set(line.trim(), count - 1);
    return count === 0;
  }).length;
}

function triedWord(edits: readonly Edit[], { tried }: CheapContext): string | null {
  return tried.has(triedKey(edits)) ? "The same was tried before." : null;
}

async function syntaxWord(edits: readonly Edit[]): Promise<string | null> {
  for (const { path, before, after } of edits) {
    const syntax = syntaxOf(path);
    if (syntax === null) continue;
    const [was, is] = await Promise.all([syntax.countErrors(before), syntax.countErrors(after)]);
    if (is > was)
      return `${named(path)} has ${is - was} syntax ${is - was === 1 ? "error" : "errors"} more than before (${syntax.language}).`;
  }
  return null;
}

/** Paths come from models too. */
function named(path: string): string {
  return JSON.stringify(path.slice(0, 200));
}
