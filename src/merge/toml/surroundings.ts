// Where in a TOML file a hunk stands, read from the lines around it.
import { readTomlElements, readTomlParts } from "../../syntax/toml-parts.ts";
import { splitLines } from "../lines.ts";
import { nameOf } from "./entry.ts";

/** What the clean lines around a hunk say about it. */
export interface TomlSurroundings {
  /** The dotted name of the nearest table above; "" if there is none to be seen. */
  readonly table: string;
  /** Names in the hunk's own table, before it and after it, as far as they can be seen. */
  readonly names: { readonly before: readonly string[]; readonly after: readonly string[] };
  /** The lines of elements right before and after it. */
  readonly elements: readonly string[];
  /** Whether the line right above is a comment: it may be about the hunk's first entry. */
  readonly underComment: boolean;
  /** Whether the next line that says anything is a header, or nothing follows. */
  readonly endsTable: boolean;
  /** Whether the next line that says anything closes a list. */
  readonly endsList: boolean;
}

const HEADER = /^\s*\[.*\]\s*(?:#.*)?$/;
const LONG_STRING = /"""|'''/;

/** `null` where the hunk may stand in a string of many lines. */
export function tomlSurroundings(before: string, after: string, hunk: string): TomlSurroundings | null {
  const [above, below] = [splitLines(before), splitLines(after)];
  const header = above.findLastIndex((line) => headerOf(line) !== null);
  const read = header === -1 ? null : readTomlParts(above.slice(header).join(""));
  if (LONG_STRING.test(before + after + hunk) && read === null) return null;
  const next = below.find((line) => line.trim() !== "" && !line.trim().startsWith("#"));
  const end = below.findIndex((line) => HEADER.test(line));
  return {
    table: headerOf(above[header] ?? "") ?? "",
    names: {
      before: namesOf(above.slice(header + 1)),
      after: namesOf(end === -1 ? below : below.slice(0, end)),
    },
    elements: [...trailingElements(above), ...leadingElements(below)],
    underComment: above.at(-1)?.trim().startsWith("#") ?? false,
    endsTable: next === undefined || headerOf(next) !== null,
    endsList: next?.trim().startsWith("]") ?? false,
  };
}

/** The table that a line opens; `null` for any other line. An element of a list, `["a"],`, is none. */
function headerOf(line: string): string | null {
  const [part] = (HEADER.test(line) ? readTomlParts(line)?.parts : undefined) ?? [];
  return part?.kind === "header" ? nameOf(part.path) : null;
}

/** Names of the entries that begin on these lines. */
function namesOf(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const [, name] = /^\s*([A-Za-z0-9_-]+|"[^"\\]*")\s*=/.exec(line) ?? [];
    return name === undefined ? [] : [name.startsWith('"') ? nameOf([name.slice(1, -1)]) : name];
  });
}

function isElement(line: string): boolean {
  return (readTomlElements(line)?.children.length ?? 0) === 1;
}

function trailingElements(lines: readonly string[]): string[] {
  const start = lines.findLastIndex((line) => !isElement(line));
  return lines.slice(start + 1);
}

function leadingElements(lines: readonly string[]): string[] {
  const end = lines.findIndex((line) => !isElement(line));
  return lines.slice(0, end === -1 ? lines.length : end);
}
