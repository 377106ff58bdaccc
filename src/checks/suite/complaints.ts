// What type checkers and linters complained of: path, line, words. What cannot be read is left out.
import type { Complaint } from "../../core/suite.ts";
import { fieldsOf, jsonOf, listOf, textOf } from "../reports/shape.ts";
import { oneLine, withoutColours } from "../reports/text.ts";
import type { Locate } from "./locate.ts";

/** Complaints of one run; what a tool says beyond that is left out. */
const mostComplaints = 1_000;
const messageLength = 500;
/** Characters of one line that are looked at: a path and a sentence. */
const longestLine = 2_000;

/** A line with its place, in this order: path, line, words. */
type Shape = RegExp;

const shapes: Readonly<Record<string, readonly Shape[]>> = {
  tsc: [/^(\S[^(\n]*)\((\d+),\d+\): (error TS\d+: .*)$/, /^(\S.*?):(\d+):\d+ - (error TS\d+: .*)$/],
  mypy: [/^([^:]+):(\d+)(?::\d+){0,3}: (error: .*)$/],
  pyright: [/^\s*(\S[^:]*):(\d+):\d+ - (error: .*)$/],
  go: [/^(?:vet: )?([^:]+\.go):(\d+)(?::\d+)?: (.*)$/],
  cargo: [/^([^\s:]+):(\d+):\d+: (error(?:\[E\d+\])?: .*)$/],
  flake8: [/^([^:]+):(\d+):\d+: ([A-Z]+\d+ .*)$/],
  ruff: [/^([^:]+):(\d+):\d+: ([A-Z]+\d+ .*|SyntaxError: .*)$/],
  biome: [/^(\S+?):(\d+):\d+ ((?:lint|format|parse|suppressions)(?:\/\S*)?)/],
};

/** Formatters name a file that is not in form, and mostly no line of it: path, and line where there is one. */
const formShapes: Readonly<Record<string, readonly Shape[]>> = {
  prettier: [/^\[warn\] (\S.*)$/, /^(?!\[)(\S.*)$/],
  black: [/^would reformat (\S.*)$/],
  "ruff format": [/^Would reformat: (\S.*)$/],
  "cargo fmt": [/^Diff in (\S[^:]*):(\d+):?$/, /^Diff in (\S.*) at line (\d+):$/],
};
const notInForm = "It is not in form.";

/** Words before the place: "error[E0308]: …" of cargo and "F401 …" of ruff, with "--> path:1:2" on one of the next lines. */
const headed: Readonly<Record<string, RegExp>> = {
  cargo: /^error(?:\[E\d+\])?: (?!could not compile|aborting due to)/,
  ruff: /^(?:[A-Z]+\d+ |invalid-syntax: )/,
};
const arrow = /^\s*--> ([^:]+):(\d+):\d+\s*$/;

/** At most 1,000. Total on any text. `tool` is the program's name: those above, vue-tsc, eslint (its own form for people). */
export function readComplaints(tool: string, output: string, locate: Locate): readonly Complaint[] {
  const lines = withoutColours(output)
    .split(/\r?\n/)
    .map((line) => line.slice(0, longestLine));
  if (tool === "eslint") return stylish(lines, locate);
  if (Object.hasOwn(formShapes, tool)) return ofForm(formShapes[tool] ?? [], lines, locate);
  const name = tool === "vue-tsc" ? "tsc" : tool;
  const own = Object.hasOwn(shapes, name) ? (shapes[name] ?? []) : [];
  const found = lines.flatMap((line, index) => {
    const [, path, at, said] = own.map((shape) => shape.exec(line)).find((match) => match !== null) ?? [];
    if (path !== undefined && said !== undefined) return [complaint(locate, path, Number(at), said)];
    if (headed[name]?.test(line) !== true) return [];
    const [, below, number] = lines.slice(index + 1, index + 4).flatMap((next) => arrow.exec(next) ?? []);
    return below === undefined ? [] : [complaint(locate, below, Number(number), line)];
  });
  return found.slice(0, mostComplaints);
}

/** Lines that name no file of the tree say something else, such as how many there are. Of rustfmt's many places in one file the first counts. */
function ofForm(shapes: readonly Shape[], lines: readonly string[], locate: Locate): readonly Complaint[] {
  const found = new Map<string, Complaint>();
  for (const line of lines) {
    const [, path = "", at] = shapes.map((shape) => shape.exec(line)).find((match) => match !== null) ?? [];
    const known = path === "" ? null : locate(path);
    if (known !== null && !found.has(known))
      found.set(known, { path: known, line: Number(at ?? 0), message: notInForm });
    if (found.size === mostComplaints) break;
  }
  return [...found.values()];
}

/** eslint's own form: a path alone in its line, then "  1:2  error  words  rule". */
function stylish(lines: readonly string[], locate: Locate): readonly Complaint[] {
  const found: Complaint[] = [];
  let path = "";
  for (const line of lines) {
    const [, at, said] = /^\s+(\d+):\d+\s+error\s+(\S.*)$/.exec(line) ?? [];
    if (said !== undefined && path !== "") found.push(complaint(locate, path, Number(at), said));
    else if (/^\S/.test(line)) path = line.trim();
    if (found.length === mostComplaints) break;
  }
  return found;
}

/** eslint's report in JSON; `null` where it cannot be read. Warnings count where there are no errors: the command failed for them. */
export function readEslint(bytes: Uint8Array, locate: Locate): readonly Complaint[] | null {
  const report = jsonOf(new TextDecoder().decode(bytes));
  if (!Array.isArray(report)) return null;
  const all = listOf(report)
    .map(fieldsOf)
    .flatMap((file) => {
      const path = textOf(file["filePath"]);
      return listOf(file["messages"]).map((entry) => ({ path, message: fieldsOf(entry) }));
    });
  const errors = all.filter(({ message }) => message["severity"] === 2);
  return (errors.length > 0 ? errors : all).slice(0, mostComplaints).map(({ path, message }) => {
    const rule = textOf(message["ruleId"]);
    const said = `${textOf(message["message"])}${rule === "" ? "" : ` (${rule})`}`;
    return complaint(locate, path, Number(message["line"]), said);
  });
}

function complaint(locate: Locate, path: string, line: number, said: string): Complaint {
  return {
    path: locate(path) ?? oneLine(path),
    line: Number.isSafeInteger(line) && line > 0 ? line : 0,
    message: oneLine(said, messageLength),
  };
}
