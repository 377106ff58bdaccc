// A command that a repository has, and where that is known from.
import type { CommandName } from "../../core/checks.ts";

/** Kinds of projects: a change of one kind's sources does not concern the tests of another's. */
export type Ecosystem = "script" | "python" | "go" | "rust" | "any";

export interface DetectedCommand {
  readonly name: CommandName;
  /** As a person would type it, in `folder`. */
  readonly line: string;
  /** Relative to the repository's own; "" is that. */
  readonly folder: string;
  /** The file that it was found in: ".github/agent.yml", "package.json", "go.mod". */
  readonly from: string;
  readonly ecosystem: Ecosystem;
}

/** What one kind of project has in one folder, by name. */
export type Found = ReadonlyMap<CommandName, { readonly line: string; readonly from: string }>;
