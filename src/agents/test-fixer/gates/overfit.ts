// Whether a patch that passes the tests looks as if it was made for them alone. Rules, no model: sentences for people.
import type { Edit } from "../types.ts";
import { essence, withoutComments } from "./code.ts";
import { copiedLiterals } from "./copied.ts";
import { changedLines } from "./lines.ts";
import { testWords, type TestWords } from "./literals.ts";
import { casts, tells } from "./tells.ts";

export interface OverfitWord {
  /** Any of these: it is never proposed. */
  readonly refused: readonly string[];
  /** Any of these: it is proposed, and not pushed. */
  readonly doubts: readonly string[];
}

/** `testSources`: the failing tests, or their files. Bounded in time by the length of its input. */
export function overfitDoubts(edits: readonly Edit[], testSources: readonly string[]): OverfitWord {
  const words = testWords(testSources);
  const each = edits.map((edit) => doubtsOf(edit, words));
  const refused = [...each.flatMap((one) => one.refused), ...emptyWord(edits)];
  return { refused: distinct(refused), doubts: distinct(each.flatMap((one) => one.doubts)) };
}

const mostWords = 10;

function distinct(words: readonly string[]): readonly string[] {
  return [...new Set(words)].slice(0, mostWords);
}

function doubtsOf({ path, before, after }: Edit, words: TestWords): OverfitWord {
  const { added } = changedLines(before, after);
  const [old, now] = [withoutComments(path, before), withoutComments(path, after)];
  // Marks for checkers stand in comments.
  const found = tells.filter(
    ({ pattern }) =>
      hits(now, pattern) > hits(old, pattern) ||
      (isMark(pattern) && hits(after, pattern) > hits(before, pattern)),
  );
  const copied = copiedLiterals(path, before, { added: added.join("\n"), words });
  const of = (grade: "refused" | "doubt") =>
    found.filter((tell) => tell.grade === grade).map((tell) => tell.words);
  return {
    refused: [...of("refused"), ...copied.refused].map((word) => `${quoted(path)}: ${word}`),
    doubts: [
      ...of("doubt"),
      ...unreached(now, added),
      ...copied.doubts,
      ...countedCalls(old, now),
      ...measured(old, now),
    ].map((word) => `${quoted(path)}: ${word}`),
  };
}

function isMark(pattern: RegExp): boolean {
  return pattern.source.includes("@ts-");
}

function hits(text: string, pattern: RegExp): number {
  return (text.match(pattern) ?? []).length;
}

function quoted(path: string): string {
  return JSON.stringify(path.slice(0, 200));
}

function emptyWord(edits: readonly Edit[]): readonly string[] {
  const all = (same: (edit: Edit) => boolean) => edits.every(same);
  if (all(({ path, before, after }) => essence(path, before) === essence(path, after)))
    return ["It changes nothing but comments and spaces."];
  const bare = (path: string, text: string) =>
    essence(path, withoutComments(path, text).replaceAll(casts, ""));
  return all(({ path, before, after }) => bare(path, before) === bare(path, after))
    ? ["It changes nothing that runs: types and casts alone."]
    : [];
}

/**
 * Code behind an added return or throw, in the same block: it answers before the function has begun its work. By indentation, which every formatter keeps: a
 * statement that stands on its own line, and something other than the end of its block at the same depth below it.
 */
function unreached(after: string, added: readonly string[]): readonly string[] {
  const fresh = new Set(added.map((line) => line.trimEnd()));
  const lines = after.split(/\r?\n/).filter((line) => line.trim() !== "");
  const isCutOff = lines.some((line, index) => {
    const next = lines[index + 1];
    return next !== undefined && fresh.has(line.trimEnd()) && leaves(line) && goesOn(line, next);
  });
  return isCutOff ? ["Code behind an added return is never reached."] : [];
}

/** A whole statement: one that goes on in the next line ends with an operator, a comma or a bracket. */
const leaves = (line: string): boolean =>
  /^\s*(?:return|throw|raise)\b/.test(line) && !/[([{,+\-*/%&|<>=?:.\\]\s*$/.test(line);

function goesOn(line: string, next: string): boolean {
  const depth = (text: string) => /^\s*/.exec(text)?.[0] ?? "";
  return (
    depth(line) === depth(next) &&
    !/^\s*(?:[})\]]|case\b|default\b|else\b|elif\b|except\b|finally\b|def\b|async def\b|class\b|function\b|@|[.?:+*&|])/.test(
      next,
    )
  );
}

/** A counter that lives outside of the function and decides in it. */
function countedCalls(before: string, after: string): readonly string[] {
  const counters = (text: string) =>
    [
      ...text.matchAll(
        /^(?:let|var|export let)\s+([\w$]{1,60})(?::\s*number)?\s*=\s*\d+|^([\w]{1,60})\s*=\s*0\s*$/gm,
      ),
    ].map(([, one, other]) => one ?? other ?? "");
  const old = new Set(counters(before));
  const fresh = counters(after).filter((name) => !old.has(name));
  const counts = fresh.some(
    (name) =>
      after.includes(`${name}++`) ||
      after.includes(`++${name}`) ||
      new RegExp(`\\b${escaped(name)}\\s*\\+=`).test(after),
  );
  const attribute =
    /\b[\w$]{1,60}\.(?:calls|callCount|count|called)\s*(?:\+\+|\+=|=\s*\(?[\w$.]+\s*(?:\|\||\?\?))/g;
  return counts || hits(after, attribute) > hits(before, attribute)
    ? ["It counts how often it is called."]
    : [];
}

function escaped(name: string): string {
  return name.replaceAll("$", String.raw`\$`);
}

/** `a.length === 7 && …`, `len(a) == 7`: an input known by its measure. */
function measured(before: string, after: string): readonly string[] {
  const pattern =
    /\.length\s*===?\s*(?:[3-9]|\d\d+)\b|\blen\([\w.]{1,40}\)\s*==\s*(?:[3-9]|\d\d+)\b|\b[3-9]\s*===?\s*[\w.]{1,40}\.length\b/g;
  return hits(after, pattern) > hits(before, pattern) ? ["It knows an input by its length."] : [];
}
