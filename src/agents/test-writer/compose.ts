// Puts tests into a file by code: whole tests of an answer go to its end, imports that they need to its top, and no line that was there changes.
import { endingOf } from "../../merge/lines.ts";
import type { Import } from "./imports.ts";
import type { ImportStyle, NameSource } from "./import-style.ts";
import { renderImports } from "./import-style.ts";
import { readTestFile } from "./test-file.ts";

export interface Composed {
  /** The whole file. */
  readonly text: string;
  readonly imports: readonly Import[];
}

/**
 * `existing` ("" for a new file) with the tests of `added` (statements that are tests or hold some) behind its lines. Names that these use and that neither
 * declares are imported where `source` knows them. `null` where the result does not parse or an existing line would be another.
 */
export async function compose(
  path: string,
  { existing, added, header }: { readonly existing: string; readonly added: string; readonly header: string },
  source: NameSource,
  style: ImportStyle,
): Promise<Composed | null> {
  const before = await readTestFile(path, existing);
  const tests = await readTestFile(path, added);
  if (before === null || tests === null || before.broken || tests.broken) return null;
  const bound = new Set([...before.declared, ...tests.declared, ...before.imports.map(({ local }) => local)]);
  const imports = [...tests.names]
    .filter((name) => !bound.has(name))
    .toSorted()
    .flatMap((name) => source(name) ?? []);
  const ending = endingOf(existing);
  const lines = renderImports(imports, style);
  const text = joinedParts({ existing, at: before.importsEnd, lines, added, header, ending });
  const after = await readTestFile(path, text);
  return after === null || after.broken || !keepsLines(existing, text) ? null : { text, imports };
}

interface Parts {
  readonly existing: string;
  readonly at: number;
  readonly lines: readonly string[];
  readonly added: string;
  readonly header: string;
  readonly ending: string;
}

function joinedParts({ existing, at, lines, added, header, ending }: Parts): string {
  const block = lines.map((line) => line + ending).join("");
  const tests = added.trim().replaceAll("\r\n", "\n").replaceAll("\n", ending) + ending;
  if (existing.trim() === "") {
    const top = header === "" ? block : header + ending + (block === "" ? "" : ending + block);
    return top + (top === "" ? "" : ending) + tests;
  }
  const whole = existing.endsWith("\n") ? existing : existing + ending;
  if (block === "") return whole + ending + tests;
  const lineEnd = at === 0 ? 0 : whole.indexOf("\n", at) + 1;
  return whole.slice(0, lineEnd) + block + whole.slice(lineEnd) + ending + tests;
}

/** Whether each line of the old text is in the new one, in the same order. */
export function keepsLines(before: string, after: string): boolean {
  const lines = after.split("\n");
  let at = 0;
  const old = before.endsWith("\n") ? before.slice(0, -1) : before;
  if (old === "") return true;
  for (const line of old.split("\n")) {
    while (at < lines.length && lines[at] !== line) at += 1;
    if (at >= lines.length) return false;
    at += 1;
  }
  return true;
}
