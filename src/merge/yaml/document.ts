// A YAML text merged by key.
import { countErrors } from "../../syntax/yaml.ts";
import { pick } from "../json/clash.ts";
import { joinLines, lineEndings } from "../json/endings.ts";
import type { Sides } from "../json/merge.ts";
import { splitLines, withoutEnding } from "../lines.ts";
import { keepsBoth } from "./check.ts";
import { linesOfBlock, readYaml, sameLines, type YamlFile } from "./items.ts";
import { mergeBlock, type YamlChange } from "./merge.ts";

export interface MergedYaml {
  readonly text: string;
  readonly changes: readonly YamlChange[];
}

/** UTF-16 units the sides may have together: the parser takes up to 1 s for so much, and reads each side more than once. */
const longest = 400_000;
const BOM = "\uFEFF";

/**
 * `null` where the sides want different things of one entry, where a side is not one document of block maps and sequences, where anchors, aliases or
 * tags differ, or where the result would not hold what one side alone changed. The base is "" where both sides added the file.
 */
export function mergeYaml(sides: Sides<string>): MergedYaml | null {
  const texts = [sides.base, sides.ours, sides.theirs];
  if (texts.reduce((sum, text) => sum + text.length, 0) > longest) return null;
  const marked = texts.filter((text) => text !== "");
  if (!marked.some((text) => text.startsWith(BOM))) return mergeTexts(sides);
  if (!marked.every((text) => text.startsWith(BOM))) return null;
  const [base = "", ours = "", theirs = ""] = texts.map((text) => text.slice(1));
  const merged = mergeTexts({ base, ours, theirs });
  return merged && { ...merged, text: BOM + merged.text };
}

function mergeTexts(sides: Sides<string>): MergedYaml | null {
  const merged = mergeSides(sides);
  // Where one side changed nothing the other's blank lines count too.
  if (sides.base === sides.theirs) return merged && { ...merged, text: sides.ours };
  return sides.base === sides.ours ? merged && { ...merged, text: sides.theirs } : merged;
}

function mergeSides(sides: Sides<string>): MergedYaml | null {
  const endings = lineEndings(sides);
  const [base, ours, theirs] = [sides.base, sides.ours, sides.theirs].map(read);
  if (!ours || !theirs || endings === null || (!base && sides.base !== "")) return null;
  const merged = mergeFiles({ base: base ?? undefined, ours, theirs });
  if (merged === null) return null;
  const text = joinLines(merged.lines, endings);
  const isSound = countErrors(text) === 0 && keepsBoth(sides, text);
  return isSound ? { text, changes: merged.changes } : null;
}

interface Files {
  readonly base: YamlFile | undefined;
  readonly ours: YamlFile;
  readonly theirs: YamlFile;
}

function mergeFiles({
  base,
  ours,
  theirs,
}: Files): { lines: string[]; changes: readonly YamlChange[] } | null {
  if ([base, theirs].some((file) => file && !sameLines(file.marks, ours.marks))) return null;
  const head = pick(base?.head, ours.head, theirs.head);
  const tail = pick(base?.tail, ours.tail, theirs.tail);
  const merged = mergeBlock({ base: base?.root, ours: ours.root, theirs: theirs.root });
  if (head === null || tail === null || merged === null) return null;
  return { lines: [...head, ...linesOfBlock(merged.block), ...tail], changes: merged.changes };
}

function read(text: string): YamlFile | null {
  if (text === "" || countErrors(text) > 0) return null;
  return readYaml(splitLines(text).map(withoutEnding));
}
