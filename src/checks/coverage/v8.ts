// What Node writes to the folder NODE_V8_COVERAGE names: character ranges of each script and how often each ran, one document a process.
import { sandboxPaths } from "../../core/sandbox.ts";
import { fieldsOf, jsonOf, listOf, type Fields } from "../reports/shape.ts";
import { projectPath } from "../reports/text.ts";
import { budget, linesOf, paint, type Budget, type Region } from "./paint.ts";

/** Extensions that Node runs as they are written, so that a path which is in no report was not loaded. */
const untransformed = /\.[cm]?js$/;

/** One script in one process. `null`: its ranges are those of a transformed source. */
type Script = readonly Region[] | null;

export function readV8(text: string, sources: ReadonlyMap<string, string>): Map<string, Set<number>> | null {
  const processes = documentsOf(text);
  if (processes === null) return null;
  const scripts = new Map<string, Script[]>();
  for (const one of processes) gather(one, sources, scripts);
  const covered = new Map<string, Set<number>>();
  const left = budget();
  for (const [path, source] of sources) {
    const found = scripts.get(path);
    const notLoaded = untransformed.test(path) ? new Set<number>() : null;
    const lines = found === undefined ? notLoaded : linesOfScripts(found, source, left);
    if (lines !== null) covered.set(path, lines);
  }
  return covered;
}

/** One JSON array of documents, one document, or one a line. `null` where there is none. */
function documentsOf(text: string): readonly Fields[] | null {
  const whole = jsonOf(text);
  const found =
    whole === undefined ? text.split("\n").map(jsonOf) : Array.isArray(whole) ? listOf(whole) : [whole];
  const documents = found.map(fieldsOf).filter((document) => Array.isArray(document["result"]));
  return documents.length === 0 ? null : documents;
}

function gather(
  document: Fields,
  sources: ReadonlyMap<string, string>,
  scripts: Map<string, Script[]>,
): void {
  const mapped = fieldsOf(document["source-map-cache"]);
  for (const entry of listOf(document["result"])) {
    const script = fieldsOf(entry);
    const url = script["url"];
    if (typeof url !== "string" || !url.startsWith(`file://${sandboxPaths.project}/`)) continue;
    // A loader asks for the same file with a query to have it anew: its source may be another.
    const path = projectPath(url.split(/[?#]/, 1)[0] ?? "");
    if (!sources.has(path)) continue;
    const transformed = Object.hasOwn(mapped, url) || url.includes("?");
    const known = scripts.get(path);
    const regions = transformed ? null : regionsOf(script);
    if (known === undefined) scripts.set(path, [regions]);
    else known.push(regions);
  }
}

function regionsOf(script: Fields): readonly Region[] {
  return listOf(script["functions"])
    .flatMap((one) => listOf(fieldsOf(one)["ranges"]))
    .flatMap((entry) => {
      const { startOffset, endOffset, count } = fieldsOf(entry);
      if (!Number.isInteger(startOffset) || !Number.isInteger(endOffset) || typeof count !== "number")
        return [];
      return [{ start: Number(startOffset), end: Number(endOffset), ran: count > 0 }];
    });
}

/** `null` where one of the scripts was not this source. */
function linesOfScripts(scripts: readonly Script[], source: string, left: Budget): Set<number> | null {
  const text = source.replace(/^\uFEFF/, "");
  const ran = new Uint8Array(text.length);
  for (const regions of scripts) {
    // The outermost function is the whole script: where it is not as long as the source, V8 was given another text.
    const painted = regions?.[0]?.end === text.length ? paint(regions, text.length, left) : null;
    if (painted === null) return null;
    for (const [index, value] of painted.entries()) if (value === 1) ran[index] = 1;
  }
  return wordedLines(text, ran);
}

/** Lines of which a word, not a bracket alone, was reached. */
function wordedLines(text: string, ran: Uint8Array): Set<number> {
  const found = new Set<number>();
  let offset = 0;
  for (const [index, line] of linesOf(text).entries()) {
    for (const word of line.matchAll(/[\p{L}\p{N}_$]+/gu)) {
      if (ran[offset + word.index] !== 1) continue;
      found.add(index + 1);
      break;
    }
    offset += line.length;
    offset += text.startsWith("\r\n", offset) ? 2 : 1;
  }
  return found;
}
