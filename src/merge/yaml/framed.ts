// A hunk of a YAML file merged with the lines around it that make it a whole.
import type { Hunk } from "../../core/conflict.ts";
import { countErrors } from "../../syntax/yaml.ts";
import { splitLines } from "../lines.ts";
import type { HunkContext } from "../tier.ts";
import { mergeYaml, type MergedYaml } from "./document.ts";

/** `null` where the lines around do not show what the hunk stands in, or would have to change. */
export function settleFramed(hunk: Hunk, context: HunkContext): MergedYaml | null {
  const { before, after } = frameOf(hunk, context);
  const whole = (side: string): string => before + side + after;
  const base = soundBase(hunk.base, whole);
  if (base === null || before + after === "") return null;
  const merged = mergeYaml({ base, ours: whole(hunk.ours), theirs: whole(hunk.theirs) });
  if (merged === null || merged.text.length < before.length + after.length) return null;
  if (!merged.text.startsWith(before) || !merged.text.endsWith(after)) return null;
  const text = merged.text.slice(before.length, merged.text.length - after.length);
  return text === "" || text.endsWith("\n") ? { ...merged, text } : null;
}

/** Lines at an end of the base that both sides may have changed alike. */
const mostCut = 3;

/**
 * The base between the lines around. What both sides changed alike was cut off them and stands in the lines around, but not off the base: there it would
 * be a name that a map has twice. `null` where more is wrong than that.
 */
function soundBase(base: string, whole: (side: string) => string): string | null {
  const lines = splitLines(base);
  for (let cut = 0; cut <= Math.min(mostCut, lines.length); cut++) {
    const texts = [lines.slice(cut), lines.slice(0, lines.length - cut)].map((kept) => whole(kept.join("")));
    const sound = texts.find((text) => text === "" || countErrors(text) === 0);
    if (sound !== undefined) return sound;
  }
  return null;
}

/** From the first of the outermost lines above, to before the first line below that stands further out. */
function frameOf({ base, ours, theirs }: Hunk, context: HunkContext): { before: string; after: string } {
  const above = splitLines(context.before);
  const own = least(splitLines(base + ours + theirs));
  const outermost = least(above);
  const depth = Math.min(own, outermost);
  const said = above.reduce((end, line, at) => (line.trim() === "" ? end : at + 1), 0);
  const start = outermost > own ? said : above.findIndex((line) => depthOf(line) === outermost);
  const below = splitLines(context.after);
  const end = below.findIndex((line) => depthOf(line) < depth);
  return {
    before: above.slice(start === -1 ? above.length : start).join(""),
    after: below.slice(0, end === -1 ? undefined : end).join(""),
  };
}

const least = (lines: readonly string[]): number =>
  lines.map(depthOf).reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);

/** Blanks in front; a blank line or a comment stands nowhere. */
function depthOf(line: string): number {
  const text = line.trimStart();
  return text === "" || text.startsWith("#") ? Number.POSITIVE_INFINITY : line.length - text.length;
}
