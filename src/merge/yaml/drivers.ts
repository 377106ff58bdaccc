// The driver that merges whole YAML files by key, and the tier that does the same with what can be seen around a hunk.
import type { ConflictedFile, Settlement } from "../../core/conflict.ts";
import { cut } from "../cut.ts";
import { changesByHunk } from "../json/spans.ts";
import { explain } from "../json/why.ts";
import type { DrivenFile, FileDriver, HunkTier } from "../tier.ts";
import { classOf } from "./class.ts";
import { mergeYaml } from "./document.ts";
import { settleFramed } from "./framed.ts";
import type { YamlChange } from "./merge.ts";

/** Any YAML file but a lockfile: all hunks or none. */
export const yamlDriver: FileDriver = { name: "yaml", matches: isYaml, merge };

export const yamlDrivers: readonly FileDriver[] = [yamlDriver];

/** For a hunk seen without its file, and for the other hunks of a file of which one hunk has no answer. */
export const yamlTier: HunkTier = {
  name: "yaml",
  settle: (hunk, context) => {
    const merged = isYaml(context.path) ? settleFramed(hunk, context) : null;
    return merged && settlement(merged.text, merged.changes);
  },
};

function isYaml(path: string): boolean {
  return /\.ya?ml$/i.test(path) && !/(?:^|\/)pnpm-lock\.yaml$/i.test(path);
}

function merge(file: ConflictedFile): DrivenFile | null {
  const merged = mergeYaml({ base: file.base ?? "", ours: file.ours, theirs: file.theirs });
  const texts = merged && cut(merged.text, file.segments);
  if (merged === null || texts === null) return null;
  const changes = changesByHunk(merged.changes, file);
  const settlements = texts.map((text, index) => {
    const own = changes[index] ?? [];
    // A hunk that no change can be placed in is judged as the whole file is.
    return settlement(text, own.length === 0 ? merged.changes : own);
  });
  return { settlements };
}

function settlement(text: string, changes: readonly YamlChange[]): Settlement {
  return { tier: "semantic", class: classOf(changes), text, why: explain(changes) };
}
