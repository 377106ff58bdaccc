// The port to wording: data in, Markdown and check runs out. Pure.
import type { Verb } from "./command.ts";
import type { CheckRun } from "./github.ts";
import type { PullDetails } from "./pull.ts";
import type { Report } from "./report.ts";
import type { PullPhase, Run } from "./run.ts";

/** An answer to a command that made no run of its own. `text` is plain text, escaped by the renderer. */
export type Reply =
  | { readonly kind: "help"; readonly asked: string | null; readonly nearest: Verb | null }
  | { readonly kind: "status"; readonly phase: PullPhase; readonly waiting: number }
  | { readonly kind: "stopped" }
  | { readonly kind: "declined"; readonly actor: string; readonly text: string };

/** Everything the one sticky comment shows. Any part may be absent, not all of them. */
export interface CommentView {
  readonly pull: Pick<PullDetails, "pull" | "base" | "head" | "fromFork"> | null;
  /** What is being done now, newest step last. */
  readonly running: {
    readonly runId: string;
    readonly actor: string;
    readonly verb: Verb;
    readonly steps: readonly string[];
  } | null;
  readonly reply: Reply | null;
  /** The report of the newest run that has ended. */
  readonly report: Report | null;
  /** Ended runs, newest first: a line each. */
  readonly history: readonly Run[];
}

export interface Renderer {
  comment(view: CommentView): string;
  /** The check run on `sha`: the pushed commit, or the head as it was read. Its button names the pull request: for a fork's check GitHub does not. */
  check(report: Report, at: { readonly sha: string; readonly number: number }): CheckRun;
}
