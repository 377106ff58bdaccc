// What went wrong with a call of a model: plain data first, from there the words for a person.
import { z } from "zod";
import { AppError } from "../../core/errors.ts";
import type { ModelName } from "../../core/model.ts";
import { modelNameText } from "../../core/model.ts";

const words = [
  "no key",
  "no endpoint",
  "wrong key",
  "no credit",
  "unknown model",
  "context overflow",
  "refused request",
  "rate limited",
  "overloaded",
  "server error",
  "unreachable",
  "redirected",
  "timed out",
  "answer too large",
  "not JSON",
  "not an answer",
  "failed",
] as const;
type FailureWord = (typeof words)[number];

/** A failed call without key, prompt or body: what an `AppError("model")` has as its `cause`. */
export interface ModelFailure {
  readonly word: FailureWord;
  /** HTTP status; `null` when no answer came. */
  readonly status: number | null;
  /** The server's own sentence, or what the network said: one line of at most 200 characters, "" when there is none to show. */
  readonly said: string;
  /** Milliseconds until another try; `null` where the server named no time. */
  readonly retryAfterMs: number | null;
  /** Fields that the server does not know, and that will be left out from now on. */
  readonly leftOut: readonly string[];
  /** Whether the server may have worked on it all the same: what it cost is not known then. */
  readonly mayBeBilled: boolean;
}

/** Whose failure it is: enough to tell a person what to mend. */
export interface Addressee {
  readonly name: ModelName;
  /** The variable that its key comes from. */
  readonly keyVariable: string;
}

/** Where an operator's own servers are named. */
const endpointsVariable = "ERRAND_ENDPOINTS";

/** A failure about which nothing more is known than its kind. */
export function failure(word: FailureWord, known: Partial<ModelFailure> = {}): ModelFailure {
  return {
    word,
    status: null,
    said: "",
    retryAfterMs: null,
    leftOut: [],
    mayBeBilled: false,
    ...known,
  };
}

const Cause = z.object({ word: z.enum(words), mayBeBilled: z.boolean() });

/** In a word or two why a call has no answer, for the ledger: "failed" for anything that no client threw. */
export function failureWord(error: unknown): string {
  return causeOf(error)?.word ?? "failed";
}

/** Whether a call that failed may have cost something: answers that could not be read, and requests of which nothing came back. */
export function mayHaveBeenBilled(error: unknown): boolean {
  return causeOf(error)?.mayBeBilled ?? true;
}

function causeOf(error: unknown): z.infer<typeof Cause> | null {
  const cause = Cause.safeParse(error instanceof AppError ? error.cause : null);
  return cause.success ? cause.data : null;
}

/** The failure in words: what, why, and what to do next. */
export function toAppError(failed: ModelFailure, addressee: Addressee): AppError {
  const { message, remedy, retryable } = explanations[failed.word](failed, addressee);
  return new AppError("model", `${modelNameText(addressee.name)} ${message}${quoted(failed)}`, {
    retryable,
    remedy,
    cause: failed,
    ...(failed.retryAfterMs !== null && { retryAfterMs: failed.retryAfterMs }),
  });
}

const quoted = ({ said }: ModelFailure): string => (said === "" ? "." : `: "${said}".`);
const answered = ({ status }: ModelFailure): string => (status === null ? "" : ` (${status})`);

interface Explanation {
  readonly message: string;
  readonly remedy: string;
  readonly retryable: boolean;
}

/** Read by people only when no further try has helped. */
const later = "Give the command again later";

const again = (message: string, remedy = `${later}.`): Explanation => ({
  message,
  remedy,
  retryable: true,
});
const final = (message: string, remedy: string): Explanation => ({ message, remedy, retryable: false });

const isOwn = ({ name }: Addressee): boolean => name.endpoint !== null;

const explanations: Record<FailureWord, (failed: ModelFailure, addressee: Addressee) => Explanation> = {
  "no key": (_failed, { keyVariable }) =>
    final(`cannot be asked, because ${keyVariable} is not set`, `Set ${keyVariable}, or name another model.`),
  "no endpoint": () =>
    final(
      `cannot be asked, because ${endpointsVariable} names no such server`,
      `Add it to ${endpointsVariable} as NAME=URL, or name another model.`,
    ),
  "wrong key": (failed, { keyVariable }) =>
    final(
      `was refused: the key in ${keyVariable} is not accepted${answered(failed)}`,
      `Check the key in ${keyVariable}, and that it may use this model.`,
    ),
  "no credit": (failed, { keyVariable }) =>
    final(
      `was refused: the account behind ${keyVariable} has no credit${answered(failed)}`,
      "Add credit with the provider, or name another model.",
    ),
  "unknown model": (failed, addressee) =>
    final(
      `is not known to its server${answered(failed)}`,
      isOwn(addressee)
        ? `Check the model's name, and the server's address in ${endpointsVariable}.`
        : "Check the model's name: it may have been retired.",
    ),
  "context overflow": (failed) =>
    final(
      `was sent more than its context holds${answered(failed)}`,
      "Name a model with a larger context, or start the server with one.",
    ),
  "refused request": refusedRequest,
  "rate limited": (failed) =>
    again(
      `asks to slow down${answered(failed)}`,
      `${later}; if this comes back often, run fewer workers or raise the limit with the provider.`,
    ),
  overloaded: (failed) => again(`is overloaded${answered(failed)}`),
  "server error": (failed) => again(`failed on its server's side${answered(failed)}`),
  unreachable: (_failed, addressee) =>
    again(
      "cannot be reached",
      isOwn(addressee)
        ? `${later}; if it goes on, check that the server runs, and its address in ${endpointsVariable}.`
        : `${later}; if it goes on, check this machine's network.`,
    ),
  redirected: (failed, addressee) =>
    final(
      `answered with a redirect${answered(failed)}, which is not followed: it could carry the key elsewhere`,
      isOwn(addressee)
        ? `Put the final address into ${endpointsVariable}.`
        : "Check this machine's network: the provider does not redirect.",
    ),
  // A server that let our whole time-out pass would let the next one pass: one that says itself that something took too long may be quicker next time.
  "timed out": (failed) =>
    failed.status === null && failed.mayBeBilled
      ? final("gave no answer in time", "Name a faster model, or serve this one on a faster machine.")
      : again(`gave no answer in time${answered(failed)}`),
  "answer too large": (failed) =>
    final(
      `gave too large an answer${answered(failed)}`,
      "Check what the server at this address is; name another model.",
    ),
  "not JSON": (failed) => again(`answered something that is not JSON${answered(failed)}`),
  "not an answer": (failed) =>
    final(
      `answered JSON that is not a model's answer${answered(failed)}`,
      "Check that the server speaks the format that the model's name begins with.",
    ),
  failed: (failed) =>
    final(
      `could not be asked${answered(failed)}`,
      "Give the command again; if it fails again, name another model and report it.",
    ),
};

function refusedRequest(failed: ModelFailure): Explanation {
  const { leftOut } = failed;
  if (leftOut.length === 0) {
    return final(
      `refused the request${answered(failed)}`,
      "Name another model; if every model refuses, report it.",
    );
  }
  return again(
    `does not take ${leftOut.join(", ")}${answered(failed)}`,
    `Nothing to do: it is asked again without ${leftOut.length > 1 ? "them" : "it"}.`,
  );
}
