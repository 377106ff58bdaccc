// Every part of some files that could be written anew: functions with a name, tables between them, short files.
import { functionsIn, isAnonymous, topLevelRegions } from "../../../syntax/functions.ts";
import type { FunctionSpan } from "../../../syntax/functions.ts";
import { shortFile } from "./limits.ts";
import { callCounts, identifiersOf, partsOf } from "./words.ts";

export interface Candidate {
  readonly path: string;
  /** The whole file. */
  readonly text: string;
  /** `null`: the whole file. */
  readonly span: FunctionSpan | null;
  readonly kind: "function" | "region" | "file";
  /** The last word of its name; "" for files. */
  readonly name: string;
  /** Class or object of a member; "" else. */
  readonly owner: string;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly identifiers: ReadonlySet<string>;
  readonly parts: ReadonlySet<string>;
  /** Of a whole file the names of what stands between its functions. */
  readonly tables: readonly string[];
  /** Names that it calls. */
  readonly calls: ReadonlySet<string>;
}

const mostOfOneFile = 600;

export async function candidatesOf(path: string, text: string): Promise<readonly Candidate[]> {
  const lineCount = text.split("\n").length;
  const all = (await functionsIn(path, text)).filter((span) => !isInlineTest(span, text));
  const functions = all.filter((span) => !isAnonymous(span) && !wrapsModule(span, all, lineCount));
  const made = functions.slice(0, mostOfOneFile).map((span) => candidate(path, text, span, "function"));
  const between = (await topLevelRegions(path, text)).filter((region) => isBetween(region, functions));
  if (between.length === 0) return made;
  if (lineCount < shortFile) return [...made, wholeFile({ path, text, lineCount }, between)];
  const regions = between.filter(({ firstLine, lastLine }) => lastLine - firstLine < 2 * shortFile);
  return [...made, ...regions.map((region) => candidate(path, text, region, "region"))];
}

function candidate(path: string, text: string, span: FunctionSpan, kind: "function" | "region"): Candidate {
  const names = span.name.replace(/^\w+ (?=[\w$]+$)/, "").split(".");
  const identifiers = identifiersOf(span.text);
  return {
    path,
    text,
    span,
    kind,
    name: kind === "region" && span.name.startsWith("lines ") ? "" : (names.at(-1) ?? ""),
    owner: names.at(-2) ?? "",
    firstLine: span.firstLine,
    lastLine: span.lastLine,
    identifiers,
    parts: partsOf(identifiers),
    tables: [],
    calls: new Set(callCounts(span.text).keys()),
  };
}

/** The file for what stands in it outside of functions; the words are of that. */
function wholeFile(
  { path, text, lineCount }: { path: string; text: string; lineCount: number },
  between: readonly FunctionSpan[],
): Candidate {
  const identifiers = identifiersOf(between.map((region) => region.text).join("\n"));
  const tables = between.map((region) => /[\w$]+$/.exec(region.name)?.[0] ?? "");
  const place = { path, text, span: null, kind: "file" as const, name: "", owner: "" };
  return {
    ...place,
    firstLine: 1,
    lastLine: lineCount,
    identifiers,
    parts: partsOf(identifiers),
    tables,
    calls: new Set(),
  };
}

/** A function around nearly everything, as UMD and AMD have it: writing it anew is writing the file anew. */
function wrapsModule(span: FunctionSpan, all: readonly FunctionSpan[], lineCount: number): boolean {
  const length = span.lastLine - span.firstLine + 1;
  if (length < 40 || length * 10 < lineCount * 8) return false;
  const inside = all.filter((one) => one !== span && one.start >= span.start && one.end <= span.end);
  return inside.filter((one) => !isAnonymous(one)).length >= 3;
}

/** Rust's own tests stand in the file that they test. */
function isInlineTest(span: FunctionSpan, text: string): boolean {
  if (!span.path.endsWith(".rs")) return false;
  const tests = text.indexOf("#[cfg(test)]");
  return (
    (tests !== -1 && span.start > tests) ||
    /#\[(?:\w+::)?test\]\s*$/.test(text.slice(0, span.start).slice(-60))
  );
}

const importWords =
  /^(?:import\b|from\b|use\b|package\b|mod \w+;|["']use strict|(?:const|var|let) [^=]{1,200}= require\()/;

const typeWords = /^(?:export )?(?:declare )?(?:type|interface) /;

/** A statement of three lines or more that is no import, and no function or class: a table, a list of exports. */
function isBetween(region: FunctionSpan, functions: readonly FunctionSpan[]): boolean {
  const { text, path, firstLine, lastLine } = region;
  if (lastLine - firstLine < 2 || path.endsWith(".rs")) return false;
  if (importWords.test(text) || typeWords.test(text)) return false;
  const inside = functions.filter((one) => one.start < region.end && one.end > region.start);
  // A table may hold functions of a line or two.
  return inside.every((one) => one.lastLine - one.firstLine < 2);
}
