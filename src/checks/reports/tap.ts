// The Test Anything Protocol, versions 13 and 14. Read by hand: the library for it takes diagnostics for YAML with tags of its own, which hostile output can make as dear as it likes.
import type { TestResult } from "../../core/checks.ts";
import { results } from "./results.ts";
import { addPoints, isThrown, point, type Point } from "./tap-point.ts";
import { withoutColours } from "./text.ts";

/** The test points of one list, which has a plan of its own. */
interface Level {
  readonly points: Point[];
  plan: number | null;
  /** Opened by a test point that ends in a brace, which comes before what is in it. */
  readonly buffered: boolean;
}

interface Reading {
  /** The lists that are open, the outermost first. */
  readonly levels: Level[];
  /** The spaces before the diagnostics that are being read; `null` outside them. */
  block: number | null;
  last: Point | null;
  bailed: string | null;
  version: boolean;
}

/** Subtests inside subtests; what is indented further is output. */
const mostLevels = 60;
const indentation = 4;
const keptDiagnostics = 40;
const keptLines = 200;
/** Fields of a diagnostic that tell a person nothing about the failure. */
const dull = /^(?:location|duration_ms|failureType|code|name|type|at|stack|operator|tapCaught):/;

export function readTap(coloured: string): readonly TestResult[] | null {
  const root: Level = { points: [], plan: null, buffered: false };
  const reading: Reading = { levels: [root], block: null, last: null, bailed: null, version: false };
  for (const line of withoutColours(coloured).split(/\r?\n/)) {
    if (reading.bailed === null) readLine(line, reading);
  }
  closeTo(1, reading);
  if (root.points.length === 0 && root.plan === null && !reading.version && reading.bailed === null)
    return null;
  const broken = reading.bailed ?? brokenOff(root);
  if (broken !== null) root.points.push(endOfRun(broken));
  const found = results();
  addPoints(root.points, found);
  return found.all();
}

/** A failure that no test point tells. */
function endOfRun(why: string): Point {
  return { ...point(false, "(end of the run)"), said: [why] };
}

/** Why a list of test points is not what its plan said; `null` where it is. */
function brokenOff({ plan, points }: Level): string | null {
  if (plan === null) return "The output stops before the plan: the tests broke off.";
  return plan === points.length ? null : `The plan says ${plan}, and the test points are ${points.length}.`;
}

function readLine(line: string, reading: Reading): void {
  const text = line.trimStart();
  const spaces = line.length - text.length;
  if (reading.block !== null && (text === "" || spaces >= reading.block)) {
    if (spaces === reading.block && text.trimEnd() === "...") reading.block = null;
    else keepDiagnostic(line, reading);
    return;
  }
  reading.block = null;
  if (spaces % indentation !== 0) {
    if (text.trimEnd() === "---") reading.block = spaces;
  } else if (spaces / indentation <= mostLevels) readTapLine(text, spaces / indentation, reading);
}

function keepDiagnostic(line: string, { last, block }: Reading): void {
  const text = line.trimStart();
  if (last !== null && last.told.length < keptLines && !text.startsWith("duration_ms:")) {
    last.told.push(line.slice(block ?? 0));
  }
  if (last === null || last.said.length >= keptDiagnostics || dull.test(text)) return;
  last.said.push(text.replace(/^(?:error|message): *(?:[|>]-?$)?/, ""));
}

function readTapLine(text: string, depth: number, reading: Reading): void {
  if (depth > reading.levels.length) return;
  if (depth === 0 && text.startsWith("TAP version 1")) reading.version = true;
  const plan = /^1\.\.(\d{1,9})(?:\s|$)/.exec(text);
  if (text.startsWith("Bail out!")) reading.bailed = text;
  else if (plan !== null) levelAt(depth, reading).plan = Number(plan[1]);
  else if (/^(?:not )?ok\b/.test(text)) readPoint(text, depth, reading);
  else if (text.startsWith("# Subtest")) announce(depth, reading);
  else if (text.trimEnd() === "}" && reading.levels[depth + 1]?.buffered === true)
    closeTo(depth + 1, reading);
}

/** The first subtest of a list comes before any test point of it, and what is in that subtest comes first of all. */
function announce(depth: number, { levels }: Reading): void {
  if (depth > 0 && depth === levels.length) levels.push({ points: [], plan: null, buffered: false });
}

function readPoint(text: string, depth: number, reading: Reading): void {
  const opens = /\s\{\s*$/.test(text.slice(-10));
  const line = opens ? text.slice(0, text.lastIndexOf("{")).trimEnd() : text;
  const status = /^(?:not )?ok\b *(?:\d+\b)? *(?:- ?)?/.exec(line)?.[0] ?? "";
  const read = point(!line.startsWith("not "), line.slice(status.length));
  for (const child of inside(depth, reading)) read.children.push(child);
  levelAt(depth, reading).points.push(read);
  reading.last = read;
  if (opens) reading.levels.push({ points: read.children, plan: null, buffered: true });
}

/** The subtest that the test point at a depth closes. */
function inside(depth: number, reading: Reading): readonly Point[] {
  closeTo(depth + 2, reading);
  const level = reading.levels[depth + 1];
  if (level === undefined || level.buffered) return [];
  reading.levels.pop();
  // The error says why the plan was not kept, and the subtest came to its own test point: nothing broke off.
  const isToldWhy = level.plan !== null && level.points.some(isThrown);
  return isToldWhy ? level.points : closed(level);
}

/** The list at a depth, opened where it is the next one, and with all that is deeper closed. */
function levelAt(depth: number, reading: Reading): Level {
  closeTo(depth + 1, reading);
  const known = reading.levels[depth];
  if (known !== undefined) return known;
  const fresh: Level = { points: [], plan: null, buffered: false };
  reading.levels.push(fresh);
  return fresh;
}

/** Leaves `count` lists open, at least the outermost. What is in one whose own test point never came hangs on a failure instead. */
function closeTo(count: number, reading: Reading): void {
  while (reading.levels.length > Math.max(1, count)) {
    const level = reading.levels.pop();
    if (level === undefined || level.buffered || isEmpty(level)) continue;
    const points = [...closed(level)];
    reading.levels.at(-1)?.points.push({ ...endOfRun("A subtest did not end."), children: points });
  }
}

/** Announced, and nothing came. */
const isEmpty = ({ points, plan }: Level): boolean => points.length === 0 && plan === null;

function closed(level: Level): readonly Point[] {
  if (isEmpty(level)) return [];
  const broken = brokenOff(level);
  return broken === null ? level.points : [...level.points, endOfRun(broken)];
}
