// The one error class that is thrown: an ending nobody planned for, worded for a person.

export type ErrorCode =
  | "config"
  | "github"
  | "store"
  | "queue"
  | "workspace"
  | "model"
  | "sandbox"
  | "stale-head"
  | "turn-lost"
  | "permission"
  | "input"
  | "bug";

/**
 * Thrown when something unexpected ends a step. Expected endings are values, never errors.
 * `message` says what happened and why; `remedy` says what to do next; `retryable` is all the queue needs to know.
 */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly remedy: string;
  /** Milliseconds to wait before a retry, where the other side named a time (`Retry-After`). */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { retryable: boolean; remedy: string; cause?: unknown; retryAfterMs?: number },
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable;
    this.remedy = options.remedy;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
