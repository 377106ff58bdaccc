// Why something of a check could not be read, in one sentence for people: nothing of it ends a run.
import { toAppError } from "../failure.ts";
import type { Failure } from "../failure.ts";

export interface Wanted {
  /** As it stands in a sentence: "the log", "the archive report". */
  readonly what: string;
  /** Name and level as GitHub's settings page has them. */
  readonly needs: string;
}

export function troubleOf(failure: Failure, { what, needs }: Wanted): string {
  if (failure.kind === "permission")
    return `GitHub does not let this app read ${what}: grant it "${needs}" (the app's settings, Permissions & events; the owner of the installation then accepts).`;
  if (failure.kind === "missing")
    return `GitHub has no ${what.replace(/^the /, "")}, or has it no more, or hides it from an app without "${needs}".`;
  return toAppError(failure, { doing: `reading ${what}`, needs }).message;
}
