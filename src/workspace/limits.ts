// The bounds of the workspace in one place.

export interface WorkspaceLimits {
  /** Largest file, in bytes, that is read, merged or written. Larger ones are for a person. */
  readonly blobBytes: number;
  /** Most bytes of file contents that one fetch may bring before it is split. */
  readonly fetchBytes: number;
  /** Most bytes of history (commits and trees) that one fetch may bring. */
  readonly historyBytes: number;
  /** Milliseconds for a git call that stays on this machine. */
  readonly localMs: number;
  /** Milliseconds for a git call that goes over the network. */
  readonly networkMs: number;
}

/** 5 MB is what the design lets cross planes; the rest is generous: a hang is what they are there to end. */
export const defaultLimits: WorkspaceLimits = {
  blobBytes: 5 * 1024 * 1024,
  fetchBytes: 256 * 1024 * 1024,
  historyBytes: 8 * 1024 * 1024 * 1024,
  localMs: 120_000,
  networkMs: 600_000,
};
