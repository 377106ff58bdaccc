// The contract of a sub-agent and of a verifier. Capabilities arrive as arguments; nothing is global.
import type { KeptSettlement, Outcome, Task, Verdict } from "./task.ts";
import type { Models } from "./models.ts";
import type { Conflict, ConflictedFile, FileResolution, SettledSibling } from "./conflict.ts";
import type { LockSides, LockfileRequest, LockfileVerdict } from "./lockfile.ts";
import type { LocalCounts, MergeLesson, PastMerge, Remembered } from "./memory.ts";
import type { Policy } from "./policy.ts";
import type { SandboxState } from "./sandbox.ts";
import type { FailedCheck } from "./failed-check.ts";
import type { KeptEdits } from "./fix.ts";
import type { Errand } from "./command.ts";
import type { Workspace } from "./workspace.ts";

/** What is known before any agent runs. Plain data. */
export interface PullFacts {
  /** What was asked for; of `apply`, what the proposal is of. */
  readonly errand: Errand;
  /** Of `write-tests`, a path to look at alone. */
  readonly args: readonly string[];
  readonly headSha: string;
  readonly baseSha: string;
  readonly conflicts: readonly Conflict[];
  readonly policy: Policy;
}

/** A result and what it was made of, as text. */
export interface ParsedTexts {
  readonly ours: string;
  readonly theirs: string;
  readonly result: string;
}

export interface ResolveOptions {
  /** How this repository resolved the same three sides of these hunks before. */
  readonly memory?: readonly Remembered[];
  /** Hunks of the merge's other files that are settled for certain. */
  readonly siblings?: readonly SettledSibling[];
}

/** The rules that settle conflicts. Files are hostile: what takes too long is given up. */
export interface MergeRules {
  /** Settles what can be settled. Never rejects for what a file holds. */
  readonly resolve: (file: ConflictedFile, options?: ResolveOptions) => Promise<FileResolution>;
  /** How the result parses worse than both of its parents; `null` when it does not, or when no parser knows the file. */
  readonly parseErrors: (path: string, texts: ParsedTexts) => Promise<string | null>;
  /** What a past merge teaches; `null` when its files take too long. */
  readonly learn: (merge: PastMerge) => Promise<MergeLesson | null>;
  /** Both sides' entries in one text for the lockfile's tool to put right; `null` where the sides do not read, no tool can use it, or it takes too long. */
  readonly startLockfile: (path: string, sides: LockSides) => Promise<string | null>;
  /** Whether a lockfile that a tool has written may be believed; `null` when it takes too long. */
  readonly verifyLockfile: (request: LockfileRequest) => Promise<LockfileVerdict | null>;
}

/** What a repository's own past merges have taught. */
export interface RepositoryMemory {
  /** How often each rule agreed with the developers here. */
  readonly counts: LocalCounts;
  /** The resolutions remembered under these keys (src/merge/memory.ts). */
  readonly recall: (keys: readonly string[]) => Promise<readonly Remembered[]>;
}

export interface AgentContext {
  readonly workspace: Workspace;
  readonly merge: MergeRules;
  readonly memory: RepositoryMemory;
  readonly models: Models;
  /** What was settled at a price in an earlier attempt at this run, in earlier runs on the same two commits, or in the proposal that is to be applied. */
  readonly settlements: readonly KeptSettlement[];
  /** Keeps such a settlement with the run before anything else is asked or run. */
  readonly keepSettlement: (settlement: KeptSettlement) => Promise<void>;
  /** Edits that passed their gates in an earlier attempt at this run, or in the proposal that is to be applied; `null` where there are none. */
  readonly keptEdits: KeptEdits | null;
  /** Keeps such edits with the run. */
  readonly keepEdits: (edits: KeptEdits) => Promise<void>;
  /** Checks of others that failed on the head; empty where the errand is about none. */
  readonly failedChecks: readonly FailedCheck[];
  /** Starts the job of a failed check again; `false` where GitHub refuses. */
  readonly rerunJob: (jobId: number) => Promise<boolean>;
  /** A person has seen this very result and wants it: models are not asked, and no bar stands against it. */
  readonly approved: boolean;
  readonly policy: Policy;
  /** Whether the repository's code can be run, and with what. */
  readonly sandbox: SandboxState;
  /** "owner/name": dependencies that were installed for one repository are never another's. */
  readonly repository: string;
  readonly signal: AbortSignal;
  /** Progress for people: one line per step. Never throws. */
  readonly record: (event: { readonly step: string; readonly detail: string }) => void;
}

/** `propose` is pure. `run` writes to the workspace and says what it did; it never decides what is kept. */
export interface Agent {
  readonly name: string;
  /** Lower runs first: conflicts block tests, tests block guidelines. */
  readonly order: number;
  propose(facts: PullFacts): Task[];
  run(task: Task, context: AgentContext): Promise<Outcome>;
  readonly verifiers: readonly Verifier[];
}

/** Judges what an agent wrote. Never changes it; must not throw for bad input of the repository. */
export interface Verifier {
  readonly name: string;
  verify(task: Task, outcome: Outcome, context: AgentContext): Promise<Verdict>;
}
