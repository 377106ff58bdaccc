// Which lines ran while the tests did. Everything that is read here was written by the repository's code.
import { mostReportBytes } from "../../core/sandbox.ts";
import { fieldsOf, jsonOf, listOf } from "../reports/shape.ts";
import { projectPath } from "../reports/text.ts";
import { readGoCover } from "./go-cover.ts";
import { readIstanbul } from "./istanbul.ts";
import { wordLines } from "./paint.ts";
import { readV8 } from "./v8.ts";

/**
 * `istanbul-json`: coverage-final.json. `v8`: what Node writes to NODE_V8_COVERAGE, a document a process, in one JSON array or one a line. `go-cover`: a cover
 * profile. `lines-json`: `{path: lines}`, 1-based.
 */
export type CoverageKind = "istanbul-json" | "v8" | "go-cover" | "lines-json";

export interface CoverageRequest {
  readonly kind: CoverageKind;
  readonly bytes: Uint8Array;
  /** The paths that are wanted, with their text as it was when the tests ran. */
  readonly sources: ReadonlyMap<string, string>;
  /** For `go-cover`: names of modules, as their go.mod has them, and the folder of each, "" for the repository's own. */
  readonly goModules?: ReadonlyMap<string, string>;
}

/**
 * By path, the 1-based lines that ran and hold a word. A path is absent where it was not measured, or where what was measured is not the source that was given
 * (a transformation, another version); it is there with no lines where nothing of it ran. `null`: the report cannot be read. Never throws.
 */
export function readCoverage(request: CoverageRequest): ReadonlyMap<string, ReadonlySet<number>> | null {
  if (request.bytes.length > mostReportBytes) return null;
  try {
    const read = readKind(new TextDecoder().decode(request.bytes), request);
    return read === null
      ? null
      : new Map([...read].map(([path, lines]) => [path, worded(lines, request.sources.get(path))]));
  } catch {
    // Nested deeper than the stack, or more entries than a call takes: not a report.
    return null;
  }
}

function readKind(
  text: string,
  { kind, sources, goModules }: CoverageRequest,
): Map<string, Set<number>> | null {
  switch (kind) {
    case "istanbul-json":
      return readIstanbul(text, sources);
    case "v8":
      return readV8(text, sources);
    case "go-cover":
      return readGoCover(text, sources, goModules ?? new Map());
    case "lines-json":
      return readLines(text, sources);
  }
}

function readLines(text: string, sources: ReadonlyMap<string, string>): Map<string, Set<number>> | null {
  const report = jsonOf(text);
  if (typeof report !== "object" || report === null || Array.isArray(report)) return null;
  const files = new Map(Object.entries(fieldsOf(report)).map(([path, lines]) => [projectPath(path), lines]));
  return new Map(
    [...sources.keys()].flatMap((path) => {
      const lines = files.get(path);
      if (!Array.isArray(lines)) return [];
      return [[path, new Set(listOf(lines).filter((line) => typeof line === "number"))]];
    }),
  );
}

function worded(lines: ReadonlySet<number>, source: string | undefined): ReadonlySet<number> {
  const words = wordLines(source ?? "");
  return new Set([...lines].filter((line) => words.has(line)));
}
