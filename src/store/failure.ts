// Turns what a driver throws into the one error the rest of the program understands.
import { AppError, messageOf } from "../core/errors.ts";

const remedies = {
  redis: "Check that Redis is running and that REDIS_URL is right; what GitHub sent can be redelivered.",
  postgres:
    "Check that Postgres is running and that DATABASE_URL is right; what GitHub sent can be redelivered.",
  embedded: "Restart Errand; if it happens again, look at the free space of the data directory.",
} as const;

export type StoreKind = keyof typeof remedies;

/** An `AppError("store")` that a later try may not see again. An `AppError` stays what it is. */
export function storeFailure(kind: StoreKind, what: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  return new AppError("store", `The ${kind} store could not ${what}: ${messageOf(cause)}`, {
    retryable: true,
    remedy: remedies[kind],
    cause,
  });
}

/** Something that was written cannot be read back: trying again will not help. */
export function unreadable(what: string, cause: unknown): AppError {
  return new AppError("store", `${what} in the store is not in a form this version of Errand reads.`, {
    retryable: false,
    remedy: "Run the version of Errand that wrote it, or remove that entry from the store.",
    cause,
  });
}
