// What CI says, without what looks like a secret: GitHub masks its own logs, and nobody masks artifacts and what other apps write.
import type { TestResult } from "../core/checks.ts";
import type { FailedCheck } from "../core/failed-check.ts";

/** Every text of a check that may be shown to a model or a person; addresses and paths stay as they are. */
export function withoutSecrets(check: FailedCheck, redact: (text: string) => string): FailedCheck {
  const orNull = (text: string | null) => (text === null ? null : redact(text));
  return {
    ...check,
    name: redact(check.name),
    step: orNull(check.step),
    log: orNull(check.log),
    trouble: redact(check.trouble),
    annotations: check.annotations.map((one) => ({ ...one, message: redact(one.message) })),
    results: check.results.map((result) => redacted(result, redact)),
  };
}

function redacted(result: TestResult, redact: (text: string) => string): TestResult {
  const { id, message, detail } = result;
  return {
    ...result,
    id: redact(id),
    message: redact(message),
    ...(detail !== undefined && { detail: redact(detail) }),
  };
}
