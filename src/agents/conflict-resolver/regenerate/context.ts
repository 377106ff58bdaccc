// What writing a file anew needs of the run, and what comes of it.
import type { MergeRules } from "../../../core/agent.ts";
import type { DependencyMount, Sandbox } from "../../../core/sandbox.ts";
import type { Blob, Workspace } from "../../../core/workspace.ts";

export interface RegenerateContext {
  readonly sandbox: Pick<Sandbox, "run">;
  readonly workspace: Pick<
    Workspace,
    "gitTree" | "conflicts" | "conflictedFile" | "readBlob" | "readTree" | "listTree" | "treeWith" | "archive"
  >;
  /** Every conflicted path that is settled so far; `null` is a deletion. */
  readonly results: ReadonlyMap<string, Blob | null>;
  readonly merge: Pick<MergeRules, "parseErrors" | "startLockfile" | "verifyLockfile">;
  readonly signal: AbortSignal;
  /** Progress for people: one line per step. Never throws. */
  readonly record: (event: { readonly step: string; readonly detail: string }) => void;
}

/** For a rule of the config: what its command finds installed. Asked for only once its sources are settled. */
export interface RuleContext extends RegenerateContext {
  readonly installed: (tree: string) => Promise<Installed>;
}

interface Installed {
  readonly cache: DependencyMount | null;
  readonly environment: Readonly<Record<string, string>>;
}

export type Regenerated =
  | {
      readonly kind: "written";
      /** Class of the row: "lockfile/npm/regenerated", "rule/regenerated". */
      readonly class: string;
      /** What came back, the path in question among it. Modes are the merge's, or the tree's own. */
      readonly files: ReadonlyMap<string, Uint8Array>;
      /** "name@version" of packages that neither parent's lockfile has: for a person to see before it is pushed. Hostile text. */
      readonly fromNeither: readonly string[];
      /** Versions that a parent raised and the result has lower, a few words each: for a person to see too. Hostile text. */
      readonly lowered: readonly string[];
      /** One or two sentences for a person. */
      readonly summary: string;
    }
  /** One or two sentences for a person: what was in the way, and what to do where there is something. */
  | { readonly kind: "failed"; readonly why: string };

/** Characters of a tool's own words that a sentence carries. */
const mostWords = 300;

/** The last lines of what a program wrote that say anything, for people. Hostile text. */
export function lastWords(output: string): string {
  const lines = output
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const errors = lines.filter((line) => /\berr(?:or)?\b/i.test(line));
  const words = (errors.length > 0 ? errors.slice(0, 3) : lines.slice(-3)).join(" ");
  return words.length > mostWords ? `${words.slice(0, mostWords)}…` : words;
}
