// A merged file as the judge is handed it.
import type { ConflictedFile } from "../../core/conflict.ts";
import type { JudgedMerge } from "./judge/index.ts";

/** The merged file with these texts for its hunks, as the judge looks at it. */
export function judgedFile(file: ConflictedFile, texts: readonly string[]): JudgedMerge {
  let hunk = 0;
  const parts = file.segments.map((segment) =>
    segment.kind === "clean" ? segment.text : (texts[hunk++] ?? ""),
  );
  return {
    path: file.path,
    base: file.base ?? "",
    ours: file.ours,
    theirs: file.theirs,
    layout: file.segments.map((segment) => (segment.kind === "clean" ? segment.text : null)),
    result: parts.join(""),
    planted: [],
  };
}
