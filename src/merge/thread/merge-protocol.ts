// What the merge's thread and the rest of the process say to each other: one request, then one reply to it.
import type { ParsedTexts, ResolveOptions } from "../../core/agent.ts";
import type { ConflictedFile, FileResolution } from "../../core/conflict.ts";
import type { LockSides, LockfileRequest, LockfileVerdict } from "../../core/lockfile.ts";
import type { MergeLesson, PastMerge } from "../../core/memory.ts";

export type Request =
  | { readonly op: "resolve"; readonly file: ConflictedFile; readonly options?: ResolveOptions }
  | { readonly op: "parse-errors"; readonly path: string; readonly texts: ParsedTexts }
  | { readonly op: "learn"; readonly merge: PastMerge }
  | { readonly op: "start-lockfile"; readonly path: string; readonly sides: LockSides }
  | { readonly op: "verify-lockfile"; readonly request: LockfileRequest };

export type Reply =
  | { readonly kind: "ready" }
  | { readonly kind: "resolution"; readonly resolution: FileResolution }
  | { readonly kind: "parse-errors"; readonly errors: string | null }
  | { readonly kind: "lesson"; readonly lesson: MergeLesson | null }
  | { readonly kind: "lockfile-start"; readonly text: string | null }
  | { readonly kind: "lockfile-verdict"; readonly verdict: LockfileVerdict | null }
  | { readonly kind: "error"; readonly message: string };
