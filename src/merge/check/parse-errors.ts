// Whether a merge broke the syntax of a file that its parents did not break.
import { syntaxOf } from "../../syntax/index.ts";

/**
 * Says in a few words how the result parses worse than both parents; `null` when it does not, or when no parser knows the file.
 * A parent that is broken already excuses as many errors in the result.
 */
export async function parseErrors(
  path: string,
  texts: { ours: string; theirs: string; result: string },
): Promise<string | null> {
  const syntax = syntaxOf(path);
  if (!syntax) return null;
  const [ours, theirs, result] = await Promise.all([
    syntax.countErrors(texts.ours),
    syntax.countErrors(texts.theirs),
    syntax.countErrors(texts.result),
  ]);
  if (result <= Math.max(ours, theirs)) return null;
  return `${result} syntax error${result === 1 ? "" : "s"} (${syntax.language}), its parents have ${ours} and ${theirs}`;
}
