// Which git is installed, and whether it is new enough.
import { simpleGit } from "simple-git";
import { AppError } from "../core/errors.ts";

/** `git merge-tree --write-tree` came with 2.38. */
const minimumGitVersion = "2.38";

/** Whether a version like "2.39.5" is the minimum or newer. */
function isGitNewEnough(version: { readonly major: number; readonly minor: number }): boolean {
  return version.major > 2 || (version.major === 2 && version.minor >= 38);
}

/**
 * The version of git found in `environment.PATH`, as "2.39.5". Throws `AppError("workspace")` when there is none or when it is older
 * than 2.38.
 */
export async function checkGitVersion(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const found = await simpleGit({ timeout: { block: 10_000 } })
    .env({ PATH: environment["PATH"] ?? "", LC_ALL: "C" })
    .version()
    .catch((cause: unknown) => {
      throw unusable("git could not be started.", cause);
    });
  if (!found.installed) throw unusable("git is not installed, or not on the PATH.");
  const text = `${found.major}.${found.minor}.${found.patch}`;
  if (!isGitNewEnough(found)) {
    throw unusable(
      `git ${text} is too old: merging without a work tree needs ${minimumGitVersion} or newer.`,
    );
  }
  return text;
}

function unusable(message: string, cause?: unknown): AppError {
  return new AppError("workspace", message, {
    retryable: false,
    remedy: `Install git ${minimumGitVersion} or newer and restart.`,
    cause,
  });
}
