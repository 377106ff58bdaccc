// What a suite is opened with.
import type { Commands } from "../../core/checks.ts";
import type { DependencyMount, SandboxLimits, SandboxState } from "../../core/sandbox.ts";
import type { ReportFormat } from "../reports/index.ts";
import type { Prepared } from "../run/ground.ts";
import type { RunTrees } from "../run/read-tree.ts";

interface SuiteOptions {
  readonly sandbox: SandboxState;
  readonly trees: RunTrees;
  /** The tree whose commands are trusted: the base's (decision 0032). */
  readonly detectOn: string;
  readonly signal: AbortSignal;
  /** Progress for people. */
  readonly record: (event: { readonly step: string; readonly detail: string }) => void;
}

/** A repository's suite: its commands are detected, its dependencies installed. */
export interface OpenSuiteOptions extends SuiteOptions {
  /** What the repository's agent.yml says; what is absent is detected on `detectOn`. */
  readonly commands: Commands;
  /** "owner/name": what is installed for one is never another's. */
  readonly repository: string;
  /** Makes a tree ready to be run; left out: by installing what its lockfiles name. */
  readonly prepare?: (tree: string) => Promise<Prepared>;
}

/** One test command that somebody gives. Nothing is installed, nothing is detected but the runner in the line. */
export interface CommandSuiteOptions extends SuiteOptions {
  /** As a person would type it in `folder`. */
  readonly line: string;
  /** Relative; "" is the repository's own folder. */
  readonly folder: string;
  /** Dependencies that lie installed on this machine; `null`: none. */
  readonly cache: DependencyMount | null;
  /** Variables of every run. Never a secret. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where the runner in the line is not known: the line writes a report of this format to the path in this variable. */
  readonly report?: { readonly format: ReportFormat; readonly variable: string };
  /** What one run may use, beside the sandbox's own limits. */
  readonly limits?: Partial<SandboxLimits>;
}
