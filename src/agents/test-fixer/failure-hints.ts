// Tests and files that a log names as failed: where to look first, never proof.
import type { FailedCheck } from "../../core/failed-check.ts";

const most = 50;
const titleLength = 300;

/** Each gives a failed test's title in its first group. */
const titles: readonly RegExp[] = [
  /^\s*● (?!Console|Test suite failed|Validation|Cannot)(.{1,300}? › .{1,300})$/,
  /^\s*FAIL {1,2}(\S{1,300} > .{1,300})$/,
  /^\s*[×✕✗✖] (?!\d+ (?:problems?|errors?|warnings?)\b|failing tests:|found )(.{1,300}?)(?: \(?[\d.]+ ?m?s\)?)?$/,
  /^ {1,9}\d{1,5}\) (.{1,300}?):?$/,
  /^\s*not ok \d{1,7}(?: -)? (.{1,300}?)(?: # .*)?$/,
  /^FAILED (\S{1,300}::\S.{0,200}?)(?: - .*)?$/,
  /^\s*--- FAIL: (\S{1,300})/,
  /^test (\S{1,300}) \.\.\. FAILED/,
  /^---- (\S{1,300}) stdout ----/,
  /^(?:FAIL|ERROR): (test\w{1,200} \(.{1,200}\))$/,
];

const extension = /\.(?:[cm]?[jt]sx?|vue|svelte|pyi?|go|rs|rb|java|kts?|php|cs)$/;
const pathCharacters = /^[\w@.+~$-][\w@.+~$/-]*$/;
const separators = /[\s"'`()<>[\]{},;|=]+/;
/** Where runners of GitHub keep a repository: twice its name. */
const workspace = /^\/?(?:home\/runner\/work|__w|Users\/runner\/work|a)\/[^/]{1,200}\/[^/]{1,200}\//;

export interface Hints {
  readonly tests: readonly string[];
  readonly files: readonly string[];
}

/** At most 50 of each, in the order in which they are named: results and annotations first. */
export function hintsOf(check: FailedCheck, lines: readonly string[]): Hints {
  const failed = check.results.filter(({ status }) => status === "failed");
  const tests = new Set(failed.slice(0, most).map(({ id }) => id));
  const files = new Set<string>();
  const name = (token: string): void => {
    const path = pathOf(token);
    if (path !== null && files.size < most) files.add(path);
  };
  for (const { file } of failed) if (file !== undefined) name(file);
  for (const { path, level } of check.annotations) if (level === "failure") name(path);
  for (const line of lines) {
    const title = titleOf(line);
    if (title !== null && tests.size < most) tests.add(title);
    for (const token of line.split(separators)) name(token);
  }
  return { tests: [...tests], files: [...files] };
}

function titleOf(line: string): string | null {
  for (const pattern of titles) {
    const title = pattern.exec(line)?.[1]?.trim();
    if (title !== undefined && title !== "") return title.slice(0, titleLength);
  }
  return null;
}

/** A path of the repository, without line numbers; `null` where the word is none, or names somebody else's file. */
function pathOf(word: string): string | null {
  if (word.length > titleLength || !word.includes(".")) return null;
  const [start = ""] = word.replace(/^file:\/\//, "").split("::");
  const plain = start
    .replaceAll("\\", "/")
    .replace(/:\d{1,7}(?::\d{1,7})?:?$/, "")
    .replace(/:$/, "")
    .replace(workspace, "")
    .replace(/^\.\//, "");
  if (!extension.test(plain) || !pathCharacters.test(plain)) return null;
  if (plain.includes("node_modules/") || plain.includes("site-packages/") || plain.includes("../"))
    return null;
  return plain;
}
