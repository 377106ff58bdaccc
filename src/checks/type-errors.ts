// What a type checker complained of, in a form that can be compared with another tree's: without lines, columns and places of this machine, sorted.
import { oneLine, projectPath, withoutColours } from "./reports/text.ts";

/** Complaints of one run; what a checker says beyond that is left out. */
const mostErrors = 5_000;
const errorLength = 300;
/** Lines of a checker that is not known. */
const lastLines = 20;
/** What is read of the output: more than the sandbox keeps of it. */
const mostRead = 4 * 1024 * 1024;

interface Complaint {
  readonly path: string;
  readonly said: string;
}

type Reader = (lines: readonly string[]) => readonly Complaint[];

const readers: Readonly<Record<string, Reader>> = {
  tsc: readTypeScript,
  "vue-tsc": readTypeScript,
  mypy: eachLine(/^(.+?):\d+(?::\d+){0,3}: error: (.*)$/),
  pyright: eachLine(/^\s*(\S.*?):\d+:\d+ - error: (.*)$/),
  go: eachLine(/^(?:vet: )?(.+?\.go):\d+(?::\d+)?: (.*)$/),
  cargo: readCargo,
};

/**
 * The errors in what a type checker wrote when it failed, at most 5,000, sorted; the same error twice is there twice. `tool` is the checker's name: tsc,
 * vue-tsc, mypy, pyright, go (vet and build), cargo (check). Of another, or where none of its errors are found, the last lines. Total on any text.
 */
export function readTypeErrors(tool: string, output: string): readonly string[] {
  const lines = withoutColours(output.slice(0, mostRead)).split(/\r?\n/);
  const read = Object.hasOwn(readers, tool) ? readers[tool] : undefined;
  const complaints = (read?.(lines) ?? []).slice(0, mostErrors);
  const said = complaints.map(({ path, said: words }) =>
    path === "" ? words : `${projectPath(path)}: ${words}`,
  );
  return (said.length > 0 ? said : lastOf(lines)).map(withoutPlaces).sort();
}

function lastOf(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => line.trim() !== "").slice(-lastLines);
}

function eachLine(shape: RegExp): Reader {
  return (lines) =>
    lines.flatMap((line) => {
      const [, path, said] = shape.exec(line) ?? [];
      return path === undefined || said === undefined ? [] : [{ path, said }];
    });
}

/** "src/a.ts(1,2): error TS1: …", with --pretty "src/a.ts:1:2 - error TS1: …", and what belongs to no file. */
function readTypeScript(lines: readonly string[]): readonly Complaint[] {
  return lines.flatMap((line) => {
    const [, path, said] = /^(\S.*?)(?:\(\d+,\d+\): |:\d+:\d+ - )(error TS\d+: .*)$/.exec(line) ?? [];
    if (path !== undefined && said !== undefined) return [{ path, said }];
    return /^error TS\d+: /.test(line) ? [{ path: "", said: line }] : [];
  });
}

/** "error[E0277]: …" with its place on one of the next lines; warnings and the count at the end are not errors. */
function readCargo(lines: readonly string[]): readonly Complaint[] {
  return lines.flatMap((line, index) => {
    const [, place, short] = /^(\S+?):\d+:\d+: (error(?:\[E\d+\])?: .*)$/.exec(line) ?? [];
    if (place !== undefined && short !== undefined) return [{ path: place, said: short }];
    if (!/^error(?:\[E\d+\])?: /.test(line) || /^error: (?:could not compile|aborting due to)/.test(line))
      return [];
    const path = lines
      .slice(index + 1, index + 4)
      .flatMap((next) => /^\s*--> (.+?):\d+:\d+$/.exec(next)?.[1] ?? [])[0];
    return [{ path: path ?? "", said: line }];
  });
}

/** Lines, columns, durations and the sandbox's folder inside the words. */
function withoutPlaces(text: string): string {
  return oneLine(text, errorLength)
    .replace(/(?:file:\/\/)?\/project\//g, "")
    .replace(/\(\d+,\d+\)/g, "")
    .replace(/:\d+(?::\d+)?\b/g, "")
    .replace(/\b(line|lines|on line|at line|column) \d+\b/g, "$1")
    .replace(/\b\d+(?:\.\d+)? ?(?:ms|s|secs?|seconds?|minutes?)\b/g, "")
    .trim();
}
