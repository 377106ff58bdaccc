// istanbul's coverage-final.json: statements and functions of each file, and how often each ran.
import { fieldsOf, jsonOf, type Fields } from "../reports/shape.ts";
import { projectPath } from "../reports/text.ts";
import { budget, linesOf, paint, type Budget, type Region } from "./paint.ts";

const code = /\.[cm]?[jt]sx?$/;
/** Runners leave tests out of what they measure. */
const testFile = /(?:^|\/)(?:__tests__|__mocks__|tests?|specs?)\/|[.-](?:test|spec)\.[^/]*$/;

/** A path of code that is not in the report was not loaded; a test that is not in it was not measured. */
export function readIstanbul(
  text: string,
  sources: ReadonlyMap<string, string>,
): Map<string, Set<number>> | null {
  const report = jsonOf(text);
  if (typeof report !== "object" || report === null || Array.isArray(report)) return null;
  const files = new Map(
    Object.entries(fieldsOf(report)).map(([path, file]) => [projectPath(path), fieldsOf(file)]),
  );
  const covered = new Map<string, Set<number>>();
  const left = budget();
  for (const [path, source] of sources) {
    const file = files.get(path);
    const lines = file === undefined ? notLoaded(path) : linesOfFile(file, source, left);
    if (lines !== null) covered.set(path, lines);
  }
  return covered;
}

function notLoaded(path: string): Set<number> | null {
  return code.test(path) && !path.endsWith(".d.ts") && !testFile.test(path) ? new Set() : null;
}

/** `null` where the positions are not those of this source: it was measured after a transformation, or is another version. */
function linesOfFile(file: Fields, source: string, left: Budget): Set<number> | null {
  if (file["inputSourceMap"] !== undefined) return null;
  const statements = regionsOf(file["statementMap"], file["s"], (statement) => statement);
  const functions = regionsOf(file["fnMap"], file["f"], (entry) => fieldsOf(entry["loc"]));
  const lines = linesOf(source);
  // What a function's first line holds beside it runs where the function is made; only what is below belongs to the call.
  const bodies = functions.map(({ start, end, ran }) => ({ start: Math.min(start + 1, end), end, ran }));
  const painted = paint([...bodies, ...statements], lines.length, left);
  if (painted === null) return null;
  const ran = new Set([...painted].flatMap((value, index) => (value === 1 ? [index + 1] : [])));
  for (const region of [...statements, ...functions]) if (region.ran) ran.add(region.start + 1);
  // Imports are no statements to istanbul: they ran when anything of the file did.
  if (ran.size > 0) for (const line of importLines(lines)) ran.add(line);
  return ran;
}

/** Lines as 0-based regions. */
function regionsOf(map: unknown, counts: unknown, location: (entry: Fields) => Fields): readonly Region[] {
  const hits = fieldsOf(counts);
  return Object.entries(fieldsOf(map)).flatMap(([key, entry]) => {
    const { start, end } = fieldsOf(location(fieldsOf(entry)));
    const [first, last, hit] = [fieldsOf(start)["line"], fieldsOf(end)["line"], hits[key]];
    if (!Number.isInteger(first) || !Number.isInteger(last) || typeof hit !== "number") return [];
    return [{ start: Number(first) - 1, end: Number(last), ran: hit > 0 }];
  });
}

const endOfImport = /["'][^"']*["']\s*(?:with\s*\{[^}]*\}\s*)?;?\s*(?:\/\/.*)?$/;
const endOfList = /^export\s*\{[^}]*\};?\s*$|^\};?\s*$/;
/** Characters at the end of a line in which an import's is looked for: a hostile line could else cost the square of its length. */
const endLength = 300;

/** 1-based lines of import declarations that are more than types. */
function importLines(lines: readonly string[]): readonly number[] {
  const found: number[] = [];
  let open = false;
  for (const [index, line] of lines.entries()) {
    if (!open && !/^(?:import\b(?!\s*(?:type\b|\())|export\s*(?:\*|\{))/.test(line)) continue;
    found.push(index + 1);
    open = !endOfImport.test(line.slice(-endLength)) && !endOfList.test(line);
  }
  return found;
}
