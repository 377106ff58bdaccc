// The port to what must survive a crash. One contract test runs over every driver (test/store/contract.test.ts).
import type { InboxItem } from "./command.ts";
import type { Ledger } from "./ledger.ts";
import type { Remembered, ReplayProgress, RepositoryRef } from "./memory.ts";
import type { PullRef } from "./pull.ts";
import type { PullState, Run } from "./run.ts";

/** A turn at a mailbox. The number grows with every turn taken: a write with an older one is refused. */
export type FencingToken = number;

export interface Store extends Ledger {
  readonly kind: "redis" | "postgres" | "embedded";

  /**
   * Puts an item in its mailbox and remembers the delivery, in one atomic step. The second of two deliveries with the same
   * `deliveryId`, or of two items with the same `itemId`, is a duplicate and changes nothing. Keys are kept 8 days
   * (GitHub redelivers for 3; Enterprise Server for 7).
   * Throws `AppError("store", retryable)` when the store cannot be reached: the delivery was then not accepted.
   */
  accept(deliveryId: string, item: InboxItem): Promise<"accepted" | "duplicate">;

  /** Takes the mailbox's turn: every token given out before is void from now on. */
  takeTurn(mailbox: string): Promise<FencingToken>;
  /** The oldest item, left in place; `null` when the mailbox is empty. */
  peek(mailbox: string): Promise<InboxItem | null>;
  /** Every waiting item, oldest first: how a running worker sees a `stop` behind the command it carries out. */
  listWaiting(mailbox: string): Promise<readonly InboxItem[]>;
  /** Removes an item that has been carried out. `false` when the turn was lost to a newer token: nothing is removed then. */
  done(mailbox: string, itemId: string, token: FencingToken): Promise<boolean>;
  /** Mailboxes with at least one item: what the sweeper wakes. */
  waitingMailboxes(): Promise<readonly string[]>;

  loadRun(id: string): Promise<Run | null>;
  /** Inserts or replaces. `false` when the token is no longer the newest: nothing is written then. */
  saveRun(mailbox: string, token: FencingToken, run: Run): Promise<boolean>;
  /** Runs of a mailbox, newest first. */
  listRuns(mailbox: string, limit: number): Promise<readonly Run[]>;

  loadPull(pull: Omit<PullRef, "installationId">): Promise<PullState | null>;
  /** `false` as in `saveRun`. */
  savePull(mailbox: string, token: FencingToken, state: PullState): Promise<boolean>;
  /** Pull requests of a repository that are remembered in a phase. */
  listPulls(
    repository: { owner: string; repo: string },
    phase: PullState["phase"],
  ): Promise<readonly PullState[]>;

  /** How far the replay of a repository's past merges has come; `null` where it has not begun. */
  loadReplay(repository: Omit<RepositoryRef, "installationId">): Promise<ReplayProgress | null>;
  /** The resolutions that a repository remembers under these keys, in any order. */
  recall(
    repository: Omit<RepositoryRef, "installationId">,
    keys: readonly string[],
  ): Promise<readonly Remembered[]>;
  /**
   * Inserts or replaces the progress and these resolutions, in one step; of more than 2,000 resolutions those of the oldest merges go. The turn is that of
   * `memoryMailbox(repository)`: `false` as in `saveRun`.
   */
  saveReplay(
    repository: RepositoryRef,
    token: FencingToken,
    progress: ReplayProgress,
    resolutions: readonly Remembered[],
  ): Promise<boolean>;

  /**
   * Forgets everything of an installation, or of the named repositories of it: items, runs, states, memories (not delivery keys, which hold
   * no content). With `keepHistory`, only waiting items go: the installation is suspended and may come back.
   * Returns how many waiting items went.
   */
  purge(
    installationId: number,
    options: { repositories?: readonly { owner: string; repo: string }[]; keepHistory: boolean },
  ): Promise<number>;

  /** Throws `AppError("store")` with a remedy when the store is not usable; otherwise says what it is in a few words. */
  health(): Promise<string>;
  close(): Promise<void>;
}

/** Wakes the worker for a mailbox. Carries no command: commands live in the inbox. */
export interface WakeUps {
  /** Throws `AppError("queue", retryable)` when the queue cannot be reached. */
  wake(mailbox: string, options?: { delayMs?: number }): Promise<void>;
  /** Wake-ups waiting, delayed and active. */
  counts(): Promise<{ waiting: number; active: number; delayed: number; failed: number }>;
  close(): Promise<void>;
}

/** One SQL connection: what is sent through it runs in order, and a transaction stays its own. */
export interface SqlSession {
  query(text: string, params?: unknown[]): Promise<{ rows: unknown[]; rowCount?: number | null }>;
  release(destroy?: boolean): void;
}

/** The part of node-postgres' `Pool` that is relied on; the embedded database has the same face. */
export interface SqlPool {
  query(text: string, params?: unknown[]): Promise<{ rows: unknown[]; rowCount?: number | null }>;
  connect(): Promise<SqlSession>;
  end(): Promise<void>;
}

/** Where the queue lives: on the same server as the store, so that there is one thing to run and to back up. */
export type QueueConnection =
  | { readonly kind: "redis"; readonly url: string }
  /** The pool belongs to the store: the queue never ends it. */
  | { readonly kind: "sql"; readonly pool: SqlPool };
