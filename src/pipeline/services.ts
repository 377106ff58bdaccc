// Everything the pipeline is handed: no global, no import of an adapter.
import type { Agent, MergeRules } from "../core/agent.ts";
import type { GitHub, GitHubFor } from "../core/github.ts";
import type { Log } from "../core/log.ts";
import type { ModelsFor } from "../core/models.ts";
import type { LoadedPolicy } from "../core/policy.ts";
import type { PullDetails } from "../core/pull.ts";
import type { Renderer } from "../core/render.ts";
import type { SandboxState } from "../core/sandbox.ts";
import type { Store, WakeUps } from "../core/store.ts";
import type { FindResolutions, OpenWorkspace } from "../core/workspace.ts";
import type { ReplayJob } from "./replay.ts";

/** Named places between two effects. A test stops the process at each (test/chaos); in production nothing listens. */
export type Boundary =
  | "turn-taken"
  | "run-begun"
  | "authorised"
  | "acknowledged"
  | "workspace-open"
  | "verified"
  | "before-publish"
  | "after-publish"
  | "after-comment"
  | "after-check";

export interface Limits {
  /** More conflicted files than this are left to a person (docs/configuration.md). */
  readonly maxConflictedFiles: number;
  /** A run that a worker has begun this often is given up: something in it kills workers. */
  readonly maxAttempts: number;
}

export interface Services {
  readonly store: Store;
  readonly wakeUps: Pick<WakeUps, "wake">;
  readonly githubFor: GitHubFor;
  readonly openWorkspace: OpenWorkspace;
  /** How people resolved the hunks of a merge: read after a run, to learn what its answers were worth. */
  readonly findResolutions: FindResolutions;
  /** Removes what this machine keeps of repositories that the app was taken off. */
  readonly forgetMirrors: (repositories: readonly { owner: string; repo: string }[]) => Promise<void>;
  readonly agents: readonly Agent[];
  readonly merge: MergeRules;
  readonly modelsFor: ModelsFor;
  readonly sandbox: SandboxState;
  /** Told of each repository in which a run has ended, for work that nobody waits for. Returns at once, never throws. */
  readonly offerReplay: (job: ReplayJob) => void;
  /** Takes what looks like a secret out of text that is to be kept. */
  readonly redact: (text: string) => string;
  readonly loadPolicy: (github: GitHub, pull: PullDetails) => Promise<LoadedPolicy>;
  readonly render: Renderer;
  readonly limits: Limits;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly reached: (boundary: Boundary) => Promise<void>;
}
