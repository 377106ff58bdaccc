// The driver that merges whole go.mod files by key.
import type { ConflictedFile, Settlement } from "../../core/conflict.ts";
import { cut } from "../cut.ts";
import { readSides } from "../lockfiles/lock-text.ts";
import type { DrivenFile, FileDriver } from "../tier.ts";
import { mergeGoFile } from "./merge.ts";
import { readGoFile } from "./read.ts";
import { explainGo } from "./why.ts";

export function isGoMod(path: string): boolean {
  return /(?:^|\/)go\.(?:mod|work)$/.test(path);
}

/** go.mod and go.work: all hunks or none; never one module required twice. */
export const goModDriver: FileDriver = { name: "go-mod-file", matches: isGoMod, merge };

function merge(file: ConflictedFile): DrivenFile | null {
  const sides = readSides(file);
  if (sides === null) return null;
  const [base, ours, theirs] = [sides.base ?? [], sides.ours, sides.theirs].map(readGoFile);
  const merged = base && ours && theirs ? mergeGoFile({ base, ours, theirs }) : null;
  const texts = merged && cut(sides.write(merged.lines), file.segments);
  if (merged === null || texts === null) return null;
  const { kind } = merged;
  const settlements = texts.map((text): Settlement => ({
    tier: "semantic",
    class: `go-mod/${kind}`,
    text,
    why: explainGo(kind),
  }));
  return needsTidy(kind) ? { settlements, regeneration: { tool: "go", why: tidyWhy } } : { settlements };
}

/** What a person reads where the modules chosen may ask for others. */
const tidyWhy =
  "The merged requirements may ask for other versions of modules that they use: go mod tidy knows.";

function needsTidy(kind: string): boolean {
  return kind === "higher-version" || kind === "removed-entries";
}
