// One agent.yml as checked data: what is good is kept, and every bad part is named with its line.
import { LineCounter, isMap, isScalar, parseDocument } from "yaml";
import type { Document } from "yaml";
import { nearest } from "../core/nearest.ts";
import type { PolicyProblem } from "../core/report.ts";
import { PolicyFile } from "./policy-schema.ts";
import { consequenceOf, unreadable, withRefusals } from "./refusals.ts";

/** Longest file that is read, in UTF-16 units; a policy of 100 patterns has some 5,000. */
const MAX_FILE = 65_536;
/** How often an alias may be used. The yaml package counts what aliases inside aliases would make. */
const MAX_ALIASES = 50;
/** Problems told per file: whoever has more has the wrong file. */
const MAX_PROBLEMS = 20;

export interface CheckedFile {
  readonly values: PolicyFile;
  readonly problems: readonly PolicyProblem[];
  /** Where a setting stands, for problems that show only once files are put together; 1 where it does not. */
  readonly lineOf: (path: Path) => number;
}

type Path = readonly PropertyKey[];

type Problem = Omit<PolicyProblem, "file">;

interface Parsed {
  readonly values: PolicyFile;
  readonly problems: readonly Problem[];
  readonly lineOf: (path: Path) => number;
}

const keyOf = (path: Path): string => path.map(String).join(".");

/** Where the key at `path` stands, from 1: the key itself in a map, the entry in a list. Falls back to what is around it. */
function lineOf(document: Document, path: Path, lines: LineCounter): number {
  for (let depth = path.length; depth > 0; depth--) {
    const parent: unknown = document.getIn(path.slice(0, depth - 1), true);
    const last = path[depth - 1];
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => isScalar(key) && key.value === last)
      : undefined;
    const node: unknown = pair ? pair.key : document.getIn(path.slice(0, depth), true);
    const range = (node as { range?: readonly number[] | null } | undefined)?.range;
    if (range?.[0] !== undefined) return lines.linePos(range[0]).line;
  }
  return 1;
}

/** Takes the value at `path` out of plain data; later entries of a list must go before earlier ones. */
function remove(data: unknown, path: Path): void {
  let parent = data;
  for (const key of path.slice(0, -1)) parent = (parent as Record<PropertyKey, unknown>)[key];
  const last = path.at(-1);
  if (last === undefined) return;
  if (Array.isArray(parent) && typeof last === "number") parent.splice(last, 1);
  else Reflect.deleteProperty(parent as object, last);
}

/** The keys that may stand at a place of the file. */
function knownKeys(path: Path): readonly string[] {
  let schema: unknown = PolicyFile;
  for (const key of path) {
    const { shape, valueType, element } = schema as {
      shape?: Record<PropertyKey, { unwrap?: () => unknown }>;
      valueType?: unknown;
      element?: unknown;
    };
    schema = shape?.[key]?.unwrap?.() ?? shape?.[key] ?? valueType ?? element ?? {};
  }
  return Object.keys((schema as { shape?: object }).shape ?? {});
}

interface Fault {
  readonly path: Path;
  /** What goes with it. */
  readonly whole: Path;
  /** The setting that it is about, as far as can be told: of a misspelt one the one that was meant. */
  readonly setting: string;
  readonly message: string;
}

/** A rule that is bad in a part goes as a whole: half of one would take back half of its files, or read half of its sources. */
const placeOf = (path: Path): Pick<Fault, "path" | "whole"> => ({
  path,
  whole: path[0] === "regenerate" ? path.slice(0, 2) : path,
});

/** What the schema finds wrong, one fault per bad key, so that each can be taken out by itself. */
function faultsIn(data: unknown): readonly Fault[] {
  const issues = PolicyFile.safeParse(data).error?.issues ?? [];
  const faults = issues.flatMap((issue): Fault[] => {
    if (issue.code !== "unrecognized_keys")
      return [{ ...placeOf(issue.path), setting: keyOf(issue.path), message: issue.message }];
    return issue.keys.map((key) => {
      const meant = nearest(key, knownKeys(issue.path));
      return {
        ...placeOf([...issue.path, key]),
        setting: keyOf([...issue.path, meant ?? key]),
        message: `is not a setting${meant ? `; was "${meant}" meant?` : `; there are: ${knownKeys(issue.path).join(", ")}`}`,
      };
    });
  });
  // Several faults of one key are one problem, told by the first.
  const seen = new Set<string>();
  return faults.filter(({ path }) => !seen.has(keyOf(path)) && seen.add(keyOf(path)));
}

/** From the last to the first: taking an entry out of a list does not move those before it. */
function removeAll(data: unknown, faults: readonly Fault[]): void {
  const wholes = new Map(faults.map(({ whole }) => [keyOf(whole), whole]));
  for (const whole of [...wholes.values()].reverse()) remove(data, whole);
}

function check(data: unknown, document: Document, lines: LineCounter): Parsed {
  const faults = faultsIn(data);
  const problems = faults.map(({ path, setting, message }) => ({
    key: keyOf(path),
    message: `${message}${consequenceOf(setting)}`,
    line: lineOf(document, path, lines),
  }));
  removeAll(data, faults);
  // A list that had only bad entries is bad itself now, for having none.
  removeAll(data, faultsIn(data));
  // What is left holds only what was found good; a file that is still bad (it cannot be) counts as unreadable.
  const values = PolicyFile.safeParse(data).data ?? unreadable;
  return {
    values: withRefusals(
      values,
      faults.map(({ setting }) => setting),
    ),
    problems,
    lineOf: (path) => lineOf(document, path, lines),
  };
}

const broken = (message: string, line = 1): Parsed => ({
  values: unreadable,
  problems: [{ key: "", message: `${message}${consequenceOf("")}`, line }],
  lineOf: () => 1,
});

function parse(text: string): Parsed {
  if (text.length > MAX_FILE) return broken(`is longer than ${MAX_FILE} characters and was not read`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: "error", prettyErrors: false });
  const [error] = document.errors;
  if (error) return broken(`is not valid YAML: ${error.message}`, lines.linePos(error.pos[0]).line);
  const data: unknown = document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {};
  if (typeof data !== "object" || Array.isArray(data))
    return broken("must be a map of settings, such as `push:`");
  return check(data, document, lines);
}

/** Checks the text of a file; `file` is how problems name it. Never throws: text that breaks the parser is a problem like any other. */
export function checkPolicyFile(text: string, file: string): CheckedFile {
  let checked: Parsed;
  try {
    checked = parse(text);
  } catch {
    // Too many aliases, or nested so deep that the parser ran out of stack.
    checked = broken("cannot be read: its YAML is nested too deep or uses too many aliases");
  }
  return {
    ...checked,
    problems: checked.problems.slice(0, MAX_PROBLEMS).map((problem) => ({ file, ...problem })),
  };
}
