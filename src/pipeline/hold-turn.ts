// Giving way: a worker that lost its turn writes nothing more.
import { AppError } from "../core/errors.ts";

/** Throws `turn-lost` when a fenced write was refused: a newer turn carries the work on. */
export function holdTurn(written: boolean): void {
  if (written) return;
  throw new AppError("turn-lost", "Another worker has taken over this pull request.", {
    retryable: false,
    remedy: "Nothing to do: the other worker carries on.",
  });
}

export function turnLost(error: unknown): boolean {
  return error instanceof AppError && error.code === "turn-lost";
}
