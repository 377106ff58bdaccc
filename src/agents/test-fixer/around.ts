// What is known around a place: the file's imports, what the function calls, and what the pull request changed in the file.
import type { Trees } from "../../core/suite.ts";
import { unifiedDiff } from "./gates/unified-diff.ts";
import type { Around } from "./show.ts";
import { calleesOf, importBlock } from "./localise/show-place.ts";
import { readText } from "./tree-text.ts";
import type { FixProblem, Place } from "./types.ts";

export async function aroundPlace(
  place: Place,
  { head, base, changed }: Pick<FixProblem, "head" | "base" | "changed">,
  trees: Trees,
): Promise<Around> {
  const { path, text, span } = place;
  const imports = span === null ? "" : await importBlock(text, path);
  const callees = await calleesOf(place, trees, head);
  const isChanged = base !== null && changed.includes(path);
  const [before, after] = isChanged
    ? await Promise.all([readText(trees, base, path), readText(trees, head, path)])
    : [null, null];
  const hunks = before === null || after === null ? "" : unifiedDiff([{ path, before, after }]);
  return { imports, callees, hunks };
}
