// What is known around a place: the file's imports, what the function calls, and what the pull request changed in the file.
import type { Trees } from "../../core/suite.ts";
import { callsIn, functionsIn } from "../../syntax/functions.ts";
import type { FunctionSpan } from "../../syntax/functions.ts";
import { importsIn } from "../../syntax/imports.ts";
import { unifiedDiff } from "./gates/unified-diff.ts";
import type { Around } from "./show.ts";
import { readText } from "./tree-text.ts";
import type { FixProblem, Place } from "./types.ts";

export async function aroundPlace(
  place: Place,
  { head, base, changed }: Pick<FixProblem, "head" | "base" | "changed">,
  trees: Trees,
): Promise<Around> {
  const { path, text, span } = place;
  const imports = span === null ? "" : (await importsIn(path, text)).block;
  const callees = span === null ? [] : await calleesIn(text, span);
  const isChanged = base !== null && changed.includes(path);
  const [before, after] = isChanged
    ? await Promise.all([readText(trees, base, path), readText(trees, head, path)])
    : [null, null];
  const hunks = before === null || after === null ? "" : unifiedDiff([{ path, before, after }]);
  return { imports, callees: callees.join("\n"), hunks };
}

/** Signatures of the file's own functions that this one calls. */
async function calleesIn(text: string, span: FunctionSpan): Promise<readonly string[]> {
  const called = new Set(await callsIn(span));
  const own = (await functionsIn(span.path, text)).filter(({ start }) => start !== span.start);
  return own
    .filter(({ name }) => called.has(name.slice(name.lastIndexOf(".") + 1)))
    .map(({ signature }) => signature);
}
