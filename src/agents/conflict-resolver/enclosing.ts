// Which lines a hunk stands inside of, read from indentation alone: any language, and any text that only looks like one.
import { splitLines } from "../../merge/lines.ts";

/** Lines above the hunk that are looked at. */
const mostLinesAbove = 500;
const mostEnclosing = 2;
const longestShown = 120;

const indentOf = (line: string): number => /^[ \t]*/.exec(line)?.[0].replaceAll("\t", "    ").length ?? 0;
/** Comments, and lines that only close or go on with what was begun above. */
const opensNothing = /^\s*(?:[\]})#*]|\/[/*]|--|<!--|else\b|case\b|default\b)/;

/** At most two lines, the outermost first: each is the nearest one above that is indented less. In Markdown the nearest heading. */
export function enclosingLines(above: string, hunk: string, path: string): string[] {
  const lines = splitLines(above).slice(-mostLinesAbove).reverse();
  if (/\.(?:mdx?|markdown)$/i.test(path)) {
    const heading = lines.find((line) => /^#{1,6} /.test(line));
    return heading === undefined ? [] : [shown(heading)];
  }
  const first = splitLines(hunk).find((line) => line.trim() !== "");
  let indent = first === undefined ? 0 : indentOf(first);
  const found: string[] = [];
  for (const line of lines) {
    if (indent === 0 || found.length === mostEnclosing) break;
    if (line.trim() === "" || indentOf(line) >= indent || opensNothing.test(line)) continue;
    indent = indentOf(line);
    found.unshift(shown(line));
  }
  return found;
}

const shown = (line: string): string => line.trim().slice(0, longestShown);
