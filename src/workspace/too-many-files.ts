// The refusal of a merge that is too large to be looked at.
import { AppError } from "../core/errors.ts";

const remedy = "Merge it by hand, or in smaller steps.";

/** The error for a merge that changes more than `paths` files. */
export function tooManyFiles(paths: number): AppError {
  return new AppError(
    "workspace",
    `This merge changes more files than Errand takes on (${shown(paths)} on a side).`,
    { retryable: false, remedy },
  );
}

/** The error for a merge that leaves more than `paths` files in conflict. */
export function tooManyConflicts(paths: number): AppError {
  return new AppError(
    "workspace",
    `This merge has more files in conflict than Errand takes on (${shown(paths)}).`,
    { retryable: false, remedy },
  );
}

/** The error for a merge whose list of files has more than `bytes`. */
export function listTooLong(bytes: number): AppError {
  return new AppError(
    "workspace",
    `The list of files that this merge touches is longer than Errand takes on (${shown(bytes)} bytes).`,
    { retryable: false, remedy },
  );
}

/** The error for directories that are nested more than `levels` deep. */
export function tooDeep(levels: number): AppError {
  return new AppError(
    "workspace",
    `This merge changes directories that are nested more than ${levels} deep.`,
    {
      retryable: false,
      remedy,
    },
  );
}

const shown = (count: number) => count.toLocaleString("en");
