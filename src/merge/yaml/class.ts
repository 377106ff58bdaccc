// The class of a merge by key of YAML: which kinds of change it settled, from general to fine.
import type { YamlChange } from "./merge.ts";

/** "yaml/version-choice", "yaml/list/add", … : the riskiest kind of change that occurs names the class. */
export function classOf(changes: readonly YamlChange[]): string {
  const touched = changes.filter(({ kind }) => kind !== "agreed");
  const has = (...kinds: readonly string[]): boolean => touched.some(({ kind }) => kinds.includes(kind));
  if (touched.length === 0) return "yaml/same-content";
  if (has("both-bumped")) return "yaml/version-choice";
  if (touched.some(({ inList }) => inList))
    return has("removed", "changed") ? "yaml/list/edit" : "yaml/list/add";
  if (has("removed")) return "yaml/removed-keys";
  return has("changed") ? "yaml/changed-keys" : "yaml/add-different-keys";
}
