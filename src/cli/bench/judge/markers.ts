// Conflict markers in a result, by the judge's own scan.
import { linesOf, withoutEnd } from "./lines.ts";

const markCharacters = "<|=>";
/** Git writes seven, or more where a file has seven of its own. */
const leastRun = 7;

/** Lines that could be markers: a run of one marker character at the start, alone or with words behind it. */
function markerLines(text: string): string[] {
  return linesOf(text)
    .map(withoutEnd)
    .filter((line) => {
      const mark = line.charAt(0);
      if (mark === "" || !markCharacters.includes(mark)) return false;
      let run = 1;
      while (line.charAt(run) === mark) run++;
      return run >= leastRun && (run === line.length || /\s/.test(line.charAt(run)));
    });
}

/** Markers that the result has more often than its parents together: headings may be underlined with "=======", and both may have brought one. */
export function addedMarkers(result: string, parents: readonly string[]): string[] {
  const known = parents.map(markerLines);
  const found = markerLines(result);
  const times = (lines: readonly string[], wanted: string) => lines.filter((line) => line === wanted).length;
  return [...new Set(found)].filter(
    (line) => times(found, line) > known.reduce((sum, lines) => sum + times(lines, line), 0),
  );
}
