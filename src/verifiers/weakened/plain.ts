// Files of tests that no reader knows: lines that look like checks, counted.
import { quoted, squeeze, without } from "./text.ts";
import type { Weakening } from "./types.ts";

const check = /\b(?:assert|expect|should|verify|must)\w*\s*[!.(]|\bassert\b/i;
const test =
  /^\s*(?:it|test|describe|specify|scenario|context|def test|def |public void |\[(?:Test|Fact|Theory)\])/i;
const skip = /\b(?:skip|xit|xdescribe|pending|Ignore|Disabled)\b/g;
const code =
  /\.(?:rb|php|cs|kt|scala|swift|ex|exs|cpp|cc|c|m|lua|pl|sh|dart|clj|hs|vue|svelte|[cm]?[jt]sx?|py|go|rs|java)$/;

/** Compares by lines. Fixtures and data are nobody's checks. */
export function compareText(path: string, before: string | null, after: string | null): readonly Weakening[] {
  if (before === null || !code.test(path)) return [];
  const [one, other] = [linesOf(before), linesOf(after ?? "")];
  if (after === null)
    return one.some((line) => check.test(line))
      ? [{ kind: "removed", words: `The file ${quoted(path)} is gone, and its tests with it.` }]
      : [];
  const lost = without(one.filter(isCheck), other.filter(isCheck), squeeze).length;
  const gained = without(other.filter(isCheck), one.filter(isCheck), squeeze).length;
  const tests = one.filter((line) => test.test(line)).length - other.filter((line) => test.test(line)).length;
  return [
    ...(lost > gained && tests >= 0
      ? [{ kind: "assertions" as const, words: `${lost - gained} lines that check something are gone.` }]
      : []),
    ...((other.join("\n").match(skip) ?? []).length > (one.join("\n").match(skip) ?? []).length
      ? [{ kind: "skipped" as const, words: "More tests are skipped." }]
      : []),
  ];
}

function isCheck(line: string): boolean {
  return check.test(line);
}

function linesOf(text: string): readonly string[] {
  return text.split("\n").filter((line) => !/^\s*(?:\/\/|#|\*|--)/.test(line));
}
