// The large model may answer with SEARCH/REPLACE blocks: text that stands in a file once, and what stands there instead.
import { stripHidden } from "../../../core/prompt.ts";
import { mostChangedFiles } from "../gates/cheap-gate.ts";
import { textOf } from "./line-ends.ts";

export interface Block {
  readonly path: string;
  readonly search: string;
  readonly replace: string;
}

export type ReadBlocks =
  | { readonly kind: "none" }
  | { readonly kind: "blocks"; readonly blocks: readonly Block[] }
  | { readonly kind: "malformed"; readonly why: string };

const head = /^<{5,9} ?SEARCH\s*$/;
const middle = /^={5,9}\s*$/;
const tail = /^>{5,9} ?REPLACE\s*$/;

interface Reading {
  readonly blocks: Block[];
  path: string | null;
  state: "outside" | "search" | "replace";
  search: string[];
  replace: string[];
}

/** The blocks of an answer, with or without fences around them; the line above the first of a file names it. */
export function readBlocks(answer: string): ReadBlocks {
  const reading: Reading = { blocks: [], path: null, state: "outside", search: [], replace: [] };
  for (const line of answer.replaceAll("\r\n", "\n").split("\n")) {
    const fault = take(line, reading);
    if (fault !== null) return { kind: "malformed", why: fault };
  }
  if (reading.state !== "outside")
    return { kind: "malformed", why: "A SEARCH/REPLACE block was not closed." };
  const { blocks } = reading;
  if (blocks.length === 0) return { kind: "none" };
  if (new Set(blocks.map(({ path }) => path)).size > mostChangedFiles)
    return { kind: "malformed", why: `The answer changes more than ${mostChangedFiles} files.` };
  if (blocks.some(({ search, replace }) => stripHidden(search + replace) !== search + replace))
    return { kind: "malformed", why: "The answer held characters that cannot be seen." };
  return { kind: "blocks", blocks };
}

/** Reads one line; what is wrong with it, or `null`. */
function take(line: string, reading: Reading): string | null {
  switch (reading.state) {
    case "outside":
      return takeOutside(line, reading);
    case "search":
      if (head.test(line) || tail.test(line)) return "A SEARCH/REPLACE block had no ======= in it.";
      if (middle.test(line)) reading.state = "replace";
      else reading.search.push(line);
      return null;
    case "replace":
      if (head.test(line)) return "A SEARCH/REPLACE block was not closed.";
      if (tail.test(line)) close(reading);
      else reading.replace.push(line);
      return null;
  }
}

function takeOutside(line: string, reading: Reading): string | null {
  if (!head.test(line)) {
    reading.path = pathIn(line) ?? reading.path;
    return null;
  }
  if (reading.path === null) return "A SEARCH/REPLACE block had no path above it.";
  reading.state = "search";
  reading.search = [];
  reading.replace = [];
  return null;
}

function close(reading: Reading): void {
  const { path, search, replace } = reading;
  reading.blocks.push({ path: path ?? "", search: textOf(search), replace: textOf(replace) });
  reading.state = "outside";
}

const longestPath = 400;

/** A line that may be a path: no spaces in it but for what stands around it, and a dot or a slash. */
function pathIn(line: string): string | null {
  const bare = line
    .trim()
    .replace(/^[`*#:"' ]{1,10}/, "")
    .replace(/[`*#:"' ]{1,10}$/, "");
  if (bare === "" || bare.length > longestPath || /\s/.test(bare) || !/[./]/.test(bare)) return null;
  return bare.startsWith("./") ? bare.slice(2) : bare;
}
