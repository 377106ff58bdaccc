// Calls to GitHub that a run can do without: a lasting refusal of one must not hide what happened.
import { AppError, messageOf } from "../core/errors.ts";

/**
 * Makes a call. Returns why it failed, in words, when trying again would not help; `null` when it is done.
 * Throws whatever a retry may mend, and a lost turn. `lastTry` takes every failure of GitHub's for final.
 */
export async function permanentFailure(
  call: () => Promise<unknown>,
  { lastTry = false }: { lastTry?: boolean } = {},
): Promise<string | null> {
  try {
    await call();
    return null;
  } catch (error) {
    const why = refusalOf(error);
    if (why === null && !(lastTry && isGitHubs(error))) throw error;
    return why ?? messageOf(error);
  }
}

/** GitHub's lasting no, in words; `null` for every other error. */
export function refusalOf(error: unknown): string | null {
  return isGitHubs(error) && !error.retryable ? `${error.message} ${error.remedy}` : null;
}

function isGitHubs(error: unknown): error is AppError {
  return error instanceof AppError && (error.code === "github" || error.code === "permission");
}
