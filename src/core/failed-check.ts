// A check that failed on a commit, with what GitHub knows of it: reduced, bounded, hostile text.
import type { TestResult } from "./checks.ts";

export interface CheckAnnotation {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly level: "notice" | "warning" | "failure";
  readonly message: string;
}

export interface FailedCheck {
  readonly id: number;
  readonly name: string;
  /** The app that wrote it, by its slug: "github-actions"; `null` where GitHub names none. */
  readonly app: string | null;
  readonly conclusion: "failure" | "timed_out" | "cancelled" | "action_required" | "startup_failure";
  /** For people; "" where there is none. */
  readonly url: string;
  /** At most 100. */
  readonly annotations: readonly CheckAnnotation[];
  /** The failed step of the log, without time stamps and colours, at most 64 KiB; `null` where there is none: `trouble` says why. */
  readonly log: string | null;
  /** Name of the failed step; `null` where it is not known. */
  readonly step: string | null;
  /** Results in JUnit-like files among the workflow's artifacts. */
  readonly results: readonly TestResult[];
  /** Sentences on what could not be read, and why; "" where all was. */
  readonly trouble: string;
  /** The job of GitHub Actions, which can be run again; `null` for other apps' checks. */
  readonly jobId: number | null;
  /** How many times the job was started, this time among them; left out where that is not known. */
  readonly attempt?: number;
}

/** What all checks of a commit come to, ours left out. */
export interface CheckSummary {
  /** Checks that have not ended. */
  readonly pending: number;
  /** Names of those that failed, each once. */
  readonly failed: readonly string[];
  readonly passed: number;
}

/** What a failed check is about. */
export const failureKinds = ["test", "type", "lint", "install", "infrastructure", "unknown"] as const;
export type FailureKind = (typeof failureKinds)[number];
