// What a check of `errand doctor` found, as data.
import { AppError, messageOf } from "../core/errors.ts";

export interface Finding {
  readonly check: string;
  /** `skipped`: could not be looked at, because an earlier check failed or nothing is set up yet. */
  readonly result: "ok" | "problem" | "skipped";
  readonly detail: string;
  /** What to do next; `null` when there is nothing to do. */
  readonly remedy: string | null;
}

export const finding = (check: string, detail: string): Finding => ({
  check,
  result: "ok",
  detail,
  remedy: null,
});

export const skipped = (check: string, detail: string): Finding => ({
  check,
  result: "skipped",
  detail,
  remedy: null,
});

export function problem(check: string, error: unknown): Finding {
  const remedy =
    error instanceof AppError ? error.remedy : "Run again with LOG_LEVEL=debug and report what you see.";
  return { check, result: "problem", detail: messageOf(error), remedy };
}
