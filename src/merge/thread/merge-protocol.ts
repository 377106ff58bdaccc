// What the merge's thread and the rest of the process say to each other: one request, then one reply to it.
import type { ParsedTexts, ResolveOptions } from "../../core/agent.ts";
import type { ConflictedFile, FileResolution } from "../../core/conflict.ts";
import type { MergeLesson, PastMerge } from "../../core/memory.ts";

export type Request =
  | { readonly op: "resolve"; readonly file: ConflictedFile; readonly options?: ResolveOptions }
  | { readonly op: "parse-errors"; readonly path: string; readonly texts: ParsedTexts }
  | { readonly op: "learn"; readonly merge: PastMerge };

export type Reply =
  | { readonly kind: "ready" }
  | { readonly kind: "resolution"; readonly resolution: FileResolution }
  | { readonly kind: "parse-errors"; readonly errors: string | null }
  | { readonly kind: "lesson"; readonly lesson: MergeLesson | null }
  | { readonly kind: "error"; readonly message: string };
