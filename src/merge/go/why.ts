// One sentence for a person: what a merge of go.mod did.
import type { MergedGo } from "./merge.ts";

const words: Readonly<Record<MergedGo["kind"], string>> = {
  "higher-version":
    "Merged by module: where both sides chose another version the higher was taken; every other change was kept.",
  "removed-entries": "Merged by module: one side removed what the other left alone; every change was kept.",
  "changed-entries": "Merged by module: the sides changed different modules; every change was kept.",
  "added-entries": "Merged by module: the sides added different modules; all were kept.",
  "same-content": "Merged by module: both sides require the same modules.",
};

export function explainGo(kind: MergedGo["kind"]): string {
  return words[kind];
}
