// Effects that a run can end without: GitHub's lasting refusal of one must not hide what happened.
import { AppError } from "../core/errors.ts";

/**
 * Runs an effect. Returns why it failed, in words, when trying again would not help; `null` when it is done.
 * Throws whatever a retry may mend, and a lost turn. `lastTry` takes every failure of GitHub's for final.
 */
export async function permanentFailure(
  effect: () => Promise<unknown>,
  { lastTry = false }: { lastTry?: boolean } = {},
): Promise<string | null> {
  try {
    await effect();
    return null;
  } catch (error) {
    if (!(error instanceof AppError) || (error.code !== "github" && error.code !== "permission")) throw error;
    if (error.retryable && !lastTry) throw error;
    return `${error.message} ${error.remedy}`;
  }
}
